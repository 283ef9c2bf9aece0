"""The guide for those who put the mini-program before people (docs/mini-program.md) says what the code does."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from notifications.wording.words import newest
from server.cli import main
from server.config import _not_in_production
from server.domain.notices import Kind
from server.local import LocalStack
from tests.people import Phone

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "mini-program.md").read_text("utf-8")
PAGES = {one["path"] for one in json.loads((ROOT / "miniapp" / "src" / "pages.json").read_text("utf-8"))["pages"]}


def rows(name: str) -> dict[str, list[str]]:
    """A table of the guide: its rows by their first cell."""
    table = GUIDE.partition(f"<!-- {name}:")[2].partition("<!-- end -->")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return {row[0].strip("`"): row[1:] for row in cells if row[0].startswith("`")}


def asked_for(house: LocalStack) -> dict[str, set[str]]:
    """The kinds whose credit the client asks for, by moment."""
    phone = Phone(house)
    phone.sign_in()
    kinds = {template: kind for kind, template in house.settings.wechat_templates.items()}
    return {moment: {kinds[one] for one in ids} for moment, ids in phone.ok("GET", "subscriptions").items()}


def test_the_templates_to_apply_for_are_those_that_a_tap_asks_for(house: LocalStack) -> None:
    moments = asked_for(house)
    told = rows("templates")
    assert set(told) == set().union(*moments.values()) | {"waiting"}
    for kind, (when, *_) in told.items():
        expected = [
            name for name, key in (("提交后", "at_submission"), ("缴费页", "at_payment")) if kind in moments[key]
        ]
        assert when == ("、".join(expected) or "与 `postponed` 共用")


def test_what_shares_a_template_has_the_same_fields() -> None:
    both = newest(Kind.WAITING), newest(Kind.POSTPONED)
    assert len({(one.title, tuple(field[:2] for field in one.fields)) for one in both}) == 1


@pytest.mark.parametrize("kind", sorted(rows("templates")))
def test_a_template_has_the_title_fields_and_page_of_the_code(kind: str) -> None:
    wording = newest(Kind(kind))
    _, title, fields, page = rows("templates")[kind]
    assert title == wording.title
    assert fields == "，".join(f"{label}（`{field}`）" for field, label, _ in wording.fields)
    assert page == f"`{wording.page.partition('?')[0]}`"


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.value)
def test_a_card_opens_a_page_that_there_is(kind: Kind) -> None:
    assert newest(kind).page.partition("?")[0] in PAGES


def test_one_tap_asks_for_three_templates_of_different_titles_at_most(house: LocalStack) -> None:
    for kinds in asked_for(house).values():
        titles = {newest(Kind(kind)).title for kind in kinds}
        assert len(titles) == len(kinds) <= 3, "WeChat drops a second template of the same title"


def test_the_sms_templates_are_those_of_the_code() -> None:
    assert rows("sms") == {kind.value: [newest(kind).sms] for kind in Kind}
    missing = _not_in_production({"sms_templates": dict.fromkeys(rows("sms"), "1")})
    assert not [fault for fault in missing if "sms_templates" in fault]


def test_the_addresses_to_be_typed_into_the_consoles_are_there(house: LocalStack) -> None:
    rules = {rule.rule for rule in house.app.url_map.iter_rules()}
    for address in re.findall(r"https://协会域名(/[^`，）\s]*)", GUIDE):
        path = re.sub(r"<\w+>", "<secret>", address)
        assert any(
            rule == path or (path.endswith(("/", "…")) and rule.startswith(path.rstrip("…"))) for rule in rules
        ), path


def test_the_keys_of_the_configuration_that_it_names_are_there(house: LocalStack) -> None:
    named = set(re.findall(r"`((?:wechat|sms|aliyun_sms|public)_\w+)`", GUIDE))
    assert named
    assert all(hasattr(house.settings, name) for name in named)


def test_the_command_that_makes_the_mini_program_ones_own_is_as_the_guide_writes_it() -> None:
    (line,) = re.findall(r"^\.venv/bin/jiping (mini-program .*)$", GUIDE, re.M)
    name, folder, *options = line.split()
    assert (folder, options[::2]) == ("上传用", ["--host", "--appid"])
    # The address is a stand-in that no console takes: the command is known, reads all of it, and refuses that alone.
    refused = CliRunner().invoke(main, [name, folder, *options])
    assert (refused.exit_code, refused.stderr.partition("：")[0]) == (1, "Error: --host")
    assert re.fullmatch("wx[0-9a-f]{16}", options[3])
