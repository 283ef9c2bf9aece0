"""Every message fits where it goes, for every occupation of every rulebook; and each is sent in the words it was written for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from notifications.wording.newest import NEWEST
from notifications.wording.older import OLDER
from notifications.wording.words import WORDINGS, newest, sms_params, sms_text
from server.app import create_app
from server.cli import main
from server.commands.context import application
from server.commands.sample_messages import Sample, samples
from server.config import SettingsRefused, development
from server.db import reading, transaction
from server.domain.notices import NOT_WRITTEN_YET, VERSIONS, Kind, template_key, wording_of
from server.domain.pages import Page
from server.local import LocalStack, local_stack
from server.models import Delivery, NoticeCause
from server.rulebooks.loader import load_all
from tests.conftest import at
from tests.people import Phone, approve

SIGN = "上海技师协会"
WEB = "https://jp.jnsh.org.cn"
BOOKS = [one.book for one in load_all()]
# What may be cut short: where the place is, the ticket says in full.
MAY_BE_CUT = {"place"}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Kind], list[Sample]]]:
    app = create_app(development(tmp_path_factory.mktemp("samples")))
    with app.app_context():
        yield lambda kind: list(samples(kind, BOOKS, SIGN, WEB))


@pytest.mark.parametrize("kind", Kind)
def test_no_carrier_refuses_a_message_about_any_occupation_and_level(
    every: Callable[[Kind], list[Sample]], kind: Kind
) -> None:
    found = every(kind)
    assert len(found) >= sum(len(book.planned()) for book in BOOKS)
    assert {fault for one in found for fault in one.faults()} == set()


@pytest.mark.parametrize("kind", Kind)
def test_nothing_but_the_place_is_cut_short_in_an_sms(every: Callable[[Kind], list[Sample]], kind: Kind) -> None:
    cut = {
        name
        for one in every(kind)
        for name, (_, value) in zip(one.wording.sms_facts, one.params, strict=True)
        if "…" in value
    }
    assert cut <= MAY_BE_CUT


GOOD = Sample(Kind.HELD, newest(Kind.HELD), "", tuple((str(one), "值") for one in range(1, 5)), (("thing1", "值"),))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(GOOD, params=(("1", "值" * 36),)), "36字"),
        (replace(GOOD, params=(("1", ""),)), "0字"),
        (replace(GOOD, params=(("1", "见www.jnsh.org.cn"),)), "网址"),
        (replace(GOOD, params=(("1", "【场地】"),)), "【】"),
        (replace(GOOD, fields=(("thing1", "值" * 21),)), "thing1"),
        (replace(GOOD, fields=(("date2", "4月25日"),)), "date2"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}{2}，{3}，{4}")), "相邻"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}，{2}，{3}")), "逐个"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}职业培训{2}，{3}，{4}")), "职业培训"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="【协会】{1}，{2}，{3}，{4}")), "【】"),
        (replace(GOOD, sms="字" * 501), "501字"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}，{2}，{3}，{4} {link} ")), "哪一页"),
        (replace(GOOD, wording=replace(GOOD.wording, link=Page.MINE)), "哪一页"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}，{2}，{3}，{4} www.jnsh.cn ")), "哪一页"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}，{2}，{3}，{4}见{link} ", link=Page.MINE)), "空格"),
        (replace(GOOD, wording=replace(GOOD.wording, sms="{1}，{2}，{3}，{4}见 {link}。", link=Page.MINE)), "空格"),
        (replace(GOOD, kind=Kind.POSTPONED, sms="字" * 202), "4条"),
    ],
)
def test_what_a_carrier_would_refuse_is_found(wrong: Sample, why: str) -> None:
    assert list(GOOD.faults()) == []
    assert why in "".join(wrong.faults())


def test_a_place_longer_than_a_variable_is_cut_on_purpose() -> None:
    facts = dict.fromkeys(newest(Kind.TOMORROW).sms_facts, "值") | {"place": "路" * 60}
    assert dict(sms_params(newest(Kind.TOMORROW), facts))["3"] == "路" * 34 + "…"


def test_the_command_shows_length_parts_and_fields(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["samples", "--kind", "postponed"], env={"JIPING_DATA_DIR": str(tmp_path)})
    assert shown.exit_code == 0, shown.output
    assert "计3条：【上海技师协会】您申报的" in shown.output
    assert "（thing1，" in shown.output


def test_the_command_says_of_which_kinds_nothing_is_sent_yet(tmp_path: Path) -> None:
    environ = {"JIPING_DATA_DIR": str(tmp_path)}
    shown = CliRunner().invoke(main, ["samples", "--kind", "results_out"], env=environ)
    assert (shown.exit_code, "现在还没有功能发出" in shown.output) == (0, True)
    assert "现在还没有" not in CliRunner().invoke(main, ["samples", "--kind", "held"], env=environ).output


def test_every_kind_is_written_by_a_service_but_those_of_later_features() -> None:
    """Who writes one of these takes it out of the list, and the start then asks for its template."""
    services = Path(__file__).parents[2] / "server" / "services"
    code = "\n".join(path.read_text("utf-8") for path in services.glob("*.py"))
    assert {kind for kind in Kind if f"Kind.{kind.name}" not in code} == NOT_WRITTEN_YET
    assert {kind.value for kind in NOT_WRITTEN_YET} == {"results_out", "retake_until", "certificate_ready"}


LINKED = {
    Kind.RETURNED: "/go/mine",
    Kind.PAYMENT_ENDING: "/go/pay",
    Kind.TICKET_READY: "/go/ticket",
    Kind.RESULTS_OUT: "/go/mine",
    Kind.CERTIFICATE_READY: "/go/mine",
}


@pytest.mark.parametrize("kind", Kind)
def test_an_address_stands_where_the_next_step_is_on_its_page_and_in_no_value(
    every: Callable[[Kind], list[Sample]], kind: Kind
) -> None:
    for one in every(kind):
        assert (f" {WEB}{LINKED[kind]} " in one.sms) if kind in LINKED else ("://" not in one.sms)
        assert not any("go/" in value for _, value in one.params)


@pytest.mark.parametrize("kind", LINKED)
def test_an_address_makes_no_message_dearer_by_a_part(every: Callable[[Kind], list[Sample]], kind: Kind) -> None:
    """Without it each of these is two parts at most; with it they still are, where the address is no longer than this one."""
    assert max(one.parts for one in every(kind)) == 2


def test_the_command_shows_the_template_with_the_address_of_this_installation(tmp_path: Path) -> None:
    environ = {"JIPING_DATA_DIR": str(tmp_path), "JIPING_PUBLIC_URL": WEB}
    application.cache_clear()
    shown = CliRunner().invoke(main, ["samples", "--kind", "ticket_ready"], env=environ).output
    application.cache_clear()
    assert f"模板 您的{{1}}准考证已生成，评价日期{{2}}，请按通知领取，或打开 {WEB}/go/ticket 下载。咨询{{3}}" in shown
    assert shown.count(f"{WEB}/go/ticket") == 2


# --- versions


def test_a_new_notice_is_written_for_the_newest_wording() -> None:
    assert {kind: one.version for kind, one in NEWEST.items()} == VERSIONS
    assert all(one.version < VERSIONS[kind] for kind, olds in OLDER.items() for one in olds)
    assert len(WORDINGS) == len(NEWEST) + sum(map(len, OLDER.values()))


@pytest.mark.parametrize("said", sorted(WORDINGS))
def test_every_wording_has_a_name_of_its_own_in_the_settings(said: tuple[Kind, int]) -> None:
    assert wording_of(template_key(*said)) == said


@pytest.mark.parametrize("name", ["aproved", "approved@", "approved@old"])
def test_a_name_that_means_no_wording_stops_the_start(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsRefused, match=f"sms_templates: 不认识 {name}"):
        development(tmp_path, sms_templates={name: "1"})


OLD = {"approved@1": "2000001"}


def edited_between(stack: LocalStack, wording: int) -> Phone:
    """Somebody who is approved under one wording of the news, and is sent it after the text was edited."""
    phone = Phone(stack).ready(1)
    phone.register()
    stack.run_jobs()
    approve(stack, phone.number)
    with stack.app.app_context(), transaction() as session:
        mine = NoticeCause.kind == Kind.APPROVED.value
        session.execute(update(NoticeCause).where(mine).values(wording=wording))
    stack.run_jobs()
    return phone


def deliveries(stack: LocalStack) -> list[tuple[str, str, str]]:
    with stack.app.app_context(), reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id))
        return [(one.channel, one.state, one.last_code) for one in rows]


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """An installation whose carrier still knows the template of an older wording."""
    plain = development(tmp_path).sms_templates
    with local_stack(tmp_path, migrated=True, database_url=sqlite_url, sms_templates={**plain, **OLD}) as running:
        running.clock.stand_at(at(2026, 2, 23, 9))
        yield running


def test_a_notice_is_sent_in_the_words_that_it_was_written_for(house: LocalStack) -> None:
    phone = edited_between(house, 1)
    with house.app.app_context(), reading() as session:
        (facts,) = session.scalars(select(NoticeCause.facts).where(NoticeCause.kind == Kind.APPROVED.value))
    texts = [one["text"] for one in phone.messages() if "通过审核" in one["text"]]
    assert texts == [f"【{SIGN}】{sms_text(WORDINGS[Kind.APPROVED, 1], facts, house.settings.public_url)}"]
    assert "账号和附言见小程序" in texts[0]


@pytest.mark.parametrize(("wording", "code"), [(1, "template_gone"), (99, "wording_gone")])
def test_without_the_old_words_or_their_template_it_fails_by_name_and_is_not_sent_in_others(
    stack: LocalStack, wording: int, code: str
) -> None:
    phone = edited_between(stack, wording)
    assert ("sms", "failed", code) in deliveries(stack)
    assert [one for one in phone.messages() if "通过审核" in one["text"]] == []
