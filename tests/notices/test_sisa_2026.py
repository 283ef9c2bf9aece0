"""上海市信息安全行业协会, 2026年1月15日, sentence by sentence: what the rulebook holds and the pure rules make of it. The docstrings
name the article.

The sittings of 二（三） and the tickets of 二（五） are in test_sisa_2026_sittings.py; docs/notices/sisa-2026.md lists all
sentences.
"""

from datetime import date, timedelta

import pytest

from server.domain.eligibility import Certificate, Claims, Diploma, Title, Verdict, Work, assess
from server.domain.fees import PerSubject, RetakeAtOwnFee
from server.domain.retakes import PassedSubject, may_retake
from server.rulebooks.book import AtWindow
from server.rulebooks.loader import FOLDER, load_file
from tests.domain.technicians import BOOK as TECHNICIANS
from tests.notices.monthly_year import HOLIDAYS

BOOK = load_file(FOLDER / "sisa-2026.toml").book
NETSEC, INFOSEC = "网络与信息安全管理员（网络安全管理员）", "网络与信息安全管理员（信息安全管理员）"


def test_the_notice_is_named_as_it_was_published() -> None:
    """Head and foot: 2026年1月15日; no number is printed."""
    assert (BOOK.notice.number, BOOK.notice.issued_on, BOOK.year) == ("", date(2026, 1, 15), 2026)
    assert BOOK.notice.title == (
        "上海市信息安全行业协会关于开展2026年上海市网络与信息安全管理员（网络安全管理员）等项目"
        "社会化职业技能评价有关操作事项的通知"
    )


def test_the_association_assesses_both_security_trades_of_levels_4_and_3() -> None:
    """一, the table: 职业编码，职业（工种）名称，等级 4、3."""
    offered = [(one.key, one.code, one.name, [level.level for level in one.levels]) for one in BOOK.occupations]
    assert offered == [("netsec", "4-04-04-02", NETSEC, [4, 3]), ("infosec", "4-04-04-02", INFOSEC, [4, 3])]


def test_the_association_is_named_with_its_registry_number() -> None:
    """一, the table: 社评组织名称，机构备案号."""
    assert (BOOK.institution.name, BOOK.institution.registry_number) == ("上海市信息安全行业协会", "S000031300073")


@pytest.mark.parametrize("trade", [NETSEC, INFOSEC])
@pytest.mark.parametrize(
    ("today", "verdict"), [(date(2026, 2, 27), Verdict.NOT_MET), (date(2026, 2, 28), Verdict.NEEDS_REVIEW)]
)
def test_one_must_be_16(trade: str, today: date, verdict: Verdict) -> None:
    """二（一）: 年满16周岁且符合……申报条件的，可申请."""
    student = Claims(date(2010, 2, 28), diplomas=(Diploma("technical", "网络安全", final_year=True),))
    assert assess(BOOK.eligibility, 4, trade, student, today).verdict is verdict


def test_the_conditions_are_those_of_the_2023_national_rules() -> None:
    """二（一）, 附件1: the same sentences as in the technicians' annex 1, which their own tests hold word for word."""
    assert BOOK.eligibility.standard == "national-2023"
    assert BOOK.eligibility.levels == TECHNICIANS.eligibility.levels


TODAY, BORN = date(2026, 3, 1), date(1980, 1, 1)
TEN_YEARS, FIVE_YEARS, A_YEAR = date(2016, 3, 1), date(2021, 3, 1), date(2025, 3, 1)
WORKER = Claims(BORN, work=(Work(TEN_YEARS, None, NETSEC),))
NEWCOMER = Claims(BORN, work=(Work(date(2021, 3, 2), None, NETSEC),))
SKILLED = Claims(BORN, work=WORKER.work, certificates=(Certificate(NETSEC, 4, FIVE_YEARS),))
TITLED = Claims(BORN, work=(Work(A_YEAR, None, NETSEC),), titles=(Title("junior", A_YEAR),))
GRADUATE = Claims(BORN, diplomas=(Diploma("technical_senior", "网络与信息安全"),))


@pytest.mark.parametrize(
    ("level", "claims", "alternative", "verdict"),
    [
        (4, WORKER, "4.1", Verdict.NEEDS_REVIEW),
        (4, NEWCOMER, "4.1", Verdict.NOT_MET),
        (4, GRADUATE, "4.3", Verdict.NEEDS_REVIEW),
        (3, WORKER, "3.1", Verdict.NEEDS_REVIEW),
        (3, NEWCOMER, "3.1", Verdict.NOT_MET),
        (3, SKILLED, "3.2", Verdict.NEEDS_REVIEW),
        (3, TITLED, "3.3", Verdict.NEEDS_REVIEW),
        (3, GRADUATE, "3.4", Verdict.NEEDS_REVIEW),
        (3, GRADUATE, "3.5", Verdict.NOT_MET),
    ],
)
def test_without_lists_of_related_jobs_and_majors_a_clerk_judges(
    level: int, claims: Claims, alternative: str, verdict: Verdict
) -> None:
    """附件1, notes ⑥–⑧: 在具体职业标准中应明确……的范围, and the standards are not part of the notice."""
    assert BOOK.eligibility.related is None
    finding = assess(BOOK.eligibility, level, NETSEC, claims, TODAY).finding(alternative)
    assert finding is not None
    assert finding.verdict is verdict


def test_groups_are_sent_to_the_citys_system() -> None:
    """二（二）: 经……资格初审后，通过上海市人力资源和社会保障自助经办系统办理团体申报."""
    for words in ("社会培训机构、院校进行资格初审", "上海市人力资源和社会保障自助经办系统"):
        assert words in BOOK.application.group.how


def test_individuals_apply_at_the_window_with_three_papers() -> None:
    """二（二）: 可到个人业务受理窗口……办理个人报名。个人报名所需提供材料."""
    individual = BOOK.application.individual
    assert isinstance(individual, AtWindow)
    assert individual.address == "浦东新区懿德路519号1号楼902-903室"
    assert individual.materials == (
        "《职业技能等级认定参评人员须知》（见附件2）",
        "个人2寸证件照1张",
        "相关佐证材料",
    )


def test_paid_is_what_the_account_has_received() -> None:
    """二（四）1: 缴费完成时间以“等级认定考务费”交至协会指定账户为准, and the account as it is printed."""
    account = BOOK.payment.account
    assert account is not None
    assert (BOOK.payment.counts_when, account.holder) == ("received", "上海市信息安全行业协会")
    assert (account.bank, account.number) == ("中国银行上海市浦东分行", "435162595815")
    assert (account.tax_id, account.address) == ("513100005017785741", "上海市张衡路200号、33931881")


def test_proof_of_payment_is_mailed_under_the_printed_subject() -> None:
    """二（四）1: 请尽快以“考核费+单位(个人)名称+项目名称(等级)+人数”为邮件名，将缴纳凭证……发至邮箱."""
    proof = BOOK.payment.proof
    assert proof is not None
    assert (proof.to, proof.subject) == ("sisa2024@163.com", "考核费+单位(个人)名称+项目名称(等级)+人数")
    assert sum("将缴纳凭证截屏或扫描、开票信息等资料发至邮箱" in remark for remark in BOOK.notice.remarks) == 1


@pytest.mark.parametrize("trade", ["netsec", "infosec"])
@pytest.mark.parametrize(("level", "theory", "practice", "total"), [(4, 100, 400, 500), (3, 100, 450, 550)])
def test_the_fees(trade: str, level: int, theory: int, practice: int, total: int) -> None:
    """二（四）2: 理论知识 + 操作技能 = 合计; a subject sat again costs its own fee, which is assumed."""
    fee = BOOK.occupation(trade).level(level).fee
    assert isinstance(fee, PerSubject)
    assert [(one.subject, one.yuan) for one in fee.by_subject] == [("理论知识", theory), ("操作技能", practice)]
    assert fee.fen == total * 100
    assert (type(fee.retake), fee.retake.assumed) == (RetakeAtOwnFee, True)
    assert [fee.retake_fen(subject) for subject in fee.subjects] == [theory * 100, practice * 100]


def test_nothing_is_forfeited_for_the_notice_says_nothing_of_it() -> None:
    """二（四）: no time is set after which a fee is given up."""
    assert BOOK.payment.forfeit is None


def test_results_come_within_20_working_days_or_30_where_papers_are_marked() -> None:
    """三: 一般20个工作日内……涉及阅卷及工件检测的项目……30个工作日内."""
    results = BOOK.results
    assert (results.working_days, results.working_days_with_marking) == (20, 30)
    assert HOLIDAYS.after(date(2026, 3, 28), results.working_days) == date(2026, 4, 27)
    assert HOLIDAYS.after(date(2026, 3, 28), 30) == date(2026, 5, 13)
    for words in ("随申办", "人力资源和社会保障局-劳动就业-职业技能证书查询", "www.osta.org.cn"):
        assert words in results.where


PASSED = (PassedSubject("理论知识", date(2026, 3, 28)),)


@pytest.mark.parametrize(
    ("level", "until"),
    [
        *((level, date(2028, 3, 28)) for level in (5, 4, 3)),
        *((level, date(2029, 3, 28)) for level in (2, 1)),
    ],
)
def test_a_passed_subject_stays_valid_for_two_years_or_three_for_levels_2_and_1(level: int, until: date) -> None:
    """四（一）: 五级、四级、三级成绩有效期均为两年，二级、一级补考有效期为三年."""
    assert may_retake(BOOK.retakes, level, PASSED, until).allowed
    late = may_retake(BOOK.retakes, level, PASSED, until + timedelta(days=1))
    assert (late.allowed, late.until) == (False, until)


def test_who_applies_anew_gives_the_retake_up() -> None:
    """四（二）: 视为放弃补考机会，之前的合格科目成绩不再保留."""
    assert not may_retake(BOOK.retakes, 3, PASSED, date(2026, 5, 1), applied_anew=True).allowed


def test_who_failed_in_a_city_competition_cannot_retake() -> None:
    """四（四）: 参加本市职业技能竞赛成绩不合格者，不能进行补考."""
    assert not may_retake(BOOK.retakes, 3, PASSED, date(2026, 5, 1), failed_in_competition=True).allowed


def test_the_rules_of_retakes_stand_word_for_word() -> None:
    """四（一）–（四）."""
    assert BOOK.retakes.rules == (
        "参评人员参加职业技能评价如部分科目成绩不合格，可按规定申请补考。五级、四级、三级成绩有效期均为两年，"
        "二级、一级补考有效期为三年，超过成绩有效期须重新申报所有科目认定。",
        "如参评人员在成绩有效期内重新进行了同职业（工种）同等级的新职业技能等级申报，则视为放弃补考机会，"
        "之前的合格科目成绩不再保留。",
        "补考有效期内考核模式如发生变化，应按公布的补考方案进行申报。",
        "参加本市职业技能竞赛成绩不合格者，不能进行补考。",
    )


def test_certificates_are_collected() -> None:
    """五（一）, （二）: 由相应社会培训机构或职业院校统一领取；由本人至业务受理点领取."""
    certificates = BOOK.certificates
    assert (certificates.electronic, certificates.paper) == (False, "collected")
    assert certificates.group == "由相应社会培训机构或职业院校统一领取"
    assert certificates.individual == "由本人至业务受理点领取"


def test_where_the_window_is_when_it_is_open_and_whom_to_call() -> None:
    """六（一）–（五）; （一） is left blank, so the address is that of the window in 二（二）."""
    one = BOOK.institution
    assert one.address == "浦东新区懿德路519号1号楼902-903室"
    assert one.hours == "周一至周五（工作日上午9:30-11:00，下午13:30-16:30）"
    assert (one.telephone, one.email) == ("13482120132", "sisa2024@163.com")
    assert one.complaints == (
        "上海市职业技能鉴定中心：400-820-9278（工作日上午9:30-11:00，下午13:30-16:30）",
        "上海市信息安全行业协会：18601641457（工作日上午9:30-11:00，下午13:30-16:30）",
    )
    assert [(site.name, site.url) for site in one.websites] == [
        ("国家职业技能标准查询", "http://biaozhun.osta.org.cn/"),
        ("上网文件查询", "https://www.sisa.org.cn/main.aspx?paraId=118"),
    ]


def test_the_declaration_says_what_follows_from_false_papers() -> None:
    """七, 附件2 一: 承诺提供的申报材料和信息真实有效，一经查实……."""
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
        "具体认定日期以准考证信息为准",  # 二（三）注
        "每月认定场次可适时调整，具体时间由协会统一安排并另行通知",  # 二（三）注
        "微信公众号：上海市信息安全行业协会",  # 六（五）1
        "具体参照附件《职业技能等级认定参评人员须知》",  # 七
        "社评组织及评价职业（工种）等相关内容将根据本市备案及运行情况实行动态调整，如有调整另行通知",  # 七
    ],
)
def test_what_people_may_still_change_can_be_read(words: str) -> None:
    """一, 二（一）, 二（三）注, 六（五）, 七."""
    assert [remark[-1] for remark in BOOK.notice.remarks if words in remark] == ["。"]


def test_the_rules_for_candidates_are_the_whole_of_annex_2() -> None:
    """附件2: the same text as the technicians' annex 4, which their own tests hold."""
    assert BOOK.conduct.rules == TECHNICIANS.conduct.rules
