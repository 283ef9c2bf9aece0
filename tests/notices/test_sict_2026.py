"""上海市计算技术研究所有限公司's notice of 2026, sentence by sentence: what the rulebook holds and the pure rules make of it.

The docstrings name the article; docs/notices/sict-2026.md lists every sentence.
"""

from datetime import date, timedelta

import pytest

from server.domain.calendar import MonthlyCalendar, Planned
from server.domain.days import local_day
from server.domain.eligibility import Certificate, Claims, Diploma, Verdict, Work, assess
from server.domain.phases import Dates
from server.domain.retakes import PassedSubject, may_retake
from server.domain.tickets import released_on
from server.domain.turnout import Decision, Outcome, Sitting, decide
from server.domain.working_days import DayTable, Proposal, propose
from server.rulebooks.book import AtWindow
from server.rulebooks.loader import FOLDER, assumed_clauses, load_file
from tests.domain.technicians import BOOK as TECHNICIANS
from tests.domain.technicians import shanghai

BOOK = load_file(FOLDER / "sict-2026.toml").book
#: one row for each date of the calendar, in order
PLANNED = BOOK.calendar.planned(2026)
TRADES = ("ai", "infosec", "netsec", "programmer")


def days(month: int, first: int, last: int) -> frozenset[date]:
    return frozenset(date(2026, month, number) for number in range(first, last + 1))


#: the holidays of 2026: 元旦, 春节, 清明, 劳动节, 端午, 中秋, 国庆, and the weekend days worked for them
YEAR = DayTable(
    known=frozenset({2026}),
    off=frozenset[date]().union(
        days(1, 1, 3),
        days(2, 15, 23),
        days(4, 4, 6),
        days(5, 1, 5),
        days(6, 19, 21),
        days(9, 25, 27),
        days(10, 1, 7),
    ),
    worked=frozenset(date(2026, m, n) for m, n in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))),
)


def test_the_notice_is_named_as_it_was_published() -> None:
    """Head and foot: 2026年1月15日."""
    assert (BOOK.notice.number, BOOK.notice.issued_on, BOOK.year) == ("", date(2026, 1, 15), 2026)
    assert BOOK.notice.title == (
        "上海市计算技术研究所有限公司关于开展2026年上海市人工智能训练师等项目社会化职业技能评价有关操作事项的通知"
    )


def test_the_institute_assesses_four_trades_at_levels_4_and_3() -> None:
    """一, the table: 机构备案号, 职业编码, 职业（工种）名称, 等级."""
    assert (BOOK.institution.name, BOOK.institution.registry_number) == (
        "上海市计算技术研究所有限公司",
        "S000031400054",
    )
    assert [(one.code, one.name, [level.level for level in one.levels]) for one in BOOK.occupations] == [
        ("4-04-05-05", "人工智能训练师", [4, 3]),
        ("4-04-04-02", "网络与信息安全管理员（信息安全管理员）", [4, 3]),
        ("4-04-04-02", "网络与信息安全管理员（网络安全管理员）", [4, 3]),
        ("4-04-05-01", "计算机程序设计员", [4, 3]),
    ]


@pytest.mark.parametrize(("today", "may"), [(date(2026, 2, 27), False), (date(2026, 2, 28), True)])
def test_one_must_be_16(today: date, may: bool) -> None:
    """二（一）: 年满16周岁且符合……申报条件的，可申请."""
    student = Claims(date(2010, 2, 28), diplomas=(Diploma("technical", "计算机应用", final_year=True),))
    answer = assess(BOOK.eligibility, 4, "计算机程序设计员", student, today)
    assert (answer.verdict is not Verdict.NOT_MET) is may
    assert [one.code for one in answer.barred] == ([] if may else ["too_young"])


def test_the_conditions_are_those_of_the_national_rules_of_2023() -> None:
    """二（一）, 附件1: the same annex as the technicians', whose words are tested in test_technicians_2026.py."""
    assert BOOK.eligibility.standard == "national-2023"
    assert BOOK.eligibility.levels == TECHNICIANS.eligibility.levels


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize(
    ("level", "alternative", "code", "claims"),
    [
        (4, "4.1", "work_to_review", {"work": (Work(date(2010, 1, 1), None, "人工智能训练师"),)}),
        (4, "4.3", "diploma_to_review", {"diplomas": (Diploma("college", "计算机科学与技术"),)}),
        (3, "3.2", "work_to_review", {"work": (Work(date(2010, 1, 1)),)}),
    ],
)
def test_without_a_list_what_is_related_is_left_to_the_reviewer(
    trade: str, level: int, alternative: str, code: str, claims: dict[str, object]
) -> None:
    """附件1, notes ② and ③: 在具体职业标准中应明确……的范围, and the standards are not part of the notice."""
    assert BOOK.eligibility.related is None
    name = BOOK.occupation(trade).name
    said = Claims(date(1980, 1, 1), certificates=(Certificate(name, 4, date(2015, 1, 1)),), **claims)  # type: ignore[arg-type] # a table of claims
    answer = assess(BOOK.eligibility, level, name, said, date(2026, 3, 1))
    finding = answer.finding(alternative)
    assert finding is not None
    assert finding.verdict is answer.verdict is Verdict.NEEDS_REVIEW
    assert code in [reason.code for reason in finding.reasons]


def test_groups_are_sent_to_the_citys_system() -> None:
    """二（二）: 经所在社会培训机构、院校进行资格初审后，通过……自助经办系统办理团体申报."""
    assert BOOK.application.group.kind == "city_system"
    for words in ("社会培训机构学员、院校在校学生", "资格初审", "上海市人力资源和社会保障自助经办系统"):
        assert words in BOOK.application.group.how


def test_individuals_apply_in_person_at_the_window_with_three_papers() -> None:
    """二（二）: 到个人业务受理窗口办理个人报名, and 所需提供材料."""
    individual = BOOK.application.individual
    assert isinstance(individual, AtWindow)
    assert individual.address == "上海市静安区愚园路546号8号楼2楼207"
    assert individual.materials == (
        "《职业技能等级认定参评人员须知》（附件2）",
        "个人2寸证件照1张",
        "相关佐证材料",
    )


# 二（三）, the table, row by row: the month of application and the last day on which its people are assessed.
TABLE = [
    (1, "2026-02-28"),
    (2, "2026-03-31"),
    (3, "2026-04-30"),
    (4, "2026-05-31"),
    (5, "2026-06-30"),
    (6, "2026-07-31"),
    (7, "2026-08-31"),
    (8, "2026-09-30"),
    (9, "2026-10-31"),
    (10, "2026-11-30"),
    (11, "2026-12-31"),
    (12, "2027-01-31"),
]


@pytest.mark.parametrize(("applied", "until"), TABLE)
def test_who_applies_in_a_month_is_assessed_before_the_end_of_the_next(applied: int, until: str) -> None:
    """二（三）, the table: 1月底前 → 2月底前 … 11月 → 12月底前; and December's people, who have no day of December left."""
    one, last = PLANNED[applied - 1], date.fromisoformat(until)
    assert (one.apply.first, one.apply.last + timedelta(days=1)) == (
        date(2026, applied, 1),
        date(2026 + applied // 12, applied % 12 + 1, 1),
    )
    assert (one.month, one.among.first, one.among.last) == (until[:7], last.replace(day=1), last)
    assert one.day is None


def test_the_table_has_twelve_rows_and_only_december_waits_for_next_years_notice() -> None:
    """二（三）, the table, last row: 12月底前或根据次年公告排考."""
    assert len(PLANNED) == len(TABLE)
    assert [one.month for one in PLANNED if one.by_next_notice] == ["2027-01"]


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.month)
def test_application_and_payment_share_the_month_to_the_second(one: Planned) -> None:
    """二（三）, 二（四）1: 应在规定时间内缴纳; both days are included."""
    assert one.apply == one.pay
    begins, second = shanghai(f"{one.apply.first} 00:00:00"), timedelta(seconds=1)
    ends = shanghai(f"{one.apply.last} 23:59:59")
    assert one.pay.is_open(begins)
    assert one.pay.is_open(ends)
    assert not one.pay.is_open(begins - second)
    assert not one.pay.is_open(ends + second)


def test_each_trade_and_level_has_its_own_sitting_in_each_month() -> None:
    """一 and 二（三）: each is judged on its own."""
    offered = [(trade, level) for trade in TRADES for level in (4, 3)]
    planned = [(dates.month, occupation.key, level) for occupation, level, dates in BOOK.planned()]
    assert planned == [(one.month, *trade) for one in PLANNED for trade in offered]


def decided_on(one: Planned) -> date:
    """The day on which turnout is counted."""
    dates = Dates(one.apply, one.pay, one.among.last, one.among)
    return local_day(dates.decide_from(BOOK.turnout.counting.recording_days))


def proposed(one: Planned) -> Proposal:
    """The day that is proposed to the clerk for a sitting, as early decided as the rules allow."""
    calendar, decided = BOOK.calendar, decided_on(one)
    assert isinstance(calendar, MonthlyCalendar)
    told = decided + timedelta(days=BOOK.turnout.telling.days_before)
    return propose(one.among, calendar.days.on, YEAR, after=decided, told=told)


# The last free weekend of each month. February ends with 春节 and two worked Saturdays, September with 中秋 and a worked
# Sunday; the holidays of 2027 are not known yet.
PROPOSED = [
    ("2026-02-07", True),
    ("2026-03-28", True),
    ("2026-04-25", True),
    ("2026-05-30", True),
    ("2026-06-27", True),
    ("2026-07-25", True),
    ("2026-08-29", True),
    ("2026-09-19", True),
    ("2026-10-31", True),
    ("2026-11-28", True),
    ("2026-12-26", True),
    ("2027-01-30", False),
]


@pytest.mark.parametrize(("one", "expected"), list(zip(PLANNED, PROPOSED, strict=True)), ids=[p[0] for p in PROPOSED])
def test_one_day_is_proposed_and_only_on_a_free_weekend(one: Planned, expected: tuple[str, bool]) -> None:
    """二（三）: 月底前; 理论知识与操作技能同一天考核. Weekends are assumed."""
    proposal, day = proposed(one), date.fromisoformat(expected[0])
    assert (proposal.days.first, proposal.days.last, proposal.sure) == (day, day, expected[1])
    assert proposal.ideal
    assert YEAR.is_free_weekend(day)


def test_both_subjects_are_on_the_same_day() -> None:
    """二（三）注: 理论知识与操作技能同一天考核; the hours are assumed."""
    assert {one.subjects for one in BOOK.occupations} == {("理论知识", "操作技能")}
    assert [(one.subject, one.day) for one in BOOK.timetable.subjects] == [("理论知识", 1), ("操作技能", 1)]


SITTINGS = [Sitting(number, proposed(one).days.first) for number, one in enumerate(PLANNED)]


def decided(sitting: Sitting, people: int) -> Decision:
    """What is decided of a sitting on the first day on which it can be."""
    tell_by = sitting.assessed_on - timedelta(days=BOOK.turnout.telling.days_before)
    today = decided_on(PLANNED[sitting.id])
    later = SITTINGS[sitting.id + 1 :]
    return decide(BOOK.turnout, sitting, people, people, later, tell_by, today, BOOK.turnout.capacity)


@pytest.mark.parametrize("sitting", SITTINGS[:-1], ids=lambda one: str(one.assessed_on))
def test_fewer_than_30_go_on_to_the_next_month_and_30_are_held(sitting: Sitting) -> None:
    """二（三）注: 报名人数不足30人，则顺延至下月一起评价认定. That those who paid are counted is assumed."""
    short = decided(sitting, 29)
    assert (short.outcome, short.target, short.moved) == (Outcome.POSTPONED, SITTINGS[sitting.id + 1], 29)
    assert short.reason == "已缴费29人，不足开考条件30人，顺延至下一考次"
    assert short.source == BOOK.turnout.below.source
    assert [decided(sitting, people).outcome for people in (1, 30, 31)] == [
        Outcome.POSTPONED,
        Outcome.HELD,
        Outcome.HELD,
    ]


def test_who_is_short_again_and_again_goes_on_month_by_month_and_then_waits_for_next_years_notice() -> None:
    """二（三）注, and the table, last row: 12月底前或根据次年公告排考."""
    where: Sitting | None = SITTINGS[0]
    stops, last = [], decided(SITTINGS[0], 29)
    while where is not None:
        stops.append(where)
        last = decided(where, 29)
        where = last.target
    assert stops == SITTINGS
    assert (last.outcome, last.target, last.moved, last.waits) == (Outcome.POSTPONED, None, 29, True)
    assert "等待次年公告" in last.reason
    assert decided(SITTINGS[-1], 30).outcome is Outcome.HELD


@pytest.mark.parametrize("people", [30, 120, 1000])
def test_nobody_is_moved_for_want_of_room(people: int) -> None:
    """二（三）注: 根据考试报名人数，每月评价认定场次可适时调整: staff add groups."""
    assert BOOK.turnout.above is not None
    assert (BOOK.turnout.above.kind, BOOK.turnout.capacity) == ("more_groups", None)
    decision = decided(SITTINGS[3], people)
    assert (decision.outcome, decision.target, decision.moved) == (Outcome.HELD, None, 0)


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.month)
def test_it_is_decided_early_enough_to_tell_people(one: Planned) -> None:
    """二（三）注: 具体认定时间……另行通知; the five days are assumed."""
    assert BOOK.turnout.telling.assumed
    assert decided_on(one) == one.pay.last + timedelta(days=2)
    assert decided_on(one) <= proposed(one).days.first - timedelta(days=5)


def test_paid_is_what_the_account_has_received() -> None:
    """二（四）1: 缴费完成时间以“等级认定考务费”交至计算所公司指定账户为准."""
    assert BOOK.payment.counts_when == "received"


def test_the_account_stands_as_the_notice_prints_it() -> None:
    """二（四）1: 单位名称, 纳税人识别号, 地址、电话, 开户行及账号."""
    account = BOOK.payment.account
    assert account is not None
    assert (account.holder, account.bank) == ("上海市计算技术研究所有限公司", "建设银行上海静安支行")
    assert (account.number, account.tax_id) == ("31001508300056003187", "9131010642502952X1")
    assert account.address == "上海市静安区愚园路546号 62125790"
    assert not account.assumed


def test_the_proof_of_payment_is_mailed_under_the_subject_that_the_notice_wants() -> None:
    """二（四）1: 以“考核费+单位（个人）名称+项目名称（等级）+人数”为邮件名……发至邮箱."""
    proof = BOOK.payment.proof
    assert proof is not None
    assert proof.to == "jinengrd@sh-sict.com"
    assert proof.subject == "考核费+单位（个人）名称+项目名称（等级）+人数"


# 二（四）2, the table, row by row: 理论知识, 操作技能, 合计.
FEES = [
    ("ai", 4, 100, 300, 400),
    ("ai", 3, 100, 400, 500),
    ("infosec", 4, 100, 400, 500),
    ("infosec", 3, 100, 450, 550),
    ("netsec", 4, 100, 400, 500),
    ("netsec", 3, 100, 450, 550),
    ("programmer", 4, 100, 250, 350),
    ("programmer", 3, 100, 300, 400),
]


@pytest.mark.parametrize(("trade", "level", "theory", "practice", "total"), FEES)
def test_the_fees(trade: str, level: int, theory: int, practice: int, total: int) -> None:
    """二（四）2: 考务费的收费标准; a subject sat again costs its own fee, which is assumed."""
    fee = BOOK.occupation(trade).level(level).fee
    assert (fee.fen, fee.subjects) == (total * 100, ("理论知识", "操作技能"))
    assert [fee.retake_fen(subject) for subject in fee.subjects] == [theory * 100, practice * 100]


@pytest.mark.parametrize("who", ["individual", "group"])
@pytest.mark.parametrize(
    ("assessed", "decided", "released"),
    [
        ("2026-03-28", "2026-03-02", "2026-03-21"),
        ("2026-02-07", "2026-02-02", "2026-02-02"),
        ("2026-10-10", "2026-09-02", "2026-10-03"),
    ],
    ids=["a week before", "not before it is decided", "a week, holidays or not"],
)
def test_tickets_are_downloaded_from_one_week_before(who: str, assessed: str, decided: str, released: str) -> None:
    """二（五）: 在考前一周通过(https://sh-sict.com/e/member/login/)下载准考证信息, schools and individuals alike."""
    rule = BOOK.tickets.individual if who == "individual" else BOOK.tickets.group
    day = released_on(rule, date.fromisoformat(assessed), None, date.fromisoformat(decided), YEAR)
    assert day == date.fromisoformat(released)
    assert rule.given == "download"
    assert "https://sh-sict.com/e/member/login/" in rule.how
    assert "下载准考证信息，并自行打印准考证" in rule.how
    assert ("自行打印准考证，分发考生" in rule.how) is (who == "group")


def test_results_come_within_20_working_days_or_30_where_papers_are_marked() -> None:
    """三: 一般20个工作日内……涉及阅卷及工件检测的项目，30个工作日."""
    results = BOOK.results
    assert (results.working_days, results.working_days_with_marking) == (20, 30)
    assert YEAR.after(date(2026, 9, 19), results.working_days) == date(2026, 10, 22)
    for words in ("随申办", "人力资源和社会保障局-劳动就业-职业技能证书查询", "www.osta.org.cn"):
        assert words in results.where


@pytest.mark.parametrize(("level", "years"), [(5, 2), (4, 2), (3, 2), (2, 3), (1, 3)])
def test_a_passed_subject_stays_valid_for_two_years_or_three(level: int, years: int) -> None:
    """四（一）: 五级、四级、三级成绩有效期均为两年，二级、一级补考有效期为三年，超过……须重新申报所有科目."""
    passed, last = (PassedSubject("理论知识", date(2026, 3, 28)),), date(2026 + years, 3, 28)
    on_the_day = may_retake(BOOK.retakes, level, passed, last)
    assert (on_the_day.allowed, on_the_day.until) == (True, last)
    late = may_retake(BOOK.retakes, level, passed, last + timedelta(days=1))
    assert (late.allowed, late.why) == (False, "已超过成绩有效期，须重新申报所有科目")


@pytest.mark.parametrize(
    ("given", "why"),
    [("applied_anew", "视为放弃补考"), ("failed_in_competition", "职业技能竞赛成绩不合格的，不能补考")],
)
def test_who_applied_anew_or_failed_in_a_competition_may_not_retake(given: str, why: str) -> None:
    """四（二）, （四）."""
    passed = (PassedSubject("理论知识", date(2026, 3, 28)),)
    verdict = may_retake(BOOK.retakes, 4, passed, date(2026, 4, 1), **{given: True})
    assert not verdict.allowed
    assert why in verdict.why


def test_the_sentences_on_retakes_stand_word_for_word() -> None:
    """四（一）–（四）."""
    assert BOOK.retakes.rules == (
        "参评人员参加职业技能评价如部分科目成绩不合格，可按规定申请补考。五级、四级、三级成绩有效期均为两年，"
        "二级、一级补考有效期为三年，超过成绩有效期须重新申报所有科目认定。",
        "如参评人员在成绩有效期内重新进行了同职业（工种）同等级的新职业技能等级申报，则视为放弃补考机会，"
        "之前的合格科目成绩不再保留。",
        "补考有效期内考核模式如发生变化，应按公布的补考方案进行申报。",
        "参加本市职业技能竞赛成绩不合格者，不能进行补考。",
    )


def test_certificates_are_collected_by_the_school_or_at_the_window() -> None:
    """五（一）, （二）."""
    certificates = BOOK.certificates
    assert (certificates.electronic, certificates.paper, certificates.reissue) == (False, "collected", "")
    assert certificates.group.endswith("证书由相应社会培训机构或职业院校统一领取")
    assert certificates.individual.endswith("证书由本人至业务受理点领取")


def test_where_the_window_is_when_it_is_open_and_whom_to_call() -> None:
    """六（一）–（五）."""
    one = BOOK.institution
    assert one.address == "静安区愚园路546号8号楼207室"
    assert one.hours == "周一至周五（工作日上午9:30-11:00，下午13:30-16:30）"
    assert (one.telephone, one.email) == ("021-62520070（转207）", "jinengrd@sh-sict.com")
    assert one.complaints == (
        "上海市计算技术研究所有限公司：021-62129221（工作日上午9:30-11:00，下午13:30-16:30）",
        "上海市职业技能鉴定中心：400-820-9278（工作日上午9:30-11:00，下午13:30-16:30）",
    )
    assert [site.url for site in one.websites] == [
        "http://biaozhun.osta.org.cn/",
        "https://sh-sict.com/zxzx/gs/671.html",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "具体调整事宜届时另行通知",
        "“普通受教育程度”",
        "缴纳考务费等其他手续办理个人报名",
        "12月底前或根据次年公告排考",
        "以准考证信息为准",
        "每月评价认定场次可适时调整",
        "微信公众号：上海市计算技术研究有限公司",
        "严格遵守考场纪律",
        "实行动态调整，如有调整另行通知",
    ],
)
def test_a_candidate_can_read_what_else_the_notice_says(words: str) -> None:
    """一, 二（一）–（三）, 六（五）1, 七."""
    assert len([remark for remark in BOOK.notice.remarks if words in remark]) == 1


def test_the_declaration_says_what_follows_from_false_papers() -> None:
    """七, 附件2 一: 承诺提供的申报材料和信息真实有效，一经查实……."""
    for words in ("均真实、有效", "取消考试资格及考试成绩", "不予退还", "已获得的证书作无效处理"):
        assert words in BOOK.application.declaration


def test_the_rules_for_candidates_are_the_whole_of_annex_2() -> None:
    """附件2: the introduction, 一 to 四 with their 4, 5 and 7 items, and the closing paragraph."""
    rules = BOOK.conduct.rules
    assert len(rules) == 22
    # The city's text, the same in all notices but for the introduction: a slip of the pen in one shows here.
    assert rules[1:] == TECHNICIANS.conduct.rules[1:]
    assert [rule[:2] for rule in rules if rule[1] == "、"] == [
        *("一、", "二、", "1、", "2、", "3、", "4、", "三、", "1、", "2、", "3、", "4、", "5、", "四、"),
        *("1、", "2、", "3、", "4、", "5、", "6、", "7、"),
    ]
    assert rules[0].endswith("现将参评人员须知告知如下：")
    assert rules[2] == "二、参评人员有下列行为之一的，取消当次该科目成绩。"
    assert rules[7] == "三、参评人员有下列行为之一的，取消当次全部科目成绩，且当年不得参加评价。"
    assert "2年内不得参加评价；情节严重的，5年内不得参加评价" in rules[13]
    assert rules[21].startswith("评价活动结束后，发现参评人员违纪违规行为并经确认的")
    assert all(rule.endswith(("。", "；", "：")) for rule in rules)
    assert not any(mark in "".join(rules) for mark in ",;:()\n ")


def test_what_the_notice_leaves_open_is_marked_as_assumed_and_nothing_else() -> None:
    """The whole notice: its silences."""
    retakes = {f"occupations[{one}].levels[{level}].fee.retake" for one in range(4) for level in range(2)}
    assert {key for key, _ in assumed_clauses(BOOK)} == retakes | {
        "calendar.days",
        "turnout.counting",
        "turnout.telling",
        "withdrawal",
        "payment",
        "timetable",
        "pass_mark",
    }


def test_the_assumed_numbers() -> None:
    """The same silences, in numbers."""
    turnout, mark = BOOK.turnout, BOOK.pass_mark
    assert (turnout.counting.counts, turnout.counting.recording_days) == ("paid", 1)
    assert (turnout.telling.days_before, turnout.telling.telephone_days_before_that) == (5, 2)
    assert BOOK.withdrawal.after_postponement == "until_payment_closes"
    assert BOOK.payment.remark == "{name}+{number}"
    assert BOOK.payment.remind_days_before_end == (2, 0)
    assert [(one.starts, one.ends) for one in BOOK.timetable.subjects] == [("09:00", "10:30"), ("13:00", "14:30")]
    assert (mark.points, mark.out_of) == (60, 100)
