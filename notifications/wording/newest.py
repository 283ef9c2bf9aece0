"""What each notice says now, per channel; what it said before is kept in older.py."""

from notifications.wording.shape import ABOUT, Wording
from server.domain.notices import Kind
from server.domain.pages import Page

# A text or field that changes is another version: the old one moves to older.py, its template's id to kind@version.
NEWEST: dict[Kind, Wording] = {
    Kind.SIGN_IN_CODE: Wording(1, "您的验证码是{1}，{2}分钟内有效。如非本人操作，请忽略。", ("code", "minutes")),
    Kind.RECEIVED: Wording(
        1,
        "您的{1}申报已提交，申报号{2}，请留意审核结果。",
        ("subject", "number"),
        "报名提交成功通知",
        (ABOUT, ("character_string2", "申报号", "number"), ("thing3", "温馨提示", "hint")),
    ),
    Kind.RETURNED: Wording(
        3,
        "您的{1}申报需补正，请于{2}（含）前联系我们，或打开 {link} 重新提交。咨询{3}",
        ("subject", "until", "telephone"),
        "资料补正通知",
        (ABOUT, ("thing2", "补正原因", "reason"), ("date3", "截止时间", "until")),
        link=Page.MINE,
    ),
    Kind.APPROVED: Wording(
        2,
        "您的{1}申报已通过审核，请于{2}至{3}缴费{4}，以到账为准。账号和附言可向我们查询，或见小程序。咨询{5}",
        ("subject", "pay_first", "pay_last", "fee", "telephone"),
        "报名审核通过通知",
        (ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
    ),
    Kind.REJECTED: Wording(
        2,
        "您的{1}申报未通过审核，原因请向我们查询，或见小程序。咨询{2}",
        ("subject", "telephone"),
        "报名审核结果通知",
        (ABOUT, ("thing2", "原因", "reason")),
    ),
    Kind.PAYMENT_OPEN: Wording(
        1,
        "您的{1}申报已通过审核，现已开始缴费，请于{2}（含）前缴费{3}，以到账为准。账号和附言可向我们查询，或见小程序。咨询{4}",
        ("subject", "pay_last", "fee", "telephone"),
        "缴费提醒",
        (ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
    ),
    Kind.PAYMENT_ARRIVED: Wording(
        2,
        "您的{1}评价费{2}已到账，评价日期{3}，请留意准考证通知。咨询{4}",
        ("subject", "fee", "days", "telephone"),
        "缴费成功通知",
        (ABOUT, ("amount2", "缴费金额", "fee"), ("thing3", "评价日期", "days")),
    ),
    Kind.PAYMENT_ENDING: Wording(
        2,
        "您的{1}评价费{2}未到账，缴费{3}截止，逾期失效。查看 {link} 咨询{4}",
        ("subject", "fee", "pay_last", "telephone"),
        "缴费提醒",
        (ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
        link=Page.PAY,
    ),
    Kind.EXPIRED: Wording(
        1,
        "您的{1}申报因逾期已失效，如已转账请联系我们。咨询{2}",
        ("subject", "telephone"),
        "报名失效通知",
        (ABOUT, ("thing2", "原因", "reason")),
    ),
    Kind.HELD: Wording(
        2,
        "您申报的{1}评价将于{2}如期举行，准考证{3}。咨询{4}",
        ("subject", "days", "ticket_from", "telephone"),
        "考试安排通知",
        (ABOUT, ("thing2", "评价日期", "days"), ("thing3", "准考证", "ticket_from")),
    ),
    Kind.POSTPONED: Wording(
        3,
        "您申报的{1}评价因{2}，由{3}延期至{4}安排，所缴费用继续有效，无需操作。"
        "不能参加的请于{5}（含）前联系我们，或在小程序办理退出。咨询{6}",
        ("subject", "why", "from_days", "days", "withdraw_until", "telephone"),
        "考试延期通知",
        (ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "hint")),
    ),
    Kind.WAITING: Wording(
        2,
        "您申报的{1}评价因{2}，不能在{3}举行，现行通知没有后续考次，将按新一年度的公告安排，日期确定后另行通知，所缴费用继续有效。"
        "不能参加的请联系我们，或在小程序办理退出。咨询{4}",
        ("subject", "why", "from_days", "telephone"),
        "考试延期通知",
        (ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "hint")),
    ),
    Kind.DAY_SET: Wording(
        2,
        "您申报的{1}评价日期为{2}（{3}），地点：{4}，准考证{5}。如与之前的通知不同，以本条为准。咨询{6}",
        ("subject", "days", "change", "place", "ticket_from", "telephone"),
        "考试安排通知",
        (
            ABOUT,
            ("thing2", "评价日期", "days"),
            ("thing3", "准考证", "ticket_from"),
            ("thing4", "说明", "change"),
        ),
    ),
    Kind.TICKET_READY: Wording(
        3,
        "您的{1}准考证已生成，评价日期{2}，请按通知领取，或打开 {link} 下载。咨询{3}",
        ("subject", "days", "telephone"),
        "准考证下载通知",
        (ABOUT, ("thing2", "评价日期", "days"), ("thing3", "地点", "place")),
        link=Page.TICKET,
    ),
    Kind.TOMORROW: Wording(
        1,
        "您申报的{1}评价将于{2}开始，地点：{3}。请携带有效身份证件和准考证，提前到达。咨询{4}",
        ("subject", "begins", "place", "telephone"),
        "考试提醒",
        (ABOUT, ("thing2", "评价时间", "begins"), ("thing3", "地点", "place"), ("thing4", "温馨提示", "hint")),
    ),
    Kind.ABSENT: Wording(
        1,
        "您未参加{1}的{2}评价，记为缺考。如需另行安排，请联系我们改报{3}（含）前的考次；逾期未参加的，视作自动放弃，"
        "费用不予退还。如记录有误，请致电{4}",
        ("days", "subject", "until", "telephone"),
        "缺考通知",
        (ABOUT, ("thing2", "评价日期", "days"), ("date3", "可改报至", "until"), ("thing4", "说明", "hint")),
    ),
    Kind.BOOKED_AGAIN: Wording(
        2,
        "您申报的{1}评价由{2}改至{3}（{4}），所缴费用继续有效，无需操作，请留意准考证通知。咨询{5}",
        ("subject", "from_days", "days", "why", "telephone"),
        "考试安排通知",
        (ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "why")),
    ),
    Kind.FORFEIT_NEAR: Wording(
        1,
        "您缺考的{1}评价尚未另行安排考次，至{2}（含）仍未参加的，视作自动放弃，费用不予退还。请尽快联系我们。咨询{3}",
        ("subject", "until", "telephone"),
        "费用到期提醒",
        (ABOUT, ("date2", "可改报至", "until"), ("thing3", "说明", "hint")),
    ),
    Kind.FORFEITED: Wording(
        1,
        "您的{1}评价至{2}仍未参加，按规定视作自动放弃，费用不予退还。如有疑问请致电{3}",
        ("subject", "until", "telephone"),
        "申报失效通知",
        (ABOUT, ("date2", "截止日期", "until"), ("thing3", "说明", "hint")),
    ),
    Kind.REFUNDED: Wording(
        1,
        "您的{1}申报已办理退费{2}，到账时间以银行为准，未收到请联系我们。咨询{3}",
        ("subject", "refunded", "telephone"),
        "退款通知",
        (ABOUT, ("amount2", "退费金额", "refunded"), ("thing3", "说明", "hint")),
    ),
    Kind.BY_HAND: Wording(
        1,
        "关于您申报的{1}评价，{2}：{3}（咨询{4}）",
        ("subject", "heading", "words", "telephone"),
        "考务通知",
        (ABOUT, ("thing2", "通知事项", "heading"), ("thing3", "说明", "hint")),
    ),
    Kind.RESULTS_OUT: Wording(
        1,
        "您参加的{1}评价（{2}）成绩已发布，可打开 {link} 查看，或向我们查询。咨询{3}",
        ("subject", "days", "telephone"),
        "成绩发布通知",
        (ABOUT, ("thing2", "评价日期", "days"), ("thing3", "说明", "hint")),
        link=Page.MINE,
    ),
    Kind.RETAKE_UNTIL: Wording(
        1,
        "您参加的{1}评价可于{2}（含）前申请补考，办理方法请向我们查询，或见小程序。咨询{3}",
        ("subject", "until", "telephone"),
        "补考通知",
        (ABOUT, ("date2", "可补考至", "until"), ("thing3", "说明", "hint")),
    ),
    Kind.CERTIFICATE_READY: Wording(
        1,
        "您的{1}证书已制发，领取方法请向我们查询，或见 {link} 咨询{2}",
        ("subject", "telephone"),
        "证书领取通知",
        (ABOUT, ("thing2", "说明", "hint")),
        link=Page.MINE,
    ),
}
