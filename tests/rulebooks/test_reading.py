"""A rulebook in words: nothing of it is left out, every rule has its source, and what is assumed is marked."""

import re
from pathlib import Path

import pytest

from server.rulebooks.book import Rulebook
from server.rulebooks.loader import FOLDER, load_all
from server.rulebooks.places import assumed, leaves
from server.rulebooks.reading import in_words
from tests.rulebooks.samples import SAMPLES, edited, mid_month, monthly
from tests.rulebooks.toml_text import refused, save

BOOKS = SAMPLES | {one.book.slug: one.book for one in load_all(FOLDER)}
# Of the conditions a clerk reads the sentences; what the program makes of them is judged by the tests of eligibility.
SAID_BY_THE_SENTENCE = re.compile(
    r"eligibility\.levels\[\d\]\.any_of\[\d\]\."
    r"(kind|says|years|level|grade|schools(\[\d\])?|title_years|certificate_years|course_assessed)"
)


@pytest.fixture(params=sorted(BOOKS))
def book(request: pytest.FixtureRequest) -> Rulebook:
    return BOOKS[request.param]


def text(book: Rulebook) -> str:
    return "\n".join(in_words(book))


def test_the_samples_are_rulebooks(tmp_path: Path) -> None:
    assert [refused(save(tmp_path, data)) for data in (monthly(), mid_month())] == [[], []]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_whatever_is_changed_in_a_rulebook_is_seen_in_its_words(name: str) -> None:
    book = SAMPLES[name]
    told = text(book)
    offered = {level.level for one in book.occupations for level in one.levels}
    unseen = []
    for key, changed in edited(book):
        conditions = re.match(r"eligibility\.levels\[(\d)\]", key)
        if conditions and book.eligibility.levels[int(conditions[1])].level not in offered:
            continue
        if not SAID_BY_THE_SENTENCE.fullmatch(key) and text(changed) == told:
            unseen.append(key)
    assert unseen == []


def test_every_text_of_every_rulebook_stands_in_its_words(book: Rulebook) -> None:
    offered = {level.level for one in book.occupations for level in one.levels}
    told = text(book)
    missing = [
        leaf.place.key
        for leaf in leaves(book)
        if (level := re.match(r"eligibility\.levels\[(\d)\]", leaf.place.key)) is None or int(level[1]) in offered
        for one in (leaf.texts or ((leaf.value,) if leaf.said.startswith("“") else ()))
        if leaf.place.key.split(".")[0] != "calendar" and str(one) not in told and "{name}" not in str(one)
    ]
    assert missing == []


def test_every_assumption_is_marked_where_it_stands_and_listed_at_the_end(book: Rulebook) -> None:
    lines = list(in_words(book))
    (start,) = (number for number, line in enumerate(lines) if "、假定的内容" in line)
    found = list(assumed(book))
    assert lines[start + 1 :] == [f"  · {place.text}（{place.key}）：{clause.source}" for place, clause in found]
    unmarked = {
        clause.source for _, clause in found if f"（假定） 〔{clause.source}〕" not in "\n".join(lines[:start])
    }
    # 容量 stands within the sentence of its rule
    assert unmarked <= {clause.source for place, clause in found if place.key == "turnout.above.capacity"}
    marks = "\n".join(lines[2:start]).count("（假定）")
    assert marks >= len({place.key for place, _ in found} - {"turnout.above"})


def test_nothing_is_marked_where_nothing_is_assumed() -> None:
    book = SAMPLES["monthly"]
    told = [line for line in in_words(book) if "（假定）" in line]
    sources = {clause.source for _, clause in assumed(book)}
    assert {re.search("〔(.*)〕", line)[1] for line in told[1:]} == sources  # type: ignore[index] # a line without would fail


def section(name: str, title: str) -> list[str]:
    """The lines of a section, as they are printed."""
    lines = list(in_words(SAMPLES[name]))
    (start,) = (number for number, line in enumerate(lines) if line.endswith(f"、{title}"))
    end = (
        lines.index("", start)
        if title != "时间安排"
        else next(n for n in range(start, 99) if "全年共" in lines[n]) + 1
    )
    return lines[start + 1 : end]


@pytest.mark.parametrize(
    ("name", "title", "told"),
    [
        ("fixed", "职业（工种）和收费", [
            "  企业人力资源管理师，简称 hr；科目：理论知识、操作技能 〔一、二（三）、附件2〕",
            "    四级/中级工：350元（各科合计）；补考每科175元 〔附件2〕",
            "    三级/高级工：400元（各科合计）；补考每科200元 〔附件2〕",
            "  职业培训师，简称 trainer；科目：理论知识、操作技能 〔一、二（三）、附件3〕",
            "    三级/高级工：400元（各科合计）；补考每科200元 〔附件3〕",
        ]),
        ("fixed", "时间安排", [
            "  全年3次：4月、8月、11月，日期见考次表 〔二（三）〕",
            "",
            "  评价月份  等级        申报             缴费          准考证   评价日期      延期最晚通知",
            "  4月       四级、三级  2月23日–3月22日  3月23日–29日  4月20日  4月25日–26日  4月15日",
            "  8月       四级、三级  6月29日–7月19日  7月20日–26日  8月17日  8月22日–23日  8月12日",
            "  11月      四级、三级  9月10日–30日     10月1日–12日  11月2日  11月7日–8日   不延期",
            "",
            "  全年共9个考次：每次按职业和等级分开",
        ]),
        ("fixed", "开考", [
            "  开考条件：满30人（假定） 〔二（三）注：“不足开考条件”，未列人数〕",
            "  按已缴费的人数计算，每个职业、等级分别算；缴费截止后再等1日，补记最后到账的（假定）"
            " 〔二（三）注：未说明按申报、审核还是缴费人数〕",
            "  不足30人的，集中于11月统一安排 〔二（三）注：集中于11月统一安排考试〕",
            "  11月的考次本身不足30人的，如期开考 〔二（三）注：集中于11月统一安排考试〕",
            "  本年度没有后续考次可延的，由工作人员决定 〔二（三）注：集中于11月统一安排考试〕",
            "  没有容量上限的规定",
            "  延期的，最晚在评价前10日，以短信或电话通知到每个人；到这个期限前2日仍未确认收到的，列入电话通知名单"
            " 〔二（三）注：通过电话或短信的方式，在认定考核前10日前通知〕",
            "  延期后不能参加的，可退出到新考次缴费截止，由工作人员退费（假定） 〔未说明延期后可否退出〕",
        ]),
        ("monthly", "申报方式", [
            "  个人申报：到窗口办理：某某路1号1楼 〔甲〕",
            "    须带材料：",
            "      · 个人2寸证件照1张",
            "      · 相关佐证材料",
        ]),
        ("monthly", "缴费", [
            "  缴费期内指定账户到账为准；转账附言：姓名+申报号；未缴费的在截止前2日、截止当天提醒（假定）"
            " 〔二（四）：以等级认定指定银行账户收到的时间为准；未列账号和附言〕",
            "  指定账户：户名 户甲，开户行 行乙，账号 6222000000000000，纳税人识别号 91310000，地址、电话 某某路2号 〔庚〕",
            "  缴费凭证和开票信息发至 b@example.cn，邮件名：考核费+姓名 〔辛〕",
            "  付费1年内未参加的，视作自动放弃，费用不予退还 〔壬〕",
        ]),
        ("mid_month", "时间安排", [
            "  全年3个时段，见考次表；申报、缴费和资格审核同在一个时段 〔丁〕",
            "  12月申报的：11月16日–12月31日 → 次年1月",
            "  考试安排在除节假日的任何一天，具体哪天由工作人员确定（假定） 〔戊〕",
            "",
            "  评价月份  等级        申报               缴费               准考证   评价日期                   延期最晚通知",
            "  3月       四级、三级  1月1日–2月15日     1月1日–2月15日     考前7日  3月内，由工作人员确定      考前5日",
            "  4月       四级、三级  2月16日–3月15日    2月16日–3月15日    考前7日  4月内，由工作人员确定      考前5日",
            "  次年1月   四级、三级  11月16日–12月31日  11月16日–12月31日  考前7日  次年1月内，由工作人员确定  考前5日",
            "",
            "  全年共9个考次：每次按职业和等级分开",
        ]),
    ],
)  # fmt: skip
def test_a_section_reads_like_this(name: str, title: str, told: list[str]) -> None:
    assert section(name, title)[: len(told)] == told


def test_december_is_assessed_in_january_unless_next_years_notice_says_otherwise() -> None:
    told = section("monthly", "时间安排")
    assert "  12月申报的：12月底前或根据次年公告排考（本系统排入次年1月）" in told
    assert any(
        line.split()[:1] == ["次年1月"] and "次年1月内，由工作人员确定，以次年公告为准" in line for line in told
    )


def test_the_sittings_that_take_the_others_are_decided_by_staff_where_the_rule_says_so() -> None:
    assert "  6月、12月的考次本身不足30人的，由工作人员决定 〔二（三）注：集中于11月统一安排考试〕" in section(
        "monthly", "开考"
    )


def test_its_head_says_which_edition_it_is_and_which_it_replaces() -> None:
    assert next(in_words(SAMPLES["mid_month"])) == "某某行业协会  windows-2026 第2版（2026年，代替第1版）"
