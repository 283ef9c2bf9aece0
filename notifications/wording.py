"""What each notice says, per channel and by version. Facts are frozen when a notice is written; this puts them in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.levels import LEVEL_SHORT
from server.domain.notices import Kind

# A WeChat `thing` holds 20 characters; what is longer is shortened here on purpose, or the carrier would refuse it.
THING = 20


@dataclass(frozen=True)
class Wording:
    """One kind's words. `sms` is the carrier's approved template; `sms_facts` fill {1}, {2} … in order.

    `fields` are WeChat's: field name, label on the card, and the fact that fills it.
    """

    version: int
    sms: str
    sms_facts: tuple[str, ...]
    title: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()
    page: str = "pages/registration/index?number={number}"


_ABOUT = ("thing1", "申报项目", "subject_short")

WORDINGS: dict[Kind, Wording] = {
    Kind.SIGN_IN_CODE: Wording(1, "您的验证码是{1}，{2}分钟内有效。如非本人操作，请忽略。", ("code", "minutes")),
    Kind.RECEIVED: Wording(
        1,
        "您的{1}申报已提交，申报号{2}，请留意审核结果。",
        ("subject", "number"),
        "报名提交成功通知",
        (_ABOUT, ("character_string2", "申报号", "number"), ("thing3", "温馨提示", "hint")),
    ),
    Kind.RETURNED: Wording(
        2,
        "您的{1}申报需要补正，请于{2}（含）前联系我们，或在小程序修改后重新提交。咨询{3}",
        ("subject", "until", "telephone"),
        "资料补正通知",
        (_ABOUT, ("thing2", "补正原因", "reason"), ("date3", "截止时间", "until")),
    ),
    Kind.APPROVED: Wording(
        2,
        "您的{1}申报已通过审核，请于{2}至{3}缴费{4}，以到账为准。账号和附言可向我们查询，或见小程序。咨询{5}",
        ("subject", "pay_first", "pay_last", "fee", "telephone"),
        "报名审核通过通知",
        (_ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
    ),
    Kind.REJECTED: Wording(
        2,
        "您的{1}申报未通过审核，原因请向我们查询，或见小程序。咨询{2}",
        ("subject", "telephone"),
        "报名审核结果通知",
        (_ABOUT, ("thing2", "原因", "reason")),
    ),
    Kind.PAYMENT_ARRIVED: Wording(
        2,
        "您的{1}评价费{2}已到账，评价日期{3}，请留意准考证通知。咨询{4}",
        ("subject", "fee", "days", "telephone"),
        "缴费成功通知",
        (_ABOUT, ("amount2", "缴费金额", "fee"), ("thing3", "评价日期", "days")),
    ),
    Kind.PAYMENT_ENDING: Wording(
        1,
        "您的{1}评价费{2}尚未到账，缴费{3}截止，逾期申报失效。咨询{4}",
        ("subject", "fee", "pay_last", "telephone"),
        "缴费提醒",
        (_ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
    ),
    Kind.EXPIRED: Wording(
        1,
        "您的{1}申报因逾期已失效，如已转账请联系我们。咨询{2}",
        ("subject", "telephone"),
        "报名失效通知",
        (_ABOUT, ("thing2", "原因", "reason")),
    ),
    Kind.HELD: Wording(
        2,
        "您申报的{1}评价将于{2}如期举行，准考证{3}。咨询{4}",
        ("subject", "days", "ticket_from", "telephone"),
        "考试安排通知",
        (_ABOUT, ("thing2", "评价日期", "days"), ("thing3", "准考证", "ticket_from")),
    ),
    Kind.POSTPONED: Wording(
        3,
        "您申报的{1}评价因{2}，由{3}延期至{4}安排，所缴费用继续有效，无需操作。"
        "不能参加的请于{5}（含）前联系我们，或在小程序办理退出。咨询{6}",
        ("subject", "why", "from_days", "days", "withdraw_until", "telephone"),
        "考试延期通知",
        (_ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "hint")),
    ),
    Kind.WAITING: Wording(
        2,
        "您申报的{1}评价因{2}，不能在{3}举行，现行通知没有后续考次，将按新一年度的公告安排，日期确定后另行通知，所缴费用继续有效。"
        "不能参加的请联系我们，或在小程序办理退出。咨询{4}",
        ("subject", "why", "from_days", "telephone"),
        "考试延期通知",
        (_ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "hint")),
    ),
    Kind.DAY_SET: Wording(
        2,
        "您申报的{1}评价日期为{2}（{3}），地点：{4}，准考证{5}。如与之前的通知不同，以本条为准。咨询{6}",
        ("subject", "days", "change", "place", "ticket_from", "telephone"),
        "考试安排通知",
        (
            _ABOUT,
            ("thing2", "评价日期", "days"),
            ("thing3", "准考证", "ticket_from"),
            ("thing4", "说明", "change"),
        ),
    ),
    Kind.TICKET_READY: Wording(
        2,
        "您的{1}准考证已生成，评价日期{2}，请按通知领取，或在小程序下载。咨询{3}",
        ("subject", "days", "telephone"),
        "准考证下载通知",
        (_ABOUT, ("thing2", "评价日期", "days"), ("thing3", "地点", "place")),
    ),
    Kind.ABSENT: Wording(
        1,
        "您未参加{1}的{2}评价，记为缺考。如需另行安排，请联系我们改报{3}（含）前的考次；逾期未参加的，视作自动放弃，"
        "费用不予退还。如记录有误，请致电{4}",
        ("days", "subject", "until", "telephone"),
        "缺考通知",
        (_ABOUT, ("thing2", "评价日期", "days"), ("date3", "可改报至", "until"), ("thing4", "说明", "hint")),
    ),
    Kind.BOOKED_AGAIN: Wording(
        2,
        "您申报的{1}评价由{2}改至{3}（{4}），所缴费用继续有效，无需操作，请留意准考证通知。咨询{5}",
        ("subject", "from_days", "days", "why", "telephone"),
        "考试安排通知",
        (_ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "why")),
    ),
    Kind.FORFEIT_NEAR: Wording(
        1,
        "您缺考的{1}评价尚未另行安排考次，至{2}（含）仍未参加的，视作自动放弃，费用不予退还。请尽快联系我们。咨询{3}",
        ("subject", "until", "telephone"),
        "费用到期提醒",
        (_ABOUT, ("date2", "可改报至", "until"), ("thing3", "说明", "hint")),
    ),
    Kind.FORFEITED: Wording(
        1,
        "您的{1}评价至{2}仍未参加，按规定视作自动放弃，费用不予退还。如有疑问请致电{3}",
        ("subject", "until", "telephone"),
        "申报失效通知",
        (_ABOUT, ("date2", "截止日期", "until"), ("thing3", "说明", "hint")),
    ),
}


def sms_params(kind: Kind, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The values of {1}, {2} … in order."""
    return tuple((str(place), facts[name]) for place, name in enumerate(WORDINGS[kind].sms_facts, start=1))


def plainer_sms_params(kind: Kind, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The same without the name of the trade, which a carrier's filter may not like; empty where no trade is named."""
    if "subject" not in WORDINGS[kind].sms_facts:
        return ()
    level = next((word for word in LEVEL_SHORT.values() if facts["subject"].endswith(word)), "")
    return sms_params(kind, {**facts, "subject": f"职业技能评价{level}"})


def sms_text(kind: Kind, facts: Mapping[str, str]) -> str:
    """The message as its reader sees it, without the signature."""
    text = WORDINGS[kind].sms
    for place, value in sms_params(kind, facts):
        text = text.replace(f"{{{place}}}", value)
    return text


def wechat_fields(kind: Kind, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The card's fields, each within its limit and never empty."""
    return tuple((field, fitted(field, facts[name])) for field, _, name in WORDINGS[kind].fields)


def wechat_page(kind: Kind, facts: Mapping[str, str]) -> str:
    """The page that a tap on the card opens."""
    return WORDINGS[kind].page.format(number=facts.get("number", ""))


def fitted(field: str, value: str) -> str:
    """A value as its field can hold it: one line, shortened with an ellipsis, never empty."""
    line = " ".join(value.split())
    if field.startswith("thing") and len(line) > THING:
        line = line[: THING - 1] + "…"
    return line or "无"
