"""上海交通大学's notice of 2025, sentence by sentence: what the rulebook holds and the pure rules make of it.

The docstrings name the article; docs/notices/sjtu-2025.md lists every sentence.
"""

from datetime import date, timedelta

import pytest

from server.domain.calendar import MidMonthCalendar, Planned
from server.domain.days import local_day
from server.domain.eligibility import Certificate, Claims, Diploma, Verdict, Work, assess
from server.domain.phases import Dates
from server.domain.retakes import PassedSubject, may_retake
from server.domain.tickets import released_on
from server.domain.turnout import Decision, Outcome, Payer, Sitting, beyond_capacity, decide
from server.domain.working_days import DayTable, Proposal, propose
from server.rulebooks.book import AtWindow
from server.rulebooks.loader import FOLDER, assumed_clauses, load_file
from tests.domain.technicians import BOOK as TECHNICIANS
from tests.domain.technicians import shanghai

BOOK = load_file(FOLDER / "sjtu-2025.toml").book
#: one row for each date of the calendar, in order
PLANNED = BOOK.calendar.planned(2025)
TRADES = ("ai", "infosec")


def days(month: int, first: int, last: int) -> frozenset[date]:
    return frozenset(date(2025, month, number) for number in range(first, last + 1))


#: the holidays of 2025: 元旦, 春节, 清明, 劳动节, 端午, 国庆和中秋, and the weekend days worked for them
YEAR = DayTable(
    known=frozenset({2025}),
    off=frozenset[date]().union(
        days(1, 1, 1),
        days(1, 28, 31),
        days(2, 1, 4),
        days(4, 4, 6),
        days(5, 1, 5),
        days(5, 31, 31),
        days(6, 1, 2),
        days(10, 1, 8),
    ),
    worked=frozenset(date(2025, m, n) for m, n in ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11))),
)


def test_the_notice_is_named_as_it_was_published() -> None:
    """Head: the title; the notice has neither number nor date."""
    assert (BOOK.notice.number, BOOK.notice.issued_on, BOOK.year) == ("", None, 2025)
    assert BOOK.notice.title == (
        "上海交通大学关于开展2025年上海市人工智能训练师等项目社会化职业技能评价有关操作事项的通知"
    )


def test_the_university_assesses_two_trades_at_levels_4_and_3() -> None:
    """一, the table: 职业编码, 职业（工种）名称, 等级."""
    assert (BOOK.institution.name, BOOK.institution.registry_number) == ("上海交通大学", "")
    assert [(one.code, one.name, [level.level for level in one.levels]) for one in BOOK.occupations] == [
        ("4-04-05-05", "人工智能训练师", [4, 3]),
        ("4-04-04-02", "网络与信息安全管理员（信息安全管理员）", [4, 3]),
    ]


@pytest.mark.parametrize(("today", "may"), [(date(2025, 2, 27), False), (date(2025, 2, 28), True)])
def test_one_must_be_16(today: date, may: bool) -> None:
    """二（一）: 年满16周岁且符合……申报条件的，可申请."""
    student = Claims(date(2009, 2, 28), diplomas=(Diploma("technical", "计算机应用", final_year=True),))
    answer = assess(BOOK.eligibility, 4, "人工智能训练师", student, today)
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
    answer = assess(BOOK.eligibility, level, name, said, date(2025, 3, 1))
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
    """二（二）: 到上海市长宁区法华镇路535号主楼216室办理个人报名, and 所需提供材料."""
    individual = BOOK.application.individual
    assert isinstance(individual, AtWindow)
    assert individual.address == "上海市长宁区法华镇路535号主楼216室"
    assert individual.materials == (
        "《职业技能等级认定考生须知》（附件2）",
        "个人2寸证件照1张",
        "相关佐证材料",
    )


# 二（三）1, the table, row by row: 申报时间 and 评价时间.
TABLE = [
    ("2025-01-01", "2025-02-15", "2025-03"),
    ("2025-02-16", "2025-03-15", "2025-04"),
    ("2025-03-16", "2025-04-15", "2025-05"),
    ("2025-04-16", "2025-05-15", "2025-06"),
    ("2025-05-16", "2025-06-15", "2025-07"),
    ("2025-06-16", "2025-07-15", "2025-08"),
    ("2025-07-16", "2025-08-15", "2025-09"),
    ("2025-08-16", "2025-09-15", "2025-10"),
    ("2025-09-16", "2025-10-15", "2025-11"),
    ("2025-10-16", "2025-11-15", "2025-12"),
    ("2025-11-16", "2025-12-31", "2026-01"),
]


def test_the_table_of_windows() -> None:
    """二（三）1: 1月1日-2月15日 → 3月 … 11月16日-12月31日 → 明年1月."""
    assert [(str(one.apply.first), str(one.apply.last), one.month) for one in PLANNED] == TABLE
    assert not any(one.by_next_notice for one in PLANNED)


def test_every_day_of_the_year_lies_in_one_window() -> None:
    """二（三）1: the windows follow one another without a gap."""
    follow = [one.apply.first - timedelta(days=1) for one in PLANNED[1:]]
    assert follow == [one.apply.last for one in PLANNED[:-1]]


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.month)
def test_a_sitting_may_be_on_any_day_of_its_month(one: Planned) -> None:
    """二（三）1: 评价时间 names the month; the day is set by staff (二（三）4)."""
    assert (f"{one.among.first:%Y-%m}", one.among.first.day) == (one.month, 1)
    assert (one.among.last + timedelta(days=1)).day == 1
    assert one.among.last - one.among.first < timedelta(days=31)
    assert one.day is None


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.month)
def test_application_and_payment_share_the_window_to_the_second(one: Planned) -> None:
    """二（三）1: 在……受理认定申报日期及缴费日期内办理申报手续，同时接受……资格审核; both days are included."""
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
    assert isinstance(calendar, MidMonthCalendar)
    told = decided + timedelta(days=BOOK.turnout.telling.days_before)
    return propose(one.among, calendar.days.on, YEAR, after=decided, told=told)


# The last free weekend of each month. In April and September its Sunday is worked, 31 May is 端午; the holidays of 2026 are
# not known here.
PROPOSED = [
    ("2025-03-29", True),
    ("2025-04-26", True),
    ("2025-05-24", True),
    ("2025-06-28", True),
    ("2025-07-26", True),
    ("2025-08-30", True),
    ("2025-09-27", True),
    ("2025-10-25", True),
    ("2025-11-29", True),
    ("2025-12-27", True),
    ("2026-01-31", False),
]


@pytest.mark.parametrize(("one", "expected"), list(zip(PLANNED, PROPOSED, strict=True)), ids=[p[0] for p in PROPOSED])
def test_one_day_is_proposed_and_only_on_a_free_weekend(one: Planned, expected: tuple[str, bool]) -> None:
    """二（三）1, 2: 3月 …; 理论知识与操作技能同一天考试. Weekends are assumed."""
    proposal, day = proposed(one), date.fromisoformat(expected[0])
    assert (proposal.days.first, proposal.days.last, proposal.sure) == (day, day, expected[1])
    assert proposal.ideal
    assert YEAR.is_free_weekend(day)


def test_both_subjects_are_on_the_same_day() -> None:
    """二（三）2: 理论知识与操作技能同一天考试; the hours are assumed."""
    assert {one.subjects for one in BOOK.occupations} == {("理论知识", "操作技能")}
    assert [(one.subject, one.day) for one in BOOK.timetable.subjects] == [("理论知识", 1), ("操作技能", 1)]


SITTINGS = [Sitting(number, proposed(one).days.first) for number, one in enumerate(PLANNED)]


def decided(sitting: Sitting, people: int, capacity: int | None = BOOK.turnout.capacity) -> Decision:
    """What is decided of a sitting on the first day on which it can be."""
    tell_by = sitting.assessed_on - timedelta(days=BOOK.turnout.telling.days_before)
    today = decided_on(PLANNED[sitting.id])
    later = SITTINGS[sitting.id + 1 :]
    return decide(BOOK.turnout, sitting, people, people, later, tell_by, today, capacity)


@pytest.mark.parametrize("sitting", SITTINGS[:-1], ids=lambda one: str(one.assessed_on))
def test_fewer_than_30_go_on_to_the_next_month_and_30_are_held(sitting: Sitting) -> None:
    """二（三）3: 申报人数不足30人……则顺延至下月评价认定. That those who paid are counted is assumed."""
    short = decided(sitting, 29)
    assert (short.outcome, short.target, short.moved) == (Outcome.POSTPONED, SITTINGS[sitting.id + 1], 29)
    assert short.reason == "已缴费29人，不足开考条件30人，顺延至下一考次"
    assert short.source == BOOK.turnout.below.source
    assert [decided(sitting, people).outcome for people in (1, 30, 31)] == [
        Outcome.POSTPONED,
        Outcome.HELD,
        Outcome.HELD,
    ]


def test_who_is_short_again_and_again_goes_on_month_by_month_and_then_waits_for_the_next_year() -> None:
    """二（三）3, and the table, last row: 明年1月 is the last sitting of the notice."""
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


@pytest.mark.parametrize("capacity", [120, 45])
@pytest.mark.parametrize("sitting", SITTINGS[:-1], ids=lambda one: str(one.assessed_on))
def test_whom_the_rooms_cannot_hold_go_on_to_the_next_month(sitting: Sitting, capacity: int) -> None:
    """二（三）3: 超出考场承载范围，则顺延至下月评价认定. 120 people are assumed, until staff set another number."""
    above = BOOK.turnout.above
    assert above is not None
    assert (above.kind, BOOK.turnout.capacity) == ("overflow", 120)
    full, over = decided(sitting, capacity, capacity), decided(sitting, capacity + 7, capacity)
    assert (full.outcome, full.target, full.moved) == (Outcome.HELD, None, 0)
    assert (over.outcome, over.target, over.moved) == (Outcome.HELD, SITTINGS[sitting.id + 1], 7)
    assert (over.source, over.waits) == (above.source, False)
    assert over.reason == (
        f"已缴费{capacity + 7}人，达到开考条件30人；考场可容纳{capacity}人，按缴费先后，后7人，顺延至下一考次"
    )


def test_whom_january_cannot_hold_wait_for_the_next_year() -> None:
    """二（三）3, and the table, last row: after 明年1月 there is no 下月 in this notice."""
    over = decided(SITTINGS[-1], 121)
    assert (over.outcome, over.target, over.moved, over.waits) == (Outcome.HELD, None, 1, True)


def test_who_paid_first_stays_and_who_paid_last_goes_on() -> None:
    """二（三）3: the notice does not say who; by the day on which the money came (二（四）1), then as it was recorded."""
    monday, tuesday = date(2025, 3, 3), date(2025, 3, 4)
    morning, noon = shanghai("2025-03-05 09:00:00"), shanghai("2025-03-05 12:00:00")
    paid = [Payer(tuesday, morning, 1), Payer(monday, noon, 2), Payer(monday, morning, 4), Payer(monday, morning, 3)]
    assert [beyond_capacity(paid, room) for room in (4, 3, 2, 1)] == [[], [1], [2, 1], [4, 2, 1]]


@pytest.mark.parametrize("one", PLANNED, ids=lambda one: one.month)
def test_it_is_decided_early_enough_to_tell_people(one: Planned) -> None:
    """二（三）4: 具体认定时间……另行通知; the five days are assumed."""
    assert BOOK.turnout.telling.assumed
    assert decided_on(one) == one.pay.last + timedelta(days=2)
    assert decided_on(one) <= proposed(one).days.first - timedelta(days=5)


def test_paid_is_what_the_account_has_received() -> None:
    """二（四）1: 缴费完成时间以上海交通大学财务到账时间为准."""
    assert BOOK.payment.counts_when == "received"


def test_the_account_stands_as_the_notice_prints_it() -> None:
    """二（四）1: 户名, 统一社会信用代码, 银行账号, 开户银行, 地址."""
    account = BOOK.payment.account
    assert account is not None
    assert (account.holder, account.bank) == ("上海交通大学", "中国银行上海市上海交通大学支行")
    assert (account.number, account.tax_id) == ("439059226890", "1210000042500615X0")
    assert account.address == "上海市华山路1954号"
    assert BOOK.payment.proof is None


def test_the_transfer_is_remarked_with_the_name_and_the_words_of_the_notice() -> None:
    """二（四）1 ※: 银行转账附言/用途：姓名+等级认定考试."""
    assert BOOK.payment.remark.format(name="王芳", number="A1") == "王芳+等级认定考试"
    assert not BOOK.payment.assumed


# 二（四）2, the table, row by row: 理论知识, 操作技能, 合计.
FEES = [
    ("ai", 4, 100, 300, 400),
    ("ai", 3, 100, 400, 500),
    ("infosec", 4, 100, 400, 500),
    ("infosec", 3, 100, 450, 550),
]


@pytest.mark.parametrize(("trade", "level", "theory", "practice", "total"), FEES)
def test_the_fees(trade: str, level: int, theory: int, practice: int, total: int) -> None:
    """二（四）2: 考务费收费标准; a subject sat again costs its own fee, which is assumed."""
    fee = BOOK.occupation(trade).level(level).fee
    assert (fee.fen, fee.subjects) == (total * 100, ("理论知识", "操作技能"))
    assert [fee.retake_fen(subject) for subject in fee.subjects] == [theory * 100, practice * 100]


@pytest.mark.parametrize(
    ("assessed", "decided", "individual", "group"),
    [
        ("2025-05-24", "2025-04-17", "2025-05-17", "2025-05-19"),
        ("2025-10-25", "2025-09-17", "2025-10-18", "2025-10-20"),
        ("2025-10-12", "2025-09-17", "2025-10-05", "2025-09-29"),
        ("2025-10-25", "2025-10-22", "2025-10-22", "2025-10-22"),
    ],
    ids=["a Saturday", "another", "after 国庆, the Saturday before it worked", "not before it is decided"],
)
def test_individuals_download_tickets_one_week_before_and_schools_five_working_days_before(
    assessed: str, decided: str, individual: str, group: str
) -> None:
    """二（五）1, 2: 于考试前五个工作日……; 于考前一周…… 下载准考证."""
    tickets, first, settled = BOOK.tickets, date.fromisoformat(assessed), date.fromisoformat(decided)
    released = [str(released_on(rule, first, None, settled, YEAR)) for rule in (tickets.individual, tickets.group)]
    assert released == [individual, group]


def test_tickets_are_downloaded_from_the_universitys_site_and_schools_hand_theirs_out() -> None:
    """二（五）1: 打印准考证发放至考生; 2: 自行打印准考证."""
    individual, group = BOOK.tickets.individual, BOOK.tickets.group
    assert (individual.given, group.given) == ("download", "download")
    assert "https://gjzs.sjtu.edu.cn/skill" in individual.how
    assert "https://gjzs.sjtu.edu.cn/skill" in group.how
    assert "自行打印准考证" in individual.how
    assert "由所在培训机构、职业院校" in group.how
    assert "打印准考证发放至考生" in group.how


def test_results_come_within_20_working_days_or_30_where_papers_are_marked() -> None:
    """三: 一般20个工作日内……涉及阅卷及工件检测的项目，30个工作日."""
    results = BOOK.results
    assert (results.working_days, results.working_days_with_marking) == (20, 30)
    assert YEAR.after(date(2025, 9, 27), results.working_days) == date(2025, 10, 30)
    for words in ("随申办", "人力资源和社会保障局-劳动就业-职业技能证书查询", "www.osta.org.cn"):
        assert words in results.where


@pytest.mark.parametrize(("level", "years"), [(4, 2), (3, 2), (2, 3), (1, 3)])
def test_a_passed_subject_stays_valid_for_two_years_or_three(level: int, years: int) -> None:
    """四（一）: 四级、三级成绩有效期均为两年，二级、一级补考有效期为三年，超过……须重新申报所有科目."""
    passed, last = (PassedSubject("理论知识", date(2025, 3, 29)),), date(2025 + years, 3, 29)
    on_the_day = may_retake(BOOK.retakes, level, passed, last)
    assert (on_the_day.allowed, on_the_day.until) == (True, last)
    late = may_retake(BOOK.retakes, level, passed, last + timedelta(days=1))
    assert (late.allowed, late.why) == (False, "已超过成绩有效期，须重新申报所有科目")


def test_of_level_5_which_is_not_offered_the_notice_says_nothing() -> None:
    """四（一）: the sentence begins with 四级."""
    assert [one.levels for one in BOOK.retakes.validity] == [(4, 3), (2, 1)]


@pytest.mark.parametrize(
    ("given", "why"),
    [("applied_anew", "视为放弃补考"), ("failed_in_competition", "职业技能竞赛成绩不合格的，不能补考")],
)
def test_who_applied_anew_or_failed_in_a_competition_may_not_retake(given: str, why: str) -> None:
    """四（二）, （四）."""
    passed = (PassedSubject("理论知识", date(2025, 3, 29)),)
    verdict = may_retake(BOOK.retakes, 4, passed, date(2025, 4, 1), **{given: True})
    assert not verdict.allowed
    assert why in verdict.why


def test_the_sentences_on_retakes_stand_word_for_word() -> None:
    """四（一）–（四）."""
    assert BOOK.retakes.rules == (
        "参评人员参加职业技能评价如部分科目成绩不合格，可按规定申请补考。四级、三级成绩有效期均为两年，"
        "二级、一级补考有效期为三年，超过成绩有效期须重新申报所有科目认定。",
        "如参评人员在成绩有效期内重新进行了同职业（工种）同等级的新职业技能等级申报，则视为放弃补考机会，"
        "之前的合格科目成绩不再保留。",
        "补考有效期内考核模式如发生变化，应按公布的补考方案进行申报。",
        "参加本市职业技能竞赛成绩不合格者，不能进行补考。",
    )


def test_certificates_are_collected_by_the_school_or_at_the_window() -> None:
    """五（一）, （二）."""
    certificates = BOOK.certificates
    assert (certificates.electronic, certificates.paper) == (False, "collected")
    assert certificates.group.endswith("证书由相应社会培训机构或职业院校统一领取")
    assert certificates.individual.endswith("证书由本人至业务受理点领取")


def test_a_lost_certificate_is_issued_again_at_the_window_against_the_id_card() -> None:
    """五（三）: 证书遗失补办."""
    assert BOOK.certificates.reissue == (
        "根据本机构证书遗失补办流程，考生本人持身份证至本机构业务窗口办理遗失补办手续"
    )


def test_where_the_window_is_when_it_is_open_and_whom_to_call() -> None:
    """六（一）–（五）."""
    one = BOOK.institution
    assert one.address == "上海市长宁区法华镇路535号主楼216室"
    assert one.hours == "工作日上午9:30-11:00，下午13:30-16:30"
    assert one.telephone == "021-62933821"
    assert one.complaints == (
        "上海交通大学：021-34206252；021-62932810（工作日上午9:30-11:00，下午13:30-16:30）",
        "上海市职业技能鉴定中心：400-820-9278（工作日上午9:30-11:00，下午13:30-16:30）",
    )
    assert [(site.name, site.url) for site in one.websites] == [
        ("国家职业技能标准查询", "http://biaozhun.osta.org.cn/"),
        ("上网文件、考核指导手册查询", "https://gjzs.sjtu.edu.cn/skill"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "具体调整事宜届时另行通知",
        "“普通受教育程度”",
        "缴纳考务费等其他手续办理个人申报",
        "同时接受认定申报资格审核（如有调整，另行通知）",
        "申报及评价时间根据国家及本市技能人才评价相关要求动态调整",
        "每月评价认定场次可适时调整",
        "请务必留言备注",
        "严格遵守考场纪律",
        "实行动态调整，如有调整另行通知",
    ],
)
def test_a_candidate_can_read_what_else_the_notice_says(words: str) -> None:
    """一, 二（一）–（四）, 七."""
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
    assert rules[0].endswith("现将参加职业技能等级认定考生（以下简称参评人员）须知告知如下：")
    assert rules[2] == "二、参评人员有下列行为之一的，取消当次该科目成绩。"
    assert rules[7] == "三、参评人员有下列行为之一的，取消当次全部科目成绩，且当年不得参加评价。"
    assert "2年内不得参加评价；情节严重的，5年内不得参加评价" in rules[13]
    assert rules[21].startswith("评价活动结束后，发现参评人员违纪违规行为并经确认的")
    assert all(rule.endswith(("。", "；", "：")) for rule in rules)
    assert not any(mark in "".join(rules) for mark in ",;:()\n ")


def test_what_the_notice_leaves_open_is_marked_as_assumed_and_nothing_else() -> None:
    """The whole notice: its silences."""
    retakes = {f"occupations[{one}].levels[{level}].fee.retake" for one in range(2) for level in range(2)}
    assert {key for key, _ in assumed_clauses(BOOK)} == retakes | {
        "calendar.days",
        "turnout.counting",
        "turnout.telling",
        "turnout.above.capacity",
        "withdrawal",
        "timetable",
        "pass_mark",
    }


def test_the_assumed_numbers() -> None:
    """The same silences, in numbers."""
    turnout, mark = BOOK.turnout, BOOK.pass_mark
    assert (turnout.counting.counts, turnout.counting.recording_days) == ("paid", 1)
    assert (turnout.telling.days_before, turnout.telling.telephone_days_before_that) == (5, 2)
    assert BOOK.withdrawal.after_postponement == "until_payment_closes"
    assert BOOK.payment.remind_days_before_end == (2, 0)
    assert [(one.starts, one.ends) for one in BOOK.timetable.subjects] == [("09:00", "10:30"), ("13:00", "14:30")]
    assert (mark.points, mark.out_of) == (60, 100)
