"""The proof on paper says everything of everybody, on as many sheets as it takes, and runs over no edge."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from server.documents.proof import (
    GETA,
    SCREEN_PPI,
    MatterPart,
    MessageLine,
    PersonLine,
    ProofPage,
    proof_pdf,
    proof_png,
)

DIGEST = "0123456789abcdef" * 4
MM = SCREEN_PPI / 25.4


def person(serial: int, **changes: Any) -> PersonLine:
    sent = MessageLine(
        "短信",
        "2026-03-31 09:00",
        "2026-03-31 09:00",
        "2026-03-31 09:01",
        "",
        f"2433:3000000000000000{serial:04}",
        "DELIVRD",
        f"2026-03-31 09:00排入，发往138****{serial:04}，模板1000011第3版",
    )
    usual: dict[str, Any] = {
        "number": f"KT{serial:06}",
        "name": "王*",
        "phone": f"138****{serial:04}",
        "messages": (sent,),
        "calls": (),
        "verdict": "短信按期告知",
        "detail": "2026-03-31 09:01 短信",
        "mark": "good",
    }
    return PersonLine(**usual | changes)


def page(*people: PersonLine, **changes: Any) -> ProofPage:
    matter = MatterPart(
        "由4月25日、26日延期至11月14日、15日",
        (("原因", "已缴费29人，不足开考条件30人"), ("最迟告知", "2026年4月15日（含当日）")),
        (("应告知", str(len(people))), ("短信按期", str(len(people)))),
        people,
    )
    usual: dict[str, Any] = {
        "institution": "上海市技师协会",
        "title": "按期告知证明",
        "subject": "2026-04考次 企业人力资源管理师四级",
        "days": "4月25日、26日",
        "conclusion": "应告知29人次，全部按期告知。",
        "mark": "good",
        "matters": (matter,),
        "explanation": "说明：运营商接受不算告知。",
        "digest": DIGEST,
        "printed": "打印时间 2026-04-20 12:00",
    }
    return ProofPage(**usual | changes)


def sheets(made: ProofPage) -> list[str]:
    """The text of each sheet, without the blanks that extraction puts where lines wrap, and without break marks."""
    read = PdfReader(io.BytesIO(proof_pdf(made))).pages
    return [re.sub(r"[\s\u200b]", "", sheet.extract_text()) for sheet in read]


_AT = ("2026-03-31 09:00", "2026-03-31 09:00")
# As long as everything gets: names of 50, references of 64, codes of 80, a clerk's name of 64.
LONGEST = person(
    1,
    number="W" * 16,
    name="阿卜杜热合曼·麦麦提吐尔逊江·买买提" + "M" * 32,
    messages=(
        MessageLine(
            "短信",
            *_AT,
            "2026-03-31 09:01",
            "尝试9次：" + "限流再试 LimitExceeded" * 9,
            "9" * 64,
            "E" * 80,
            "发" * 60,
        ),
        MessageLine("微信", *_AT, "", "", "8" * 64, "W" * 80, "T" * 80),
    ),
    calls=tuple(f"2026-04-13 09:30 {'g' * 64} 无人接听" for _ in range(4)),
    verdict="未能告知",
    detail="2026-04-16 09:30 电话（另一通知）",
    mark="bad",
)


def test_two_hundred_people_stand_on_numbered_sheets_each_with_its_heads_and_the_digest() -> None:
    people = [person(serial) for serial in range(1, 201)]
    found = sheets(page(*people))
    assert 5 < len(found) < 20
    for number, words in enumerate(found, 1):
        assert f"第{number}页，共{len(found)}页" in words
        assert DIGEST in words
        assert "打印时间2026-04-2012:00" in words
        assert ("申报号姓名手机渠道应发" in words) == ("KT0" in words)
    whole = "".join(found)
    assert [one.number for one in people if whole.count(one.number) != 1] == []
    assert [one.phone for one in people if one.phone not in whole] == []


def test_it_says_what_was_decided_and_why_and_what_came_of_it() -> None:
    [words] = sheets(page(person(1)))
    for told in (
        "上海市技师协会",
        "按期告知证明",
        "2026-04考次企业人力资源管理师四级",
        "应告知29人次，全部按期告知。",
        "由4月25日、26日延期至11月14日、15日",
        "已缴费29人，不足开考条件30人",
        "2433:30000000000000000001",
        "DELIVRD",
        "运营商接受不算告知",
    ):
        assert told in words


def test_the_longest_words_are_all_there() -> None:
    words = "".join(sheets(page(LONGEST)))
    for told in ("9" * 64, "E" * 80, "8" * 64, "g" * 64, LONGEST.name, LONGEST.number):
        assert told in words


@pytest.mark.parametrize("made", [page(person(1)), page(*[LONGEST] * 12), page(*map(person, range(200)))])
def test_nothing_runs_into_the_margins(made: ProofPage) -> None:
    for sheet in proof_png(made):
        grey = Image.open(io.BytesIO(sheet)).convert("L")
        assert grey.size == (1169, 827)
        edge = int(11 * MM)
        for box in ((0, 0, edge, 827), (1169 - edge, 0, 1169, 827), (0, 827 - int(5 * MM), 1169, 827)):
            assert grey.crop(box).getextrema()[0] == 255, box


def test_a_rare_character_is_replaced_and_does_not_stop_the_print() -> None:
    [words] = sheets(page(person(1, name="\ue123*")))
    assert f"{GETA}*" in words


def test_markup_is_printed_and_not_obeyed() -> None:
    assert '#panic("x")*b*$x$' in sheets(page(person(1, detail='#panic("x")*b*$x$')))[0]


def test_a_proof_of_nothing_is_a_sheet_that_says_so() -> None:
    [words] = sheets(page(matters=(), conclusion="本考次没有须在某日之前告知的事项。"))
    assert "没有须在某日之前告知的事项" in words


def test_a_copier_loses_nothing_and_what_is_missed_is_told_by_more_than_a_shade() -> None:
    bad = replace(page(person(1, mark="bad", verdict="未能告知")), mark="bad")
    red, green, blue = Image.open(io.BytesIO(proof_png(bad)[0])).convert("RGB").split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    assert proof_pdf(bad) == proof_pdf(bad)
