"""What the keys of a rulebook, its kinds of rules and their fixed values are called in Chinese."""

from server.domain import calendar, days, eligibility, fees, retakes, tickets, turnout
from server.rulebooks import book

_CLAUSE = {"source": "出处", "assumed": "是否假定"}
_CONDITION = {"kind": "种类", "id": "编号", "text": "原文"}

#: by the class that a table of a rulebook becomes, in the order in which its keys are explained
KEY_NAMES: dict[type, dict[str, str]] = {
    book.Rulebook: {
        "slug": "代号",
        "edition": "版次",
        "year": "年度",
        "replaces": "代替哪一版",
        "notice": "通知",
        "institution": "评价机构",
        "application": "申报方式",
        "occupations": "职业（工种）",
        "calendar": "时间安排",
        "turnout": "开考",
        "withdrawal": "延期后退出",
        "payment": "缴费",
        "tickets": "准考证",
        "timetable": "考场和时间",
        "results": "成绩查询",
        "retakes": "补考",
        "pass_mark": "合格分数",
        "certificates": "证书",
        "eligibility": "申报条件",
        "conduct": "参评人员须知",
    },
    book.Notice: {"title": "标题", "number": "文号", "issued_on": "发布日期", "remarks": "其他说明"},
    book.Institution: _CLAUSE
    | {
        "name": "名称",
        "registry_number": "机构备案号",
        "address": "受理地址",
        "hours": "受理时间",
        "telephone": "咨询电话",
        "email": "电子邮箱",
        "complaints": "监督电话",
        "websites": "查询网址",
    },
    book.Website: {"name": "名称", "url": "网址"},
    book.Application: _CLAUSE | {"individual": "个人申报", "group": "团体申报", "declaration": "真实性承诺"},
    book.MiniProgram: _CLAUSE | {"kind": "种类", "name": "小程序名称"},
    book.AtWindow: _CLAUSE | {"kind": "种类", "address": "窗口地址", "materials": "须带材料"},
    book.Group: _CLAUSE | {"kind": "种类", "how": "办法"},
    book.Occupation: _CLAUSE
    | {"key": "简称", "name": "名称", "code": "职业编码", "subjects": "科目", "levels": "等级"},
    book.OccupationLevel: {"level": "等级", "fee": "收费"},
    fees.OneSum: _CLAUSE | {"kind": "种类", "yuan": "总额（元）", "retake_yuan_per_subject": "补考每科（元）"},
    fees.PerSubject: _CLAUSE | {"kind": "种类", "by_subject": "各科目", "retake": "补考收费"},
    fees.SubjectFee: {"subject": "科目", "yuan": "金额（元）"},
    fees.RetakeListed: _CLAUSE | {"kind": "种类", "by_subject": "各科目"},
    fees.RetakeAtOwnFee: _CLAUSE | {"kind": "种类"},
    fees.Forfeit: _CLAUSE | {"years": "年数"},
    calendar.FixedCalendar: _CLAUSE | {"kind": "种类", "sittings": "考次"},
    calendar.FixedSitting: {
        "month": "评价月份",
        "levels": "等级",
        "apply": "受理申报日期",
        "pay": "缴费日期",
        "ticket_from": "准考证日期",
        "assessed": "评价日期",
    },
    days.Window: {"first": "第一天", "last": "最后一天"},
    calendar.MonthlyCalendar: _CLAUSE | {"kind": "种类", "december": "12月申报的", "days": "可安排的日子"},
    calendar.MidMonthCalendar: _CLAUSE | {"kind": "种类", "windows": "申报时段", "days": "可安排的日子"},
    calendar.MidMonthWindow: {"first": "第一天（月-日）", "last": "最后一天（月-日）", "assessed_in": "评价月份"},
    calendar.SittingDays: _CLAUSE | {"on": "哪些日子"},
    turnout.TurnoutRule: {
        "threshold": "开考条件",
        "counting": "人数计算",
        "below": "不足开考条件",
        "above": "超出容量",
        "telling": "延期通知",
    },
    turnout.Threshold: _CLAUSE | {"people": "人数"},
    turnout.Counting: _CLAUSE | {"counts": "算哪些人", "recording_days": "缴费截止后等几天"},
    turnout.ConsolidateIn: _CLAUSE
    | {"kind": "种类", "months": "集中月份", "in_that_month": "集中月份本身不足", "without_target": "没有后续考次"},
    turnout.NextSitting: _CLAUSE | {"kind": "种类", "without_target": "没有后续考次"},
    turnout.Overflow: _CLAUSE | {"kind": "种类", "capacity": "考场容量"},
    turnout.Capacity: _CLAUSE | {"people": "人数"},
    turnout.MoreGroups: _CLAUSE | {"kind": "种类"},
    turnout.Telling: _CLAUSE | {"days_before": "最晚提前几日", "telephone_days_before_that": "再提前几日改打电话"},
    book.Withdrawal: _CLAUSE | {"after_postponement": "可退出到何时"},
    book.Payment: _CLAUSE
    | {
        "counts_when": "以何为准",
        "remark": "转账附言",
        "remind_days_before_end": "截止前几日提醒",
        "account": "指定账户",
        "proof": "缴费凭证",
        "forfeit": "视作放弃",
    },
    book.Account: _CLAUSE
    | {"holder": "户名", "bank": "开户行", "number": "账号", "tax_id": "纳税人识别号", "address": "地址、电话"},
    book.Proof: _CLAUSE | {"to": "邮箱", "subject": "邮件名"},
    tickets.TicketRules: {"individual": "个人申报", "group": "团体申报"},
    tickets.OnDate: _CLAUSE | {"kind": "种类", "given": "方式", "how": "办法"},
    tickets.DaysBefore: _CLAUSE | {"kind": "种类", "days": "提前几日", "given": "方式", "how": "办法"},
    tickets.WorkingDaysBefore: _CLAUSE | {"kind": "种类", "days": "提前几个工作日", "given": "方式", "how": "办法"},
    book.Timetable: _CLAUSE | {"place": "考场", "subjects": "各科目"},
    tickets.SubjectTime: {"subject": "科目", "day": "第几天", "starts": "开始", "ends": "结束"},
    book.Results: _CLAUSE
    | {"working_days": "几个工作日内", "working_days_with_marking": "涉及阅卷或工件检测的", "where": "查询办法"},
    retakes.RetakeRule: _CLAUSE | {"validity": "成绩有效期", "rules": "补考规定"},
    retakes.Validity: {"levels": "等级", "years": "年数"},
    book.PassMark: _CLAUSE | {"points": "合格", "out_of": "满分"},
    book.Certificates: _CLAUSE
    | {
        "electronic": "电子证书",
        "paper": "纸质证书",
        "individual": "个人申报",
        "group": "团体申报",
        "reissue": "遗失补办",
    },
    eligibility.EligibilityRule: _CLAUSE
    | {"minimum_age": "年满几周岁", "standard": "采用的标准", "levels": "各等级条件", "related": "相关名单"},
    eligibility.Related: _CLAUSE | {"occupations": "相关职业", "majors": "本专业或相关专业"},
    eligibility.LevelConditions: {"level": "等级", "any_of": "具备其一"},
    eligibility.WorksOrIntends: _CONDITION | {"says": "从事或拟从事"},
    eligibility.YearsWorked: _CONDITION | {"years": "工作年数"},
    eligibility.CertificateThenYears: _CONDITION | {"level": "证书等级", "years": "其后工作年数"},
    eligibility.TitleThenYears: _CONDITION | {"grade": "职称级别", "years": "其后工作年数"},
    eligibility.TitleAndCertificateThenYears: _CONDITION
    | {
        "grade": "职称级别",
        "title_years": "职称后工作年数",
        "level": "证书等级",
        "certificate_years": "证书后工作年数",
    },
    eligibility.WithDiploma: _CONDITION | {"schools": "学校", "course_assessed": "须经评估论证"},
    eligibility.CertificateAndDiploma: _CONDITION | {"level": "证书等级", "schools": "学校"},
    eligibility.GraduateWithCertificateThenYears: _CONDITION
    | {"level": "证书等级", "schools": "学校", "years": "工作年数"},
    eligibility.CertificateHeldYears: _CONDITION | {"level": "证书等级", "years": "持证年数", "schools": "学校"},
    book.Conduct: _CLAUSE | {"rules": "条文"},
}

#: by the key that they stand under: the values that a key may take, where these are fixed
VALUE_NAMES: dict[str, dict[str, str]] = {
    "kind": {
        "mini_program": "小程序申报",
        "window": "窗口申报",
        "city_system": "市自助经办系统",
        "one_sum": "合计一笔",
        "per_subject": "按科目",
        "listed": "补考另列收费",
        "own_fee": "补考按原科目收费",
        "fixed": "固定考次",
        "monthly": "逐月",
        "mid_month": "跨月时段",
        "consolidate": "集中于某月",
        "next_sitting": "顺延至下一考次",
        "overflow": "超出的顺延",
        "more_groups": "增加场次",
        "on_date": "按日程日期",
        "days_before": "提前若干日",
        "working_days_before": "提前若干工作日",
        "works_or_intends": "从事或拟从事",
        "years_worked": "工作满若干年",
        "certificate_then_years": "取得证书后工作满若干年",
        "title_then_years": "取得职称后工作满若干年",
        "title_and_certificate_then_years": "取得职称和证书后各工作满若干年",
        "diploma": "毕业证书",
        "certificate_and_diploma": "证书和毕业证书",
        "graduate_with_certificate_then_years": "有证书的毕业生工作满若干年",
        "certificate_held_years": "持证满若干年的学生",
    },
    "december": {"next_notice": "12月底前或根据次年公告排考"},
    "on": {"weekend": "除节假日的双休日", "any": "除节假日的任何一天"},
    "counts": {"paid": "已缴费的"},
    "in_that_month": {"hold": "如期开考", "needs_staff": "由工作人员决定"},
    "without_target": {"needs_staff": "由工作人员决定", "next_year": "等待次年公告"},
    "after_postponement": {"until_payment_closes": "到新考次缴费截止"},
    "counts_when": {"received": "指定账户到账"},
    "given": {"download": "下载", "mailed": "邮件发送", "handed_out": "打印后发放", "collected": "领取后分发"},
    "paper": {"on_request": "申报时勾选才有", "collected": "凭成绩领取"},
    "says": {"intends": "拟从事", "works": "从事"},
    "grade": {str(grade): name for grade, name in eligibility.TITLE_NAMES.items()},
    "schools": {str(school): name for school, name in eligibility.SCHOOL_NAMES.items()},
}


def key_name(owner: type, key: str) -> str:
    """What a key of a table is called. Raises KeyError for a class or key that has no name here."""
    return KEY_NAMES[owner][key]


def value_name(key: str, value: str) -> str:
    """What a fixed value is called; a text that anybody may write is called what it says."""
    return VALUE_NAMES.get(key, {}).get(value, value)
