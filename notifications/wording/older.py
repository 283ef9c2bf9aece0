"""What notices said before. A version stays here while a notice written for it may still have to be sent or tried again."""

from notifications.wording.shape import ABOUT, Wording
from server.domain.notices import Kind

# Before versions were read, every notice was numbered 1, whatever its text was: the numbers here are those of the rows.
OLDER: dict[Kind, tuple[Wording, ...]] = {
    Kind.RETURNED: (
        Wording(
            2,
            "您的{1}申报需要补正，请于{2}（含）前联系我们，或在小程序修改后重新提交。咨询{3}",
            ("subject", "until", "telephone"),
            "资料补正通知",
            (ABOUT, ("thing2", "补正原因", "reason"), ("date3", "截止时间", "until")),
        ),
        Wording(
            1,
            "您的{1}申报需要补正，请于{2}前打开小程序修改后重新提交。咨询{3}",
            ("subject", "until", "telephone"),
            "资料补正通知",
            (ABOUT, ("thing2", "补正原因", "reason"), ("date3", "截止时间", "until")),
        ),
    ),
    Kind.APPROVED: (
        Wording(
            1,
            "您的{1}申报已通过审核，请于{2}至{3}缴费{4}，以到账为准。账号和附言见小程序。咨询{5}",
            ("subject", "pay_first", "pay_last", "fee", "telephone"),
            "报名审核通过通知",
            (ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
        ),
    ),
    Kind.REJECTED: (
        Wording(
            1,
            "您的{1}申报未通过审核，原因请打开小程序查看。咨询{2}",
            ("subject", "telephone"),
            "报名审核结果通知",
            (ABOUT, ("thing2", "原因", "reason")),
        ),
    ),
    Kind.PAYMENT_ARRIVED: (
        Wording(
            1,
            "您的{1}评价费{2}已到账，评价日期{3}，请留意准考证下载通知。咨询{4}",
            ("subject", "fee", "days", "telephone"),
            "缴费成功通知",
            (ABOUT, ("amount2", "缴费金额", "fee"), ("thing3", "评价日期", "days")),
        ),
    ),
    # In these two the fact ticket_from was a day and no phrase.
    Kind.HELD: (
        Wording(
            1,
            "您申报的{1}评价将于{2}如期举行，{3}起可下载准考证。咨询{4}",
            ("subject", "days", "ticket_from", "telephone"),
            "考试安排通知",
            (ABOUT, ("thing2", "评价日期", "days"), ("date3", "准考证下载", "ticket_from")),
        ),
    ),
    Kind.DAY_SET: (
        Wording(
            1,
            "您申报的{1}评价日期为{2}（{3}），地点：{4}，{5}起可下载准考证。如与之前的通知不同，以本条为准。咨询{6}",
            ("subject", "days", "change", "place", "ticket_from", "telephone"),
            "考试安排通知",
            (
                ABOUT,
                ("thing2", "评价日期", "days"),
                ("date3", "准考证下载", "ticket_from"),
                ("thing4", "说明", "change"),
            ),
        ),
    ),
    Kind.POSTPONED: (
        Wording(
            1,
            "您申报的{1}评价因{2}，由{3}延期至{4}安排，所缴费用继续有效，无需操作。"
            "不能参加的请于{5}（含）前在小程序办理退出。咨询{6}",
            ("subject", "why", "from_days", "days", "withdraw_until", "telephone"),
            "考试延期通知",
            (ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "hint")),
        ),
    ),
    Kind.WAITING: (
        Wording(
            1,
            "您申报的{1}评价因{2}，不能在{3}举行，本年度没有后续考次，将按次年公告安排，日期确定后另行通知，所缴费用继续有效。"
            "不能参加的可在小程序办理退出。咨询{4}",
            ("subject", "why", "from_days", "telephone"),
            "考试延期通知",
            (ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "hint")),
        ),
    ),
    Kind.TICKET_READY: (
        Wording(
            2,
            "您的{1}准考证已生成，评价日期{2}，请按通知领取，或在小程序下载。咨询{3}",
            ("subject", "days", "telephone"),
            "准考证下载通知",
            (ABOUT, ("thing2", "评价日期", "days"), ("thing3", "地点", "place")),
        ),
        Wording(
            1,
            "您的{1}准考证可以下载了，评价日期{2}，请打开小程序查看。咨询{3}",
            ("subject", "days", "telephone"),
            "准考证下载通知",
            (ABOUT, ("thing2", "评价日期", "days"), ("thing3", "地点", "place")),
        ),
    ),
    Kind.BOOKED_AGAIN: (
        Wording(
            1,
            "您申报的{1}评价由{2}改至{3}（{4}），所缴费用继续有效，无需操作，请留意准考证下载通知。咨询{5}",
            ("subject", "from_days", "days", "why", "telephone"),
            "考试安排通知",
            (ABOUT, ("thing2", "原定日期", "from_days"), ("thing3", "新的日期", "days"), ("thing4", "说明", "why")),
        ),
    ),
    Kind.PAYMENT_ENDING: (
        Wording(
            1,
            "您的{1}评价费{2}尚未到账，缴费{3}截止，逾期申报失效。咨询{4}",
            ("subject", "fee", "pay_last", "telephone"),
            "缴费提醒",
            (ABOUT, ("amount2", "应缴费用", "fee"), ("date3", "缴费截止", "pay_last")),
        ),
    ),
}
