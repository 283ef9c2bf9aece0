"""`jiping staff apply FILE`: each fault of shape is named before anything is written; then each person is registered."""

from pathlib import Path

import pytest
from sqlalchemy import select

from server.commands.context import application
from server.db import reading
from server.models import AuditEntry, Candidate, Registration, Sitting
from tests.conftest import at
from tests.people import id_card
from tests.rows import rows
from tests.server.conftest import Apply
from tests.window import SLUG

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "window.toml"


def sitting(rulebook: str = SLUG) -> int:
    with application().app_context(), reading() as session:
        april = select(Sitting.id).where(Sitting.rulebook == rulebook, Sitting.month == "2026-04")
        return session.scalars(april.where(Sitting.occupation == "hr", Sitting.level == 4)).one()


def person(serial: int, **changes: str) -> str:
    """One [[people]] table; a change is TOML, and an empty one leaves the key out."""
    lines = {
        "name": '"王芳"',
        "document_type": '"id_card"',
        "document_number": f'"{id_card(serial)}"',
        "phone": f'"138{serial:08d}"',
        "photo": '"photos/1.jpg"',
        "evidence": '[{ kind = "work", file = "papers/1-work.jpg" }]',
        "alternative": '"4.1"',
        "work": "[{ since = 2010-01-01 }]",
        "declared": "true",
    } | changes
    return "\n".join(["[[people]]", *(f"{key} = {value}" for key, value in lines.items() if value)])


def listed(*people: str, head: str = "") -> str:
    return "\n\n".join([head or f'sitting = {sitting()}\nchannel = "window"', *people])


def test_the_example_in_docs_registers_both_of_its_people(apply: Apply) -> None:
    example = EXAMPLE.read_text("utf-8")
    ran = apply(example.replace("sitting = 12 ", f"sitting = {sitting()} "))
    assert ran.exit_code == 0, ran.output
    assert ran.output.splitlines()[-1] == "已登记2人，已申报0人，未登记0人"
    assert rows(application(), Registration, Registration.channel == "window") == 2


def test_every_key_of_the_example_stands_in_it_and_is_known(apply: Apply) -> None:
    """What stands there as a comment is right too once the mark is taken away."""
    example = EXAMPLE.read_text("utf-8").replace("sitting = 12 ", f"sitting = {sitting()} ")
    whole = "\n".join(
        line[2:] if line.startswith("# ") and " = " in line and "channel" not in line else line
        for line in example.splitlines()
    ).replace('channel = "window"', 'channel = "group"')
    assert apply(whole).exit_code == 0


def test_a_group_is_registered_under_its_unit_by_the_clerk(apply: Apply) -> None:
    head = f'sitting = {sitting()}\nchannel = "group"\nunit = "某培训学校"'
    assert apply(listed(person(1), person(2, name='"李喆珺"'), head=head)).exit_code == 0
    filed = (Registration.channel == "group", Registration.unit == "某培训学校")
    assert rows(application(), Registration, *filed) == 2
    assert rows(application(), AuditEntry, AuditEntry.actor != "staff:ye") == 0


def test_run_again_it_registers_only_those_who_are_not_registered_yet(apply: Apply) -> None:
    first = apply(listed(person(1), person(2, alternative='"4.3"')))
    assert first.exit_code == 1
    assert "第2人 王芳  未登记  按您填写的信息不符合所选申报条件" in first.output
    assert "（not_eligible）" in first.output
    number = first.output.split("申报号 ")[1].split()[0]
    again = apply(listed(person(1), person(2)))
    assert again.exit_code == 0
    assert f"第1人 王芳  已申报  申报号 {number}" in again.output
    assert again.output.splitlines()[-1] == "已登记1人，已申报1人，未登记0人"
    late = apply(listed(person(1), person(2)), now=at(2026, 3, 23, 0))
    assert (late.exit_code, late.output.splitlines()[-1]) == (0, "已登记0人，已申报2人，未登记0人")


def test_one_who_is_refused_does_not_stop_the_next(apply: Apply) -> None:
    ran = apply(listed(person(1, alternative='"9.9"'), person(2)))
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (1, "已登记1人，已申报0人，未登记1人")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ('sitting = 9999\nchannel = "window"', "没有这个考次"),
        ('sitting = {technicians}\nchannel = "window"', "小程序“上海技师协会等级认定”"),
    ],
    ids=["no such sitting", "a mini-program"],
)
def test_what_holds_for_the_whole_file_is_refused_at_once(apply: Apply, head: str, words: str) -> None:
    ran = apply(listed(person(1), head=head.format(technicians=sitting("technicians-2026"))))
    assert (ran.exit_code, words in ran.output, "第1人" in ran.output) == (1, True, False)


# --- the shape

FAULTS: list[tuple[str, dict[str, str], str]] = [
    ("no name", {"name": ""}, "name: 缺少这一项"),
    ("a number for a name", {"name": "12"}, "name: 须为文字，写在引号里"),
    ("a name with digits", {"name": '"王芳1"'}, "name: 姓名须与证件一致，2至50个字，不含数字和符号（间隔号除外）"),
    ("a control character", {"name": '"王\\u0000芳"'}, "name: 不能有控制字符"),
    ("no such document", {"document_type": '"driving_licence"'}, "document_type: 只能取 'id_card'、'hk_macao_permit'、'taiwan_permit'、'foreign_permanent'、'passport'"),
    ("a digit too few", {"document_number": f'"{id_card(1)[:-1]}"'}, "document_number: 证件号码的位数或格式不对，请对照证件重新填写"),
    ("a passport without birth day", {"document_type": '"passport"', "document_number": '"E12345678"'}, "born、sex: 请填写出生日期和性别"),
    ("a birth day that there is not", {"born": '"1990-02-30"'}, "born: 须为日期（如 2015-03-01），且有这一天"),
    ("a phone of ten digits", {"phone": '"1380000000"'}, "phone: 请填写11位的中国大陆手机号"),
    ("a phone without quotes", {"phone": "13800000001"}, "phone: 须为文字，写在引号里"),
    ("no portrait", {"photo": '"photos/9.jpg"'}, "photo: 没有这个文件，或不能读取"),
    ("a folder", {"photo": '"photos"'}, "photo: 没有这个文件，或不能读取"),
    ("a name longer than any file's", {"photo": f'"{"x" * 290}"'}, "photo: 没有这个文件，或不能读取"),
    ("no such evidence", {"evidence": '[{ kind = "work", file = "papers/1-work.jpg" }, { kind = "work", file = "9.jpg" }]'}, "evidence 第2项 file: 没有这个文件，或不能读取"),
    ("evidence of no kind", {"evidence": '[{ kind = "letter", file = "papers/1-work.jpg" }]'}, "evidence 第1项 kind: 只能取 'work'、'certificate'、'title'、'diploma'、'student'、'identity'、'other'"),
    ("evidence that is no list", {"evidence": '"papers/1-work.jpg"'}, "evidence: 须为列表"),
    ("work without a day", {"work": "[{ until = 2020-01-01 }]"}, "work 第1项 since: 缺少这一项"),
    ("a day of work that there is not", {"work": '[{ since = "gestern" }]'}, "work 第1项 since: 须为日期（如 2015-03-01），且有这一天"),
    ("a key misspelt", {"work": "[{ since = 2010-01-01, untl = 2020-01-01 }]"}, "work 第1项 untl: 不认识这一项"),
    ("a level in quotes", {"certificates": '[{ occupation = "x", level = "5", issued_on = 2020-01-01 }]'}, "certificates 第1项 level: 须为整数"),
    ("level 6", {"certificates": '[{ occupation = "x", level = 6, issued_on = 2020-01-01 }]'}, "certificates 第1项 level: 数值太大"),
    ("an unknown key", {"status": '"paid"'}, "status: 不认识这一项"),
    ("not signed", {"declared": "false"}, "declared: 须为 true，即本人签字的报名表已收到"),
    ("signed by a word", {"declared": '"true"'}, "declared: 须为 true 或 false"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fault"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS])
def test_a_fault_of_shape_is_named_by_file_person_and_key_and_nobody_is_registered(
    apply: Apply, changes: dict[str, str], fault: str
) -> None:
    ran = apply(listed(person(2), person(1, **changes)))
    assert (ran.exit_code, ran.output) == (1, f"list.toml 第2人 {fault}\n")
    assert rows(application(), Candidate) == 0


HEADS = [
    ("", ["sitting: 缺少这一项", "channel: 缺少这一项"]),
    ('sitting = "12"\nchannel = "mini_program"', ["sitting: 须为整数", "channel: 只能取 'window'、'group'"]),
    ('sitting = 1\nchannel = "group"', ["unit: 团体申报请填写申报单位"]),
    ('sitting = 1\nchannel = "window"\nunit = "某校"', ["unit: 个人在窗口申报，不填申报单位"]),
    ('sitting = 1\nchannel = "window"\npersons = 1', ["persons: 不认识这一项"]),
]


@pytest.mark.parametrize(("head", "faults"), HEADS, ids=range(len(HEADS)))
def test_faults_above_the_people_are_named_too(apply: Apply, head: str, faults: list[str]) -> None:
    ran = apply(f"{head}\n{person(1)}")
    assert (ran.exit_code, ran.output.splitlines()) == (1, [f"list.toml {one}" for one in faults])


def test_all_faults_of_all_people_are_named_at_once(apply: Apply) -> None:
    ran = apply(listed(person(1, phone='"1"', declared="false"), person(2, name="", photo=""), head="channel = 1"))
    assert ran.output.splitlines() == [
        "list.toml sitting: 缺少这一项",
        "list.toml channel: 只能取 'window'、'group'",
        "list.toml 第1人 phone: 请填写11位的中国大陆手机号",
        "list.toml 第1人 declared: 须为 true，即本人签字的报名表已收到",
        "list.toml 第2人 name: 缺少这一项",
        "list.toml 第2人 photo: 缺少这一项",
    ]


def test_one_document_for_two_people_is_a_slip_of_the_pen(apply: Apply) -> None:
    ran = apply(listed(person(1), person(2), person(1, name='"李喆珺"')))
    assert ran.output == "list.toml 第3人 document_number: 与第1人的证件相同\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('sitting = 1\nname = "' + id_card(1) + "\n", "list.toml 第2行: 不是正确的 TOML\n"),
        ("sitting = 1\nchannel = ", "list.toml 文件末尾: 不是正确的 TOML\n"),
        ('sitting = 1\nchannel = "window"', "list.toml people: 须有1至1000个 [[people]] 表，每人一个\n"),
        ('sitting = 1\nchannel = "window"\npeople = 3', "list.toml people: 须有1至1000个 [[people]] 表，每人一个\n"),
        ('sitting = 1\nchannel = "window"\npeople = [3]', "list.toml 第1人 须为表\n"),
    ],
    ids=["a quote left open", "a value left out", "nobody", "people that are a number", "a person that is a number"],
)
def test_a_file_that_is_no_list_of_people_is_refused_without_repeating_what_stands_in_it(
    apply: Apply, text: str, fault: str
) -> None:
    ran = apply(text)
    assert (ran.exit_code, ran.output) == (1, fault)


def test_a_file_from_a_windows_editor_with_its_mark_in_front_is_read(apply: Apply) -> None:
    assert apply("\ufeff" + listed(person(1))).exit_code == 0


def test_a_picture_that_is_too_big_is_found_before_anything_is_written(apply: Apply, desk: Path) -> None:
    with (desk / "photos" / "2.jpg").open("wb") as file:
        file.truncate(10_000_001)
    ran = apply(listed(person(1), person(2, photo='"photos/2.jpg"')))
    assert (ran.exit_code, ran.output) == (1, "list.toml 第2人 photo: 图片过大，请选择10MB以内的图片\n")
