"""What an institution's notice says of tickets, results and certificates reaches the phone: of a sitting, and of the institution."""

import pytest

from server.local import LocalStack
from tests.people import Phone


def stops(text: str) -> int:
    """Sentences that end twice read like a slip."""
    return text.count("。。") + text.count("，。") + text.count("；。")


@pytest.mark.parametrize("field", ["tickets", "results", "certificates", "websites"])
def test_a_sitting_says_the_same_as_its_institution(house: LocalStack, field: str) -> None:
    phone = Phone(house)
    sittings = phone.ok("GET", "sittings")["sittings"]
    for one in phone.ok("GET", "institutions")["institutions"]:
        assert one[field], one["key"]
        mine = next((each for each in sittings if each["rulebook"] == one["rulebook"]), None)
        if mine is not None:
            assert phone.ok("GET", f"sittings/{mine['id']}")[field] == one[field]
        assert stops(str(one[field])) == 0, one[field]


def test_it_says_when_how_and_where(house: LocalStack) -> None:
    [told] = [one for one in Phone(house).ok("GET", "institutions")["institutions"] if one["key"] == "technicians"]
    assert told["tickets"].startswith("自考次表所列日期起")
    assert "在小程序下载" in told["tickets"]
    assert told["results"].startswith("完成所有科目后一般20个工作日内")
    assert "随申办" in told["results"]
    assert "沪技师(2026)1号" in told["notice"]
