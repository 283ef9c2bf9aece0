"""What people must be told (通知): the kinds, and by which channels each goes."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    SIGN_IN_CODE = "sign_in_code"  # 验证码
    RECEIVED = "received"  # 已收到申报
    RETURNED = "returned"  # 退回补正
    APPROVED = "approved"  # 审核通过, 请缴费
    REJECTED = "rejected"  # 审核不通过
    PAYMENT_OPEN = "payment_open"  # 缴费开始
    PAYMENT_ARRIVED = "payment_arrived"  # 缴费到账
    PAYMENT_ENDING = "payment_ending"  # 缴费即将截止
    EXPIRED = "expired"  # 逾期失效
    HELD = "held"  # 如期开考
    POSTPONED = "postponed"  # 延期
    WAITING = "waiting"  # 延期, 待次年公告
    DAY_SET = "day_set"  # 评价日期确定, 或日期、地点改动
    TICKET_READY = "ticket_ready"  # 准考证可下载
    TOMORROW = "tomorrow"  # 评价前一日提醒
    ABSENT = "absent"  # 缺考, 可另行安排至何日
    BOOKED_AGAIN = "booked_again"  # 缺考后或应本人申请, 改至另一考次
    FORFEIT_NEAR = "forfeit_near"  # 缴费将满规定年限
    FORFEITED = "forfeited"  # 视作自动放弃
    REFUNDED = "refunded"  # 已退费
    BY_HAND = "by_hand"  # 工作人员起草、另一人确认的通知
    RESULTS_OUT = "results_out"  # 成绩发布
    RETAKE_UNTIL = "retake_until"  # 可补考至何日
    CERTIFICATE_READY = "certificate_ready"  # 证书制发


KIND_NAMES = {
    Kind.SIGN_IN_CODE: "验证码",
    Kind.RECEIVED: "已收到申报",
    Kind.RETURNED: "退回补正",
    Kind.APPROVED: "审核通过",
    Kind.REJECTED: "审核不通过",
    Kind.PAYMENT_OPEN: "缴费开始",
    Kind.PAYMENT_ARRIVED: "缴费到账",
    Kind.PAYMENT_ENDING: "缴费即将截止",
    Kind.EXPIRED: "逾期失效",
    Kind.HELD: "如期开考",
    Kind.POSTPONED: "延期",
    Kind.WAITING: "待次年公告",
    Kind.DAY_SET: "评价日期、地点",
    Kind.TICKET_READY: "准考证可下载",
    Kind.TOMORROW: "评价前一日提醒",
    Kind.ABSENT: "缺考",
    Kind.BOOKED_AGAIN: "另行安排考次",
    Kind.FORFEIT_NEAR: "缴费将满期限",
    Kind.FORFEITED: "视作放弃",
    Kind.REFUNDED: "已退费",
    Kind.BY_HAND: "人工通知",
    Kind.RESULTS_OUT: "成绩发布",
    Kind.RETAKE_UNTIL: "可补考",
    Kind.CERTIFICATE_READY: "证书制发",
}


class ChannelName(StrEnum):
    SMS = "sms"
    WECHAT = "wechat"


@dataclass(frozen=True)
class Route:
    """How a kind reaches a person.

    owed: channels that are used whatever comes of the others. ladder: channels tried in this order until one takes
    the message. extra: channels used besides, whose failure costs nothing.
    """

    owed: tuple[ChannelName, ...] = ()
    ladder: tuple[ChannelName, ...] = ()
    extra: tuple[ChannelName, ...] = ()


_WECHAT_THEN_SMS = Route(ladder=(ChannelName.WECHAT, ChannelName.SMS))

ROUTES: dict[Kind, Route] = {
    Kind.SIGN_IN_CODE: Route(owed=(ChannelName.SMS,)),
    Kind.RECEIVED: Route(extra=(ChannelName.WECHAT,)),
    Kind.RETURNED: _WECHAT_THEN_SMS,
    Kind.APPROVED: _WECHAT_THEN_SMS,
    Kind.REJECTED: _WECHAT_THEN_SMS,
    Kind.PAYMENT_OPEN: _WECHAT_THEN_SMS,
    Kind.PAYMENT_ARRIVED: _WECHAT_THEN_SMS,
    Kind.PAYMENT_ENDING: _WECHAT_THEN_SMS,
    Kind.EXPIRED: _WECHAT_THEN_SMS,
    Kind.HELD: _WECHAT_THEN_SMS,
    # 通过电话或短信的方式: the notice names the channels, so the SMS is owed and WeChat is on top (technicians 二（三）注).
    Kind.POSTPONED: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    Kind.WAITING: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    # A day or place that was told and is another now costs a wasted journey like a postponement.
    Kind.DAY_SET: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    Kind.TICKET_READY: _WECHAT_THEN_SMS,
    Kind.TOMORROW: _WECHAT_THEN_SMS,
    Kind.ABSENT: _WECHAT_THEN_SMS,
    Kind.BOOKED_AGAIN: _WECHAT_THEN_SMS,
    Kind.FORFEIT_NEAR: _WECHAT_THEN_SMS,
    Kind.FORFEITED: _WECHAT_THEN_SMS,
    Kind.REFUNDED: _WECHAT_THEN_SMS,
    # A card has no room for what was typed, so that the SMS carries it to everybody.
    Kind.BY_HAND: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    Kind.RESULTS_OUT: _WECHAT_THEN_SMS,
    Kind.RETAKE_UNTIL: _WECHAT_THEN_SMS,
    Kind.CERTIFICATE_READY: _WECHAT_THEN_SMS,
}

#: Results and certificates come with a later version, and nothing writes these yet. They have their words, so that the vendors'
#: approval of all templates is applied for at once (jiping samples); no installation needs them to start.
NOT_WRITTEN_YET = frozenset({Kind.RESULTS_OUT, Kind.RETAKE_UNTIL, Kind.CERTIFICATE_READY})

#: what somebody is waiting for at this moment: it is sent at any hour
AT_ANY_HOUR = frozenset({Kind.SIGN_IN_CODE})

_REWORDED = {
    Kind.RETURNED: 3,
    Kind.APPROVED: 2,
    Kind.REJECTED: 2,
    Kind.PAYMENT_ARRIVED: 2,
    Kind.PAYMENT_ENDING: 2,
    Kind.HELD: 2,
    Kind.POSTPONED: 3,
    Kind.WAITING: 2,
    Kind.DAY_SET: 2,
    Kind.TICKET_READY: 3,
    Kind.BOOKED_AGAIN: 2,
}
#: which wording a notice is written for now; it is sent in that one, whatever has been reworded meanwhile
VERSIONS: dict[Kind, int] = {kind: _REWORDED.get(kind, 1) for kind in Kind}


def template_key(kind: Kind, version: int) -> str:
    """The name under which the settings keep the vendor's template of a wording: the kind, and kind@version for an older one."""
    return kind.value if version == VERSIONS[kind] else f"{kind.value}@{version}"


def wording_of(key: str) -> tuple[Kind, int]:
    """The kind and the version that a name in the settings means. Raises ValueError."""
    name, at, version = key.partition("@")
    kind = Kind(name)
    return kind, int(version) if at else VERSIONS[kind]
