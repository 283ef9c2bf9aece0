"""A clerk writes to the people of a sitting, a second one confirms, and it lies on their phones."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.commands.context import application
from server.db import db
from server.local import LocalStack
from tests.conftest import at
from tests.people import Phone, approve, pay

Clerk = Callable[..., Result]


@pytest.fixture
def clerk(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    """`jiping staff message …` as a clerk of this installation types it."""
    settings = stack.settings
    for name, value in {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "SANDBOX_URL": stack.sandbox,
    }.items():
        monkeypatch.setenv(f"JIPING_{name}", value)
    application.cache_clear()

    def typed(who: str, *arguments: str, answer: str | None = None) -> Result:
        return CliRunner().invoke(main, ["staff", "message", *arguments], input=answer, env={"JIPING_STAFF": who})

    yield typed
    with application().app_context():
        db.engine.dispose()
    application.cache_clear()


SMS = (
    "【上海技师协会】关于您申报的企业人力资源管理师四级评价，考场入口改动：请由东门（中山路）进入，8:30前到达"
    "（咨询上海市技师协会021-62418668）"
)


def test_a_message_by_hand_reaches_the_phones_of_those_who_paid(stack: LocalStack, clerk: Clerk) -> None:
    people = [Phone(stack).ready(serial) for serial in range(1, 4)]
    for phone in people:
        phone.register("2026-04")
        approve(stack, phone.number)
    people[0].tap("by_hand")
    stack.clock.stand_at(at(2026, 3, 24, 21, 30))
    for phone in people[:2]:
        pay(stack, phone.number, date(2026, 3, 24))
    april = str(people[0].mine()["sitting"]["id"])
    words = ("--heading", "考场入口改动", "--text", "请由东门（中山路）进入，8:30前到达")

    typed = clerk("lin", "draft", april, "--to", "paid", *words)
    assert typed.exit_code == 0, typed.output
    assert f"短信  {SMS}\n      {len(SMS)}字，每人计2条\n" in typed.output
    assert "人数  2人，共计4条短信\n      其中1人有微信授权，另收到卡片\n" in typed.output
    assert "如现在确认：2026-03-25 08:00" in typed.output
    assert "已起草，编号1。" in typed.output

    alone = clerk("lin", "confirm", "1", "--yes")
    assert (alone.exit_code, "（message_author）" in alone.output) == (1, True)
    unsure = clerk("chen", "confirm", "1", answer="n\n")
    assert (unsure.exit_code, SMS in unsure.output) == (1, True)
    done = clerk("chen", "confirm", "1", answer="y\n")
    assert (done.exit_code, "已确认，通知2人" in done.output) == (0, True)
    assert "之前已确认，没有变化" in clerk("wu", "confirm", "1", "--yes").output
    assert "lin起草，chen于2026-03-24 21:30确认，2人" in clerk("wu", "list", "--sitting", april).output

    stack.run_jobs()
    assert [[one for one in phone.messages() if "入口" in one["text"]] for phone in people] == [[], [], []]
    stack.clock.stand_at(at(2026, 3, 25, 8))
    stack.run_jobs()
    heard = [[one for one in phone.messages() if "入口" in one["text"]] for phone in people]
    assert [{one["channel"] for one in each} for each in heard] == [{"sms", "wechat"}, {"sms"}, set()]
    assert [one["text"] for each in heard for one in each if one["channel"] == "sms"] == [SMS, SMS]
    said = [one["text"] for one in people[0].mine()["timeline"]]
    assert "通知：考场入口改动：请由东门（中山路）进入，8:30前到达" in said


def test_what_a_carrier_would_refuse_is_told_in_words_while_typing(stack: LocalStack, clerk: Clerk) -> None:
    typed = clerk("lin", "draft", "1", "--heading", "考务提醒", "--text", "详见www.jnsh.org.cn")
    assert (typed.exit_code, "短信变量中不能有网址" in typed.output) == (1, True)
    assert clerk("lin", "list").output == "共0份\n"
    dropped = clerk("lin", "drop", "7", "--reason", "写错了")
    assert (dropped.exit_code, "（message_unknown）" in dropped.output) == (1, True)
