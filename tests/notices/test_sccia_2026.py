"""沪商密协[2026]2号, sentence by sentence: what the rulebook holds and the pure rules make of it. The docstrings name the article.

The sittings of 二（三） and the tickets of 二（五） are in test_sccia_2026_sittings.py; docs/notices/sccia-2026.md lists all sentences.
"""

from datetime import date

import pytest

from server.domain.eligibility import Certificate, Claims, Diploma, Verdict, Work, assess
from server.domain.fees import PerSubject
from server.domain.retakes import PassedSubject, may_retake, years_later
from server.rulebooks.book import AtWindow
from server.rulebooks.loader import FOLDER, load_file
from tests.domain.technicians import BOOK as TECHNICIANS
from tests.notices.monthly_year import HOLIDAYS

BOOK = load_file(FOLDER / "sccia-2026.toml").book
CRYPTO = BOOK.occupation("crypto")


def test_the_notice_is_named_as_it_was_published() -> None:
    """Head: 沪商密协[2026]2号; no day is printed."""
    assert (BOOK.notice.number, BOOK.notice.issued_on, BOOK.year) == ("沪商密协[2026]2号", None, 2026)
    assert BOOK.notice.title == (
        "上海市商用密码行业协会关于开展2026年上海市密码技术应用员社会化职业技能评价有关操作事项的通知"
    )


def test_the_association_assesses_applied_cryptographers_of_level_4() -> None:
    """一: 密码技术应用员：中级/四级. No 职业编码 is printed."""
    offered = {(one.name, one.code): [level.level for level in one.levels] for one in BOOK.occupations}
    assert offered == {("密码技术应用员", ""): [4]}
    assert BOOK.institution.name == "上海市商用密码行业协会"


@pytest.mark.parametrize(("today", "verdict"), [(date(2026, 2, 27), "not_met"), (date(2026, 2, 28), "met")])
def test_one_must_be_16(today: date, verdict: str) -> None:
    """二（一）: 年满16周岁且符合密码技术应用员申报条件的，可申请."""
    student = Claims(date(2010, 2, 28), diplomas=(Diploma("technical", "密码技术应用", final_year=True),))
    assert assess(BOOK.eligibility, 4, CRYPTO.name, student, today).verdict == verdict


def test_the_conditions_are_those_of_the_2023_national_rules() -> None:
    """二（一）, 附件1: the same sentences as in the technicians' annex 1, which their own tests hold word for word."""
    assert BOOK.eligibility.standard == "national-2023"
    assert BOOK.eligibility.levels == TECHNICIANS.eligibility.levels


OCCUPATIONS = (
    "信息通信网络运行管理员、网络与信息安全管理、信息通信信息化系统管理员、计算机程序设计员、计算机软件测试员、"
    "通信工程技术人员、计算机硬件工程技术人员、计算机软件工程技术人员、计算机网络工程技术人员、信息系统分析工程技术人员、"
    "嵌入式系统设计工程技术人员、信息安全工程技术人员、信息系统运行维护工程技术人员等"
)
MAJORS = (
    "密码科学与技术、密码技术应用、应用数学、信息安全、网络空间安全、网络信息安全、网络与信息安全管理、信息安全与管理、"
    "网络安全与执法、保密技术、大数据技术与应用、电子技术应用、电子商务技术、电子与计算机工程、电子与信息技术、"
    "工业互联网技术应用、计算机程序设计、计算机科学与技术、计算机网络技术、计算机网络应用、网络工程、计算机系统与维护、"
    "计算机信息管理、计算机应用技术、计算机应用与维修、计算机与数码产品维修、空间信息与数字技术、区块链工程、"
    "人工智能技术服务、人工智能技术应用、软件工程、软件技术、软件与信息服务、数据科学与大数据技术、数字媒体技术、"
    "数字媒体技术应用、通信技术、通信网络应用、通信系统工程安装与维护、通信运营服务、网络安防系统安装与维护、"
    "网站建设与管理、物联网工程、物联网技术应用、物联网应用技术、新媒体技术、虚拟现实技术、虚拟现实技术应用、"
    "虚拟现实应用技术、移动应用技术与服务、移动应用开发、云计算技术应用、云计算技术与应用、智能科学与技术等"
)


def test_related_occupations_and_majors_are_listed_word_for_word() -> None:
    """附件1: 相关职业：……等；本专业或相关专业：……等. One trade is printed without 员 and stands in the list both ways."""
    related = BOOK.eligibility.related
    assert related is not None
    printed = [name for name in related.occupations if name != "网络与信息安全管理员"]
    assert "、".join(printed) + "等" == OCCUPATIONS
    assert len(related.occupations) == len(printed) + 1
    assert "、".join(related.majors) + "等" == MAJORS


TODAY, BORN = date(2026, 3, 1), date(1990, 1, 1)
FIVE_YEARS, A_DAY_LESS, THREE_YEARS = date(2021, 3, 1), date(2021, 3, 2), date(2023, 3, 1)
BEGINNER = Certificate("计算机程序设计员", 5, THREE_YEARS)


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        (Claims(BORN, work=(Work(FIVE_YEARS, None, "密码技术应用员"),)), Verdict.MET),
        (Claims(BORN, work=(Work(FIVE_YEARS, None, "通信工程技术人员"),)), Verdict.MET),
        (Claims(BORN, work=(Work(FIVE_YEARS, None, "网络与信息安全管理"),)), Verdict.MET),
        (Claims(BORN, work=(Work(FIVE_YEARS, None, "网络与信息安全管理员"),)), Verdict.MET),
        (Claims(BORN, work=(Work(FIVE_YEARS, None, "文员"),)), Verdict.NEEDS_REVIEW),
        (Claims(BORN, work=(Work(A_DAY_LESS, None, "密码技术应用员"),)), Verdict.NOT_MET),
        (Claims(BORN, work=(Work(THREE_YEARS, None, "软件测试"),), certificates=(BEGINNER,)), Verdict.NEEDS_REVIEW),
        (Claims(BORN, work=(Work(THREE_YEARS, None, "计算机程序设计员"),), certificates=(BEGINNER,)), Verdict.MET),
        (Claims(BORN, certificates=(BEGINNER,)), Verdict.NOT_MET),
        (Claims(BORN, diplomas=(Diploma("secondary_vocational", "应用数学"),)), Verdict.MET),
        (Claims(BORN, diplomas=(Diploma("college", "智能科学与技术", final_year=True),)), Verdict.MET),
        (Claims(BORN, diplomas=(Diploma("college", "法学"),)), Verdict.NEEDS_REVIEW),
        (Claims(BORN), Verdict.NOT_MET),
    ],
)
def test_what_is_on_the_lists_meets_level_4_and_what_is_not_is_left_to_a_clerk(
    claims: Claims, verdict: Verdict
) -> None:
    """附件1, 四级（1）–（3） with the two lists, which end with 等."""
    assert assess(BOOK.eligibility, 4, CRYPTO.name, claims, TODAY).verdict is verdict


def test_groups_are_sent_to_the_citys_system() -> None:
    """二（二）: 经……资格初审后，通过上海市人力资源和社会保障自助经办系统办理团体申报."""
    for words in ("社会培训机构、院校进行资格初审", "上海市人力资源和社会保障自助经办系统"):
        assert words in BOOK.application.group.how


def test_individuals_apply_at_the_window_with_the_signed_form() -> None:
    """二（二）: 可到上海市徐汇区余庆路154号1楼现场办理; 附件4 一: 签字后，提交原件."""
    individual = BOOK.application.individual
    assert isinstance(individual, AtWindow)
    assert individual.address == "上海市徐汇区余庆路154号1楼"
    assert individual.materials == (
        "经系统生成、由参评人员确认所填信息无误并签字的报名表原件",
        "符合申报条件（附件1）的申报材料",
    )


def test_each_assessment_has_theory_and_practice() -> None:
    """二（三）: 考核内容 理论知识、实操技能."""
    assert CRYPTO.subjects == ("理论知识", "实操技能")
    assert {one.subject for one in BOOK.timetable.subjects} == {"理论知识", "实操技能"}


def test_paid_is_what_the_account_has_received() -> None:
    """二（四）: 缴纳完成时间以“考核费”交至……指定账户为准. The account is not printed: staff set it."""
    assert (BOOK.payment.counts_when, BOOK.payment.account) == ("received", None)


def test_the_fee_is_500_yuan_theory_200_and_practice_300() -> None:
    """附件3: 考核费用 理论知识200元，实操技能300元，费用合计500元."""
    fee = CRYPTO.level(4).fee
    assert isinstance(fee, PerSubject)
    assert [(one.subject, one.yuan) for one in fee.by_subject] == [("理论知识", 200), ("实操技能", 300)]
    assert fee.fen == 500_00


@pytest.mark.parametrize(("subject", "yuan"), [("理论知识", 200), ("实操技能", 300)])
def test_a_subject_sat_again_costs_what_the_annex_lists(subject: str, yuan: int) -> None:
    """附件3: 补考收费标准."""
    assert CRYPTO.level(4).fee.retake_fen(subject) == yuan * 100


def test_who_pays_and_does_not_sit_within_a_year_gives_the_fee_up() -> None:
    """附件3注: 付费一年内，未参加认定的，视作自动放弃，费用不予退还."""
    forfeit = BOOK.payment.forfeit
    assert forfeit is not None
    assert (forfeit.years, forfeit.assumed) == (1, False)
    assert years_later(date(2026, 3, 10), forfeit.years) == date(2027, 3, 10)


def test_results_come_within_20_working_days() -> None:
    """三: 一般20个工作日内……查询成绩及证书信息. Nothing is said of papers that are marked."""
    assert (BOOK.results.working_days, BOOK.results.working_days_with_marking) == (20, None)
    assert HOLIDAYS.after(date(2026, 3, 28), BOOK.results.working_days) == date(2026, 4, 27)
    for words in ("随申办", "人力资源和社会保障局-劳动就业-职业技能证书查询", "www.osta.org.cn"):
        assert words in BOOK.results.where


PASSED = (PassedSubject("理论知识", date(2026, 3, 28)),)


@pytest.mark.parametrize(("today", "may"), [(date(2028, 3, 28), True), (date(2028, 3, 29), False)])
def test_a_passed_subject_stays_valid_for_two_years(today: date, may: bool) -> None:
    """四（一）: 部分科目成绩不合格，可按规定申请补考。四级成绩有效期均为两年."""
    verdict = may_retake(BOOK.retakes, 4, PASSED, today)
    assert (verdict.allowed, verdict.until) == (may, date(2028, 3, 28))


def test_who_applies_anew_gives_the_retake_up() -> None:
    """四（二）: 视为放弃补考机会，之前的合格科目成绩不再保留."""
    assert not may_retake(BOOK.retakes, 4, PASSED, date(2026, 5, 1), applied_anew=True).allowed


def test_who_failed_in_a_city_competition_cannot_retake() -> None:
    """四（四）: 参加本市职业技能竞赛成绩不合格者，不能进行补考."""
    assert not may_retake(BOOK.retakes, 4, PASSED, date(2026, 5, 1), failed_in_competition=True).allowed


def test_the_rules_of_retakes_stand_word_for_word() -> None:
    """四（一）–（四）."""
    assert BOOK.retakes.rules == (
        "参评人员参加职业技能评价如部分科目成绩不合格，可按规定申请补考。"
        "四级成绩有效期均为两年，超过成绩有效期须重新申报所有科目认定。",
        "如参评人员在成绩有效期内重新进行了同职业（工种）同等级的新职业技能等级申报，则视为放弃补考机会，"
        "之前的合格科目成绩不再保留。",
        "补考有效期内考核模式如发生变化，应按公布的补考方案进行申报。",
        "参加本市职业技能竞赛成绩不合格者，不能进行补考。",
    )


def test_certificates_are_collected_at_the_window_by_appointment() -> None:
    """五: 团体申报的由申报机构……预约领取；个人申报的……预约领取."""
    certificates = BOOK.certificates
    assert (certificates.electronic, certificates.paper) == (False, "collected")
    where = "按业务受理时间至上海市商用密码行业协会业务受理窗口（徐汇区余庆路154号1楼）预约领取"
    assert (certificates.individual, certificates.group) == (where, f"由申报机构{where}")


def test_where_the_window_is_when_it_is_open_and_whom_to_call() -> None:
    """六（一）–（五）."""
    one = BOOK.institution
    assert one.address == "上海市徐汇区余庆路154号1楼"
    assert one.hours == "上午09:30-11:00，下午13:00-15:30（节假日除外）"
    assert one.telephone == "021-61275178"
    assert one.complaints == (
        "上海市商用密码行业协会：13564186229（工作日上午9:30-11:00，下午13:00-15:30）",
        "上海市职业技能鉴定中心：400-820-9278（工作日上午9:30-11:00，下午13:30-16:30）",
    )
    assert [(site.name, site.url) for site in one.websites] == [
        ("国家职业技能标准查询", "http://biaozhun.osta.org.cn/"),
        ("上网文件查询", "https://mgj.sh.gov.cn/apps/new-view/index#!/home/articleView/477409"),
        ("考核指导手册查询", "https://mgj.sh.gov.cn/apps/new-view/index#!/home/articleView/480554"),
    ]


def test_the_declaration_says_what_follows_from_false_papers() -> None:
    """七（一）, 附件4 一: 承诺提供的申报材料和信息真实有效，一经查实……."""
    for words in (
        "提供的申报材料和信息均真实、有效",
        "严格遵守考场纪律及相关规定",
        "取消考试资格及考试成绩",
        "虚假材料及考核评价费不予退还",
        "已获得的证书作无效处理",
    ):
        assert words in BOOK.application.declaration


@pytest.mark.parametrize(
    "words",
    [
        "如遇国家技能人才评价政策变化、职业技能评价目录调整等情况",  # 一
        "最低学历要求按现行国家职业技能标准中“普通受教育程度”执行",  # 二（一）
        "具体参照附件4《职业技能评价参评人员须知》",  # 七（一）
        "若遇国定假期调整或重大活动等特殊情况，认定日期、时间等有关安排由上海市商用密码行业协会进行调整并通知",  # 七（二）
        "社评组织及评价职业（工种）等相关内容将根据本市备案及运行情况实行动态调整，如有调整另行通知",  # 七（三）
        "申报及评价时间根据国家及本市技能人才评价相关要求动态调整",  # 附件2
        "考生付费完成后，若在规定时间内（即付费一年内），未参加认定的，视作自动放弃，费用不予退还",  # 附件3
    ],
)
def test_what_people_may_still_change_can_be_read(words: str) -> None:
    """一, 二（一）, 七, and the notes under 附件2 and 附件3."""
    assert [remark[-1] for remark in BOOK.notice.remarks if words in remark] == ["。"]


def test_the_rules_for_candidates_are_the_whole_of_annex_4() -> None:
    """附件4: as the technicians' annex 4, which their own tests hold, but for 四 6, which adds attacks over the network."""
    rules = list(BOOK.conduct.rules)
    assert rules[19] == (
        "6、以网络攻击的形式破坏考试环境或故意损毁评价设备（含视频监控系统）、材料，"
        "造成设备事故、人身伤害或设备主要零部件损坏的；"
    )
    rules[19] = TECHNICIANS.conduct.rules[19]
    assert tuple(rules) == TECHNICIANS.conduct.rules
