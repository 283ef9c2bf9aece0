"""What people must be told (通知): the kinds, and by which channels each goes."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    SIGN_IN_CODE = "sign_in_code"  # 验证码
    RECEIVED = "received"  # 已收到申报
    RETURNED = "returned"  # 退回补正
    APPROVED = "approved"  # 审核通过, 请缴费
    REJECTED = "rejected"  # 审核不通过
    PAYMENT_ARRIVED = "payment_arrived"  # 缴费到账
    PAYMENT_ENDING = "payment_ending"  # 缴费即将截止
    EXPIRED = "expired"  # 逾期失效
    HELD = "held"  # 如期开考
    POSTPONED = "postponed"  # 延期
    WAITING = "waiting"  # 延期, 待次年公告
    DAY_SET = "day_set"  # 评价日期确定或改动
    TICKET_READY = "ticket_ready"  # 准考证可下载
    ABSENT = "absent"  # 缺考, 可另行安排至何日
    BOOKED_AGAIN = "booked_again"  # 缺考后或应本人申请, 改至另一考次
    FORFEIT_NEAR = "forfeit_near"  # 缴费将满规定年限
    FORFEITED = "forfeited"  # 视作自动放弃


KIND_NAMES = {
    Kind.SIGN_IN_CODE: "验证码",
    Kind.RECEIVED: "已收到申报",
    Kind.RETURNED: "退回补正",
    Kind.APPROVED: "审核通过",
    Kind.REJECTED: "审核不通过",
    Kind.PAYMENT_ARRIVED: "缴费到账",
    Kind.PAYMENT_ENDING: "缴费即将截止",
    Kind.EXPIRED: "逾期失效",
    Kind.HELD: "如期开考",
    Kind.POSTPONED: "延期",
    Kind.WAITING: "待次年公告",
    Kind.DAY_SET: "评价日期",
    Kind.TICKET_READY: "准考证可下载",
    Kind.ABSENT: "缺考",
    Kind.BOOKED_AGAIN: "另行安排考次",
    Kind.FORFEIT_NEAR: "缴费将满期限",
    Kind.FORFEITED: "视作放弃",
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
    Kind.PAYMENT_ARRIVED: _WECHAT_THEN_SMS,
    Kind.PAYMENT_ENDING: _WECHAT_THEN_SMS,
    Kind.EXPIRED: _WECHAT_THEN_SMS,
    Kind.HELD: _WECHAT_THEN_SMS,
    # 通过电话或短信的方式: the notice names the channels, so the SMS is owed and WeChat is on top (technicians 二（三）注).
    Kind.POSTPONED: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    Kind.WAITING: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    # A day that was told and is another now costs a wasted journey like a postponement.
    Kind.DAY_SET: Route(owed=(ChannelName.SMS,), extra=(ChannelName.WECHAT,)),
    Kind.TICKET_READY: _WECHAT_THEN_SMS,
    Kind.ABSENT: _WECHAT_THEN_SMS,
    Kind.BOOKED_AGAIN: _WECHAT_THEN_SMS,
    Kind.FORFEIT_NEAR: _WECHAT_THEN_SMS,
    Kind.FORFEITED: _WECHAT_THEN_SMS,
}
