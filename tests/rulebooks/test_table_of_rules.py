"""The printed table of all institutions against the facts of the notices, read out of them by hand, cell by cell.

A text is the whole cell; a tuple are the facts that stand in it, where the rest is the notice's own wording. Nothing is
marked as assumed but what these facts mark.
"""

from functools import cache
from itertools import groupby

import pytest

from server.rulebooks.catalogue import Catalogue
from server.rulebooks.comparison import NONE, ROWS, table_of_institutions
from server.rulebooks.loader import load_all
from server.rulebooks.phrases import ASSUMED

Fact = str | tuple[str, ...]

TECHNICIANS, SCCIA, SISA, SICT, SJTU = "technicians-2026", "sccia-2026", "sisa-2026", "sict-2026", "sjtu-2025"
FIVE = (TECHNICIANS, SCCIA, SISA, SICT, SJTU)
NETSEC, INFOSEC = "网络与信息安全管理员（网络安全管理员）", "网络与信息安全管理员（信息安全管理员）"
SECURITY_FEES = "四级 理论知识100＋操作技能400＝500元，三级 理论知识100＋操作技能450＝550元"
AI_FEES = "四级 理论知识100＋操作技能300＝400元，三级 理论知识100＋操作技能400＝500元"
WINDOW = ("到窗口办理：",)
CITY_SYSTEM = ("初审", "通过上海市人力资源和社会保障自助经办系统办理团体申报")
MONTH_BY_MONTH = "当月申报并缴费，次月底前评价"
DECEMBER = ("12月底前或根据次年公告排考",)
ONE_DAY = ("理论知识、操作技能；", "同一天，时间安排（假定）", "双休日（假定）")
NEXT_MONTH = ("不足30人的，顺延至下一考次；", "通知到每个人（假定）")
ROOM_FOR_ALL = ("增加场次",)
RECEIVED = "缴费期内指定账户到账为准"
WITH_MARKING = "完成所有科目后一般20个工作日内，涉及阅卷或工件检测的30个工作日内"
FIVE_LEVELS = "五级、四级、三级2年；二级、一级3年"
OFFICE = ("9:30-11:00", "13:30-16:30")

#: row by row; the institutions in the order of FIVE
FACTS: dict[str, tuple[Fact, Fact, Fact, Fact, Fact]] = {
    "职业（编码）：等级": (
        "企业人力资源管理师：四级、三级 · 职业培训师：三级",
        "密码技术应用员：四级",
        f"{NETSEC} 4-04-04-02：四级、三级 · {INFOSEC} 4-04-04-02：四级、三级",
        f"人工智能训练师 4-04-05-05：四级、三级 · {INFOSEC} 4-04-04-02：四级、三级 · "
        f"{NETSEC} 4-04-04-02：四级、三级 · 计算机程序设计员 4-04-05-01：四级、三级",
        f"人工智能训练师 4-04-05-05：四级、三级 · {INFOSEC} 4-04-04-02：四级、三级",
    ),
    "机构备案号": (NONE, NONE, "S000031300073", "S000031400054", NONE),
    "个人申报": ("微信小程序“上海技师协会等级认定”", (*WINDOW, "余庆路154号1楼"), WINDOW, WINDOW, WINDOW),
    "团体申报": (
        (*CITY_SYSTEM, "《职业技能评价报名表》和《职业技能评价申报信息汇总表》"),
        CITY_SYSTEM,
        CITY_SYSTEM,
        CITY_SYSTEM,
        CITY_SYSTEM,
    ),
    "时间安排": (
        ("全年3次：4月、8月、11月",),
        MONTH_BY_MONTH,
        MONTH_BY_MONTH,
        MONTH_BY_MONTH,
        ("全年11个时段", "申报、缴费和资格审核同在一个时段"),
    ),
    "12月申报的": (NONE, DECEMBER, DECEMBER, DECEMBER, "11月16日–12月31日 → 次年1月"),
    "科目": (
        ("理论知识、操作技能；", "时间安排（假定）"),
        ("理论知识、实操技能；", "时间安排（假定）", "；除节假日的双休日"),
        ONE_DAY,
        ONE_DAY,
        ONE_DAY,
    ),
    "开考条件": ("满30人（假定）", "满30人", "满30人", "满30人", "满30人"),
    "不足开考条件": (
        ("不足30人的，集中于11月统一安排；", "；最晚在评价前10日，以短信或电话通知到每个人"),
        ("不足30人的，集中于6月、12月统一安排；", "通知到每个人（假定）"),
        NEXT_MONTH,
        NEXT_MONTH,
        NEXT_MONTH,
    ),
    "超出容量": (NONE, NONE, ROOM_FOR_ALL, ROOM_FOR_ALL, ("人（假定）的，", "顺延至下一考次")),
    "收费": (
        "企业人力资源管理师：四级 350元（各科合计），三级 400元（各科合计） · 职业培训师：三级 400元（各科合计）",
        "理论知识200＋实操技能300＝500元",
        f"{NETSEC}：{SECURITY_FEES} · {INFOSEC}：{SECURITY_FEES}",
        f"人工智能训练师：{AI_FEES} · {INFOSEC}：{SECURITY_FEES} · {NETSEC}：{SECURITY_FEES} · "
        "计算机程序设计员：四级 理论知识100＋操作技能250＝350元，三级 理论知识100＋操作技能300＝400元",
        f"人工智能训练师：{AI_FEES} · {INFOSEC}：{SECURITY_FEES}",
    ),
    "补考收费": (
        "企业人力资源管理师：四级 每科175元，三级 每科200元 · 职业培训师：三级 每科200元",
        "理论知识200元、实操技能300元",
        "按该科目的收费（假定）",
        "按该科目的收费（假定）",
        "按该科目的收费（假定）",
    ),
    "何时算已缴费": (
        (RECEIVED, "转账附言：姓名+申报号（假定）"),
        (RECEIVED, "转账附言：姓名+申报号（假定）"),
        (
            RECEIVED,
            "附言：姓名+申报号（假定）",
            "sisa2024@163.com，邮件名：考核费+单位(个人)名称+项目名称(等级)+人数",
        ),
        (RECEIVED, "附言：姓名+申报号（假定）", "邮件名：考核费+单位", "名称+项目名称", "+人数"),
        (RECEIVED, "转账附言：姓名+等级认定考试"),
    ),
    "缴费后未参加": (NONE, "付费1年内未参加的，视作自动放弃，费用不予退还", NONE, NONE, NONE),
    "准考证": (
        ("自考次表所列日期起下载", "输入姓名及身份证号"),
        (
            "团体：评价前5个工作日起领取后分发",
            "个人：评价前5个工作日起打印后发放",
            "打印准考证并分发给参评人员）（假定）",
        ),
        ("团体：评价前7日起邮件发送", "个人：评价前7日起邮件发送", "自行打印准考证"),
        ("团体：评价前7日起下载", "个人：评价前7日起下载", "自行打印准考证"),
        ("团体：评价前5个工作日起下载", "个人：评价前7日起下载", "自行打印准考证"),
    ),
    "成绩": (WITH_MARKING, "完成所有科目后一般20个工作日内", WITH_MARKING, WITH_MARKING, WITH_MARKING),
    "合格科目有效期": ("四级、三级2年", "四级2年", FIVE_LEVELS, FIVE_LEVELS, ("四级、三级2年", "二级、一级3年")),
    "证书": (
        ("电子证书；申报时勾选的另发纸质证书", "快递费由参评人员自理", "团体：统一由申报单位领取"),
        ("纸质证书；", "窗口", "预约领取"),
        ("纸质证书；", "由本人至业务受理点领取", "统一领取"),
        ("纸质证书；", "由本人至业务受理点领取", "统一领取"),
        ("纸质证书；", "由本人至业务受理点领取", "统一领取", "遗失：", "持身份证至本机构业务窗口办理遗失补办"),
    ),
    "窗口时间": (
        ("9:30-11:30", "13:30-16:00"),
        ("09:30-11:00", "13:00-15:30"),
        OFFICE,
        OFFICE,
        OFFICE,
    ),
}

#: what the notice of each prints as a table of dates, under the heading of that institution
DATES = {
    TECHNICIANS: [
        ["考次", "等级", "申报", "缴费", "准考证", "评价", "延期最晚通知"],
        ["4月", "四级、三级", "2月23日–3月22日", "3月23日–29日", "4月20日", "4月25日–26日", "4月15日"],
        ["8月", "四级、三级", "6月29日–7月19日", "7月20日–26日", "8月17日", "8月22日–23日", "8月12日"],
        ["11月", "四级、三级", "9月10日–30日", "10月1日–12日", "11月2日", "11月7日–8日", "不延期"],
    ],
    SJTU: [
        ["申报、缴费和资格审核", "评价"],
        ["1月1日–2月15日", "3月"],
        ["2月16日–3月15日", "4月"],
        ["3月16日–4月15日", "5月"],
        ["4月16日–5月15日", "6月"],
        ["5月16日–6月15日", "7月"],
        ["6月16日–7月15日", "8月"],
        ["7月16日–8月15日", "9月"],
        ["8月16日–9月15日", "10月"],
        ["9月16日–10月15日", "11月"],
        ["10月16日–11月15日", "12月"],
        ["11月16日–12月31日", "次年1月"],
    ],
}


@cache
def printed() -> dict[str, list[list[str]]]:
    """The tables of the page by the heading that they stand under, without the line of dashes."""
    books = [one.book for one in Catalogue(load_all()).newest()]
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for is_table, lines in groupby(table_of_institutions(books), lambda line: line.startswith("| ")):
        rows = [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines]
        if is_table:
            found[heading] = [rows[0], *rows[2:]]
        else:
            heading = next((row[0] for row in reversed(rows) if row[0].startswith("#")), heading)
    return found


def cell(row: str, slug: str) -> str:
    heads, *rows = printed()["# 各评价机构规则对照"]
    (column,) = (number for number, head in enumerate(heads) if head.split(" ")[0].split("@")[0] == slug)
    (found,) = (cells for cells in rows if cells[0] == row)
    return found[column]


@pytest.mark.parametrize("slug", FIVE)
@pytest.mark.parametrize("row", FACTS)
def test_the_cell_says_what_the_notice_says(row: str, slug: str) -> None:
    told, fact = cell(row, slug), FACTS[row][FIVE.index(slug)]
    if isinstance(fact, str):
        assert told == fact
    else:
        assert [one for one in fact if one not in told] == []
        assert told.count(ASSUMED) == sum(one.count(ASSUMED) for one in fact), told


def test_there_is_no_row_without_facts() -> None:
    assert list(ROWS) == list(FACTS)


@pytest.mark.parametrize("slug", DATES)
def test_the_dates_are_those_of_the_notice(slug: str) -> None:
    (found,) = (table for heading, table in printed().items() if heading.startswith(f"## {slug} "))
    assert found == DATES[slug]


def test_each_of_the_technicians_dates_is_three_sittings() -> None:
    books = [one.book for one in Catalogue(load_all()).newest() if one.book.slug == TECHNICIANS]
    assert list(table_of_institutions(books))[-1] == "每次按职业和等级分为3个考次，各自判断开考人数。"
