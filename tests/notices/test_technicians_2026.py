"""沪技师(2026)1号, sentence by sentence: what the rulebook holds and the pure rules make of it. The docstrings name the article.

Sentences that need HTTP and a database are in test_technicians_2026_stories.py; docs/notices/technicians-2026.md lists all.
"""

from datetime import date, timedelta

import pytest

from server.domain.days import whole_years
from server.domain.eligibility import Claims, Diploma, Verdict, assess
from server.domain.notices import ROUTES, ChannelName, Kind
from server.domain.phases import Phase
from server.domain.retakes import PassedSubject, may_retake
from server.domain.tickets import OnDate, released_on
from server.domain.turnout import Outcome, Sitting, decide
from server.domain.wording import days_text
from server.domain.working_days import DayTable
from server.rulebooks.book import MiniProgram
from tests.domain.technicians import BOOK, dates, shanghai


def test_the_association_assesses_hr_managers_of_levels_4_and_3_and_trainers_of_level_3() -> None:
    """一: 企业人力资源管理师：四、三级。职业培训师：三级。"""
    offered = {one.name: [level.level for level in one.levels] for one in BOOK.occupations}
    assert offered == {"企业人力资源管理师": [4, 3], "职业培训师": [3]}
    assert BOOK.institution.name == "上海市技师协会"


def test_the_notice_is_named_as_it_was_published() -> None:
    """Head and foot: 沪技师(2026)1号, 2026年2月9日."""
    assert (BOOK.notice.number, BOOK.notice.issued_on, BOOK.year) == ("沪技师(2026)1号", date(2026, 2, 9), 2026)
    assert BOOK.notice.title == (
        "上海市技师协会关于开展2026年上海市企业人力资源管理等项目社会化职业技能评价有关操作事项的通知"
    )


def test_what_the_notice_says_besides_is_told() -> None:
    """一, 二（一）, 七2, 七3: changes of policy and of the catalogue, schooling, order in the room."""
    policy, schooling, order, catalogue = BOOK.notice.remarks
    for words in ("国家技能人才评价政策变化", "职业技能评价目录调整", "具体调整事宜届时另行通知"):
        assert words in policy
    for words in ("最低学历要求", "现行国家职业技能标准", "“普通受教育程度”"):
        assert words in schooling
    for words in ("严格遵守考场纪律及相关规定", "附件4"):
        assert words in order
    for words in ("动态调整", "如有调整另行通知"):
        assert words in catalogue


@pytest.mark.parametrize(("today", "may"), [(date(2026, 2, 27), False), (date(2026, 2, 28), True)])
def test_one_must_be_16(today: date, may: bool) -> None:
    """二（一）: 年满16周岁且符合……申报条件的，可申请."""
    born = date(2010, 2, 28)
    student = Claims(born, diplomas=(Diploma("technical", "人力资源管理", final_year=True),))
    answer = assess(BOOK.eligibility, 4, "企业人力资源管理师", student, today)
    assert (answer.verdict is not Verdict.NOT_MET) is may
    assert (whole_years(born, today) >= BOOK.eligibility.minimum_age) is may


CONDITIONS = {
    "4.1": "累计从事本职业或相关职业工作满5年",
    "4.2": "取得本职业或相关职业五级/初级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满3年",
    "4.3": "取得本专业或相关专业的技工院校或中等及以上职业院校、专科及以上普通高等学校毕业证书（含在读应届毕业生）",
    "3.1": "累计从事本职业或相关职业工作满10年",
    "3.2": "取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满4年",
    "3.3": "取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年",
    "3.4": "取得本专业或相关专业的技工院校高级工班及以上毕业证书（含在读应届毕业生）",
    "3.5": "取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书，并取得高等职业学校、"
    "专科及以上普通高等学校本专业或相关专业毕业证书（含在读应届毕业生）",
    "3.6": "取得经评估论证的高等职业学校、专科及以上普通高等学校本专业或相关专业的毕业证书（含在读应届毕业生）",
}


def test_the_conditions_of_levels_4_and_3_stand_word_for_word() -> None:
    """附件1, 2（1）–（3） and 3（1）–（6）; what each means is tested in tests/domain/test_eligibility.py."""
    conditions = [level for level in BOOK.eligibility.levels if level.level in (4, 3)]
    assert {one.id: one.text for level in conditions for one in level.any_of} == CONDITIONS


OTHER_CONDITIONS = {
    "5.1": "年满16周岁，拟从事本职业或相关职业工作",
    "5.2": "年满16周岁，从事本职业或相关职业工作",
    "2.1": "取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年",
    "2.2": "取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满5年，"
    "并在取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书后，从事本职业或相关职业工作满1年",
    "2.3": "取得符合专业对应关系的中级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年",
    "2.4": "取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书的高级技工学校、技师学院毕业生，"
    "累计从事本职业或相关职业工作满2年",
    "2.5": "取得本职业或相关职业三级/高级工职业资格（职业技能等级）证书满2年的技师学院预备技师班、技师班学生",
    "1.1": "取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年",
    "1.2": "取得符合专业对应关系的中级职称后，累计从事本职业或相关职业工作满5年，"
    "并在取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，从事本职业或相关职业工作满1年",
    "1.3": "取得符合专业对应关系的高级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年",
}


def test_the_conditions_of_levels_5_2_and_1_stand_word_for_word() -> None:
    """附件1, 1（1）–（2）, 4（1）–（5） and 5（1）–（3）; what each means: tests/domain/test_eligibility_levels.py."""
    assert [one.level for one in BOOK.eligibility.levels] == [5, 4, 3, 2, 1]
    conditions = [level for level in BOOK.eligibility.levels if level.level in (5, 2, 1)]
    assert {one.id: one.text for level in conditions for one in level.any_of} == OTHER_CONDITIONS


def test_the_notice_lists_no_related_occupations_and_majors() -> None:
    """附件1, notes ⑥ and ⑦: 在具体职业标准中应明确……的范围, and the standards are not part of the notice."""
    assert BOOK.eligibility.related is None


def test_groups_are_sent_to_the_citys_system() -> None:
    """二（二）1: 通过上海市人力资源和社会保障自助经办系统办理团体申报，并提交……报名表和……汇总表."""
    for words in (
        "资格初审",
        "上海市人力资源和社会保障自助经办系统",
        "《职业技能评价报名表》",
        "《职业技能评价申报信息汇总表》",
    ):
        assert words in BOOK.application.group.how
    assert (BOOK.application.group.kind, BOOK.application.group.source) == ("city_system", "二（二）1")


def test_individuals_use_the_mini_program() -> None:
    """二（二）2: 将采用“上海技师协会等级认定”小程序进行操作."""
    individual = BOOK.application.individual
    assert individual == MiniProgram(source="二（二）2", kind="mini_program", name="上海技师协会等级认定")


def test_each_assessment_has_theory_and_practice() -> None:
    """二（三）: 由“理论知识”和“操作技能”科目组成."""
    assert {one.subjects for one in BOOK.occupations} == {("理论知识", "操作技能")}
    assert {one.subject for one in BOOK.timetable.subjects} == {"理论知识", "操作技能"}


# 二（三）, the table, row by row: application, payment, ticket, assessment; first and last days.
TABLE = [
    ("2026-04", "2-23", "3-22", "3-23", "3-29", "4-20", "4月25日、26日"),
    ("2026-08", "6-29", "7-19", "7-20", "7-26", "8-17", "8月22日、23日"),
    ("2026-11", "9-10", "9-30", "10-1", "10-12", "11-2", "11月7日、8日"),
]


def day(text: str) -> date:
    month, number = text.split("-")
    return date(2026, int(month), int(number))


@pytest.mark.parametrize(("month", "apply", "until", "pay", "paid", "ticket", "assessed"), TABLE)
def test_the_table_of_dates(
    month: str, apply: str, until: str, pay: str, paid: str, ticket: str, assessed: str
) -> None:
    """二（三）（1）: 申报月份、等级及认定时间."""
    one = dates(month)
    assert (one.apply.first, one.apply.last) == (day(apply), day(until))
    assert (one.pay.first, one.pay.last, one.ticket_from) == (day(pay), day(paid), day(ticket))
    assert days_text(one.assessed) == assessed


@pytest.mark.parametrize(("month", "apply", "until", "pay", "paid", "ticket", "assessed"), TABLE)
def test_each_window_opens_with_its_first_day_and_closes_with_its_last(
    month: str, apply: str, until: str, pay: str, paid: str, ticket: str, assessed: str
) -> None:
    """二（三）（1）: both days are included, to the second."""
    one, second = dates(month), timedelta(seconds=1)
    for first, last, phase in ((apply, until, Phase.APPLYING), (pay, paid, Phase.PAYING)):
        begins, ends = shanghai(f"{day(first)} 00:00:00"), shanghai(f"{day(last)} 23:59:59")
        assert one.phase(begins) is one.phase(ends) is phase
        assert phase not in {one.phase(begins - second), one.phase(ends + second)}
    assert one.phase(shanghai(f"{day(ticket)} 00:00:00")) is Phase.TICKETS


def test_each_date_is_for_levels_4_and_3_and_each_trade_is_judged_on_its_own() -> None:
    """二（三）（1）: 评价等级 四、三."""
    planned = [(dates.month, occupation.key, level) for occupation, level, dates in BOOK.planned()]
    trades = [("hr", 4), ("hr", 3), ("trainer", 3)]
    assert planned == [(month, *trade) for month in ("2026-04", "2026-08", "2026-11") for trade in trades]


@pytest.mark.parametrize(("month", "decided"), [("2026-04", date(2026, 3, 31)), ("2026-08", date(2026, 7, 28))])
def test_too_few_are_gathered_in_november(month: str, decided: date) -> None:
    """二（三）注: 不足开考条件，将集中于11月统一安排考试. The number 30 is assumed."""
    november = Sitting(3, dates("2026-11").assessed.first)
    short = Sitting(1, dates(month).assessed.first)
    tell_by = dates(month).tell_by(BOOK.turnout.telling.days_before)
    decision = decide(BOOK.turnout, short, 29, 29, [november], tell_by, decided)
    assert (decision.outcome, decision.target) == (Outcome.POSTPONED, november)
    assert decide(BOOK.turnout, short, 30, 30, [november], tell_by, decided).outcome is Outcome.HELD


def test_november_is_held_however_few_come() -> None:
    """二（三）注: 集中于11月统一安排考试, so November itself goes nowhere."""
    november = Sitting(3, dates("2026-11").assessed.first)
    decision = decide(BOOK.turnout, november, 1, 1, [], date(2026, 10, 28), date(2026, 10, 14))
    assert decision.outcome is Outcome.HELD


@pytest.mark.parametrize(("month", "last"), [("2026-04", date(2026, 4, 15)), ("2026-08", date(2026, 8, 12))])
def test_people_are_told_at_least_ten_days_before(month: str, last: date) -> None:
    """二（三）注: 在认定考核前10日前通知; and it is decided early enough for that."""
    turnout = BOOK.turnout
    assert dates(month).tell_by(turnout.telling.days_before) == last
    assert dates(month).decide_from(turnout.counting.recording_days) < shanghai(f"{last} 00:00:00")


def test_they_are_told_by_sms_whatever_wechat_does() -> None:
    """二（三）注: 通过电话或短信的方式."""
    assert ROUTES[Kind.POSTPONED].owed == (ChannelName.SMS,)


def test_paid_is_what_the_account_has_received() -> None:
    """二（四）: 以上海市技师协会等级认定指定银行账户收到的时间为准."""
    assert BOOK.payment.counts_when == "received"


@pytest.mark.parametrize(
    ("trade", "level", "yuan", "retake"), [("hr", 4, 350, 175), ("hr", 3, 400, 200), ("trainer", 3, 400, 200)]
)
def test_the_fees(trade: str, level: int, yuan: int, retake: int) -> None:
    """附件2, 附件3: 评价服务费 and 补考收费 per module."""
    fee = BOOK.occupation(trade).level(level).fee
    assert fee.fen == yuan * 100
    assert [fee.retake_fen(subject) for subject in ("理论知识", "操作技能")] == [retake * 100] * 2


def test_the_ticket_can_also_be_fetched_from_the_site_that_the_notice_names() -> None:
    """二（五）: 登入网址 shhr.ata-test.net.cn，输入姓名及身份证号."""
    for rule in (BOOK.tickets.individual, BOOK.tickets.group):
        assert "shhr.ata-test.net.cn" in rule.how
        assert "姓名及身份证号" in rule.how


@pytest.mark.parametrize(
    ("month", "released"),
    [("2026-04", date(2026, 4, 20)), ("2026-08", date(2026, 8, 17)), ("2026-11", date(2026, 11, 2))],
)
def test_individuals_and_bodies_download_their_tickets_from_the_published_day(month: str, released: date) -> None:
    """二（三）, 二（五）: 下载准考证日期; 各社会培训机构、职业院校及个人参评人员可……下载及打印. A Monday, the week before."""
    one = dates(month)
    decided = one.decide_from(BOOK.turnout.counting.recording_days).date()
    for rule in (BOOK.tickets.individual, BOOK.tickets.group):
        assert isinstance(rule, OnDate)
        assert rule.given == "download"
        assert released_on(rule, one.assessed.first, one.ticket_from, decided, DayTable()) == released
    assert timedelta(0) < one.assessed.first - released <= timedelta(days=7)


def test_results_come_within_20_working_days_or_30_where_papers_are_marked() -> None:
    """三: 一般20个工作日内……涉及阅卷及工件检测的项目，30个工作日."""
    assert (BOOK.results.working_days, BOOK.results.working_days_with_marking) == (20, 30)
    for words in ("随申办", "人力资源和社会保障局-劳动就业-职业技能证书查询", "www.osta.org.cn"):
        assert words in BOOK.results.where


def test_a_passed_subject_stays_valid_for_two_years() -> None:
    """四1: 四级、三级成绩有效期两年."""
    assert [(one.levels, one.years) for one in BOOK.retakes.validity] == [((4, 3), 2)]
    assert BOOK.retakes.source == "四"


@pytest.mark.parametrize("level", [4, 3])
@pytest.mark.parametrize(
    ("today", "may"), [(date(2026, 4, 27), True), (date(2028, 4, 25), True), (date(2028, 4, 26), False)]
)
def test_within_two_years_the_failed_subject_is_sat_again_and_later_all_are(
    level: int, today: date, may: bool
) -> None:
    """四1: 超过成绩有效期须重新申报所有科目的等级认定."""
    verdict = may_retake(BOOK.retakes, level, (PassedSubject("理论知识", date(2026, 4, 25)),), today)
    assert (verdict.allowed, verdict.until) == (may, date(2028, 4, 25))
    assert ("须重新申报所有科目" in verdict.why) is not may


def test_a_new_application_gives_up_the_retake_and_the_passed_subjects() -> None:
    """四2: 重新进行了同职业（工种）同等级的新职业技能等级申报，则视为放弃补考机会."""
    passed, today = (PassedSubject("理论知识", date(2026, 4, 25)),), date(2026, 9, 10)
    verdict = may_retake(BOOK.retakes, 4, passed, today, applied_anew=True)
    assert not verdict.allowed
    assert "视为放弃补考" in verdict.why


def test_who_failed_in_a_city_competition_cannot_retake() -> None:
    """四4: 参加本市职业技能竞赛成绩不合格者，不能进行补考."""
    passed, today = (PassedSubject("理论知识", date(2026, 4, 25)),), date(2026, 9, 10)
    verdict = may_retake(BOOK.retakes, 4, passed, today, failed_in_competition=True)
    assert not verdict.allowed
    assert "本市职业技能竞赛" in verdict.why


def test_the_four_sentences_on_retakes_stand_as_the_notice_says_them() -> None:
    """四1–4."""
    assert BOOK.retakes.rules == (
        "参评人员参加职业技能评价如部分科目成绩不合格，可按规定申请补考。"
        "四级、三级成绩有效期两年，超过成绩有效期须重新申报所有科目的等级认定。",
        "如参评人员在成绩有效期内重新进行了同职业（工种）同等级的新职业技能等级申报，则视为放弃补考机会，之前的合格科目成绩不再保留。",
        "补考有效期内考核模式如发生变化，应按公布的补考方案进行申报。",
        "参加本市职业技能竞赛成绩不合格者，不能进行补考。",
    )


def test_certificates_are_electronic_and_on_paper_only_on_request() -> None:
    """五: 需纸质证书须要在申报表相关栏目里勾选……团体申报的统一由申报单位领取；个人……快递方式发放."""
    certificates = BOOK.certificates
    assert (certificates.electronic, certificates.paper) == (True, "on_request")
    assert certificates.individual == "用快递方式发放（快递费由参评人员自理）"
    assert certificates.group == "统一由申报单位领取"
    assert certificates.reissue == ""  # the notice does not say how a lost one is given out again


def test_where_the_window_is_when_it_is_open_and_whom_to_call() -> None:
    """六（一）–（五）."""
    one = BOOK.institution
    assert one.address == "上海市技师协会相关业务受理窗口（广济路838号A栋A207室）"
    assert one.hours == "工作日上午9:30-11:30，下午13:30-16:00（节假日除外）"
    assert one.telephone == "021-62418668"
    assert one.complaints == (
        "上海市技师协会：021-62411384",
        "上海市职业技能鉴定中心：400-820-9278（工作日上午9:30-11:00，下午13:30-16:30）",
    )
    assert [site.url for site in one.websites] == ["http://biaozhun.osta.org.cn/", "https://www.jnsh.org.cn/"]


def test_the_declaration_says_what_follows_from_false_papers() -> None:
    """七1, 附件4 一: 承诺提供的申报材料均真实、有效，一经查实……."""
    for words in ("均真实、有效", "取消考试资格及考试成绩", "不予退还", "已获得的证书作无效处理"):
        assert words in BOOK.application.declaration


def test_the_rules_for_candidates_are_the_whole_of_annex_4() -> None:
    """附件4: the introduction, 一 to 四 with their 4, 5 and 7 items, and the closing paragraph."""
    rules = BOOK.conduct.rules
    assert len(rules) == 22
    assert [rule[:2] for rule in rules if rule[1] == "、"] == [
        *("一、", "二、", "1、", "2、", "3、", "4、", "三、", "1、", "2、", "3、", "4、", "5、", "四、"),
        *("1、", "2、", "3、", "4、", "5、", "6、", "7、"),
    ]
    assert rules[0].startswith("为规范技能人才评价违纪违规行为的认定与处理")
    assert rules[2] == "二、参评人员有下列行为之一的，取消当次该科目成绩。"
    assert rules[7] == "三、参评人员有下列行为之一的，取消当次全部科目成绩，且当年不得参加评价。"
    assert "2年内不得参加评价；情节严重的，5年内不得参加评价" in rules[13]
    assert rules[21].startswith("评价活动结束后，发现参评人员违纪违规行为并经确认的")
    assert all(rule.endswith(("。", "；", "：")) for rule in rules)
    assert not any(mark in "".join(rules) for mark in ",;:()\n")
