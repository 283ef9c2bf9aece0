"""WeChat's token for all processes: renewed by one at a time, and one that is refused for ever costs few calls."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from server.app import create_app, make_dispatcher
from server.clock import MovedClock
from server.config import Settings, development
from server.domain.turnout import Outcome
from server.services import turnout
from server.services.making_sittings import load_sittings
from server.wechat.tokens import PAUSE_BETWEEN_FORCED
from tests.books import technicians
from tests.channels.recorder import Recorder
from tests.conftest import at
from tests.processes.counting_carrier import counting_carrier
from tests.processes.workers import Worker, ended, forget_connections, tell_by_wechat
from tests.seeding import seed_paid, sitting_id
from tests.wechat.platform import SEND, TOKEN
from tests.wechat.test_tokens import Platform

PROCESSES, THREADS = 2, 8
DUE = at(2026, 3, 31, 9)
REFUSED_FOR_EVER = pytest.mark.parametrize("errcode", [40001, 40014, 42001])


@pytest.fixture
def wechat() -> Iterator[Recorder]:
    with Recorder(Platform()) as running:
        yield running


@pytest.fixture
def settings(database_url: str, tmp_path: Path, wechat: Recorder) -> Settings:
    MovedClock(tmp_path / "clock.json").stand_at(DUE)
    base = f"http://127.0.0.1:{wechat.port}"
    return development(tmp_path, database_url=database_url, wechat_api_base=base)


def calls(wechat: Recorder) -> tuple[list[bool], int]:
    """Each fetch of a token, forced or not, and the number of messages."""
    fetched = [one.json["force_refresh"] for one in wechat.requests if TOKEN in one.line]
    return fetched, sum(SEND in one.line for one in wechat.requests)


def at_once(settings: Settings, each: int) -> Counter[str]:
    """What came of the messages that all threads of all processes sent at the same time."""
    with ExitStack() as running:
        workers = [
            running.enter_context(ended(Worker(tell_by_wechat, settings, THREADS, each))) for _ in range(PROCESSES)
        ]
        for one in workers:
            one.go()
        return Counter(said for one in workers for said in one.done())


def test_all_threads_of_all_processes_fetch_one_token(settings: Settings, wechat: Recorder) -> None:
    assert at_once(settings, 2) == {"sent": PROCESSES * THREADS * 2}
    assert calls(wechat) == ([False], PROCESSES * THREADS * 2)


def test_a_revoked_token_is_renewed_once_for_all(settings: Settings, wechat: Recorder) -> None:
    at_once(settings, 1)
    wechat.requests.clear()
    wechat.behaviour = Platform(good={"TOKEN-2"})
    assert at_once(settings, 1) == {"sent": PROCESSES * THREADS}
    fetched, sent = calls(wechat)
    assert fetched == [False, True]
    assert sent <= 2 * PROCESSES * THREADS


@REFUSED_FOR_EVER
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_token_refused_for_ever_is_forced_once_in_five_minutes_by_all_processes_together(
    settings: Settings, wechat: Recorder, errcode: int
) -> None:
    wechat.behaviour = Platform(good=set(), refuses_with=errcode)
    for turn in (1, 2):
        said = at_once(settings, 1)
        assert set(said) <= {"token_trouble", "busy"}
        assert calls(wechat)[0] == [False, False, True], f"in turn {turn}"
        assert calls(wechat)[1] <= 2 * PROCESSES * THREADS * turn
    clock = MovedClock(settings.data_dir / "clock.json")
    clock.stand_at(clock.now() + PAUSE_BETWEEN_FORCED + timedelta(seconds=1))
    at_once(settings, 1)
    assert calls(wechat)[0] == [False, False, True, False, True]


@REFUSED_FOR_EVER
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_dispatcher_asks_a_closed_wechat_every_ten_minutes_and_everybody_gets_the_text_all_the_same(
    settings: Settings, wechat: Recorder, errcode: int, tmp_path: Path
) -> None:
    people, rounds = 12, 6
    wechat.behaviour = Platform(good=set(), refuses_with=errcode)
    with counting_carrier() as sms:
        app = create_app(development(tmp_path, None, **_as(settings), sms_endpoint=sms.address), technicians())
        with app.app_context():
            load_sittings(at(2026, 2, 9))
            april = sitting_id(app, "2026-04")
            seed_paid(app, april, people, grants=people)
            assert turnout.settle_by_hand(april, Outcome.POSTPONED, "staff:chen", "场地", DUE) is Outcome.POSTPONED
        dispatcher = make_dispatcher(app)
        clock: MovedClock = app.extensions["jiping_clock"]
        for _ in range(rounds):
            dispatcher.drain()
            clock.stand_at(clock.now() + timedelta(minutes=10))
        dispatcher.close()
        assert sum(sms.arrived.values()) == people
    fetched, sent = calls(wechat)
    # A round is at most one fetch that gives the refused token again and one that forces; and each message once or twice.
    assert len(fetched) <= 1 + 2 * rounds
    assert Counter(fetched)[True] <= rounds
    assert sent <= 2 * people * rounds
    forget_connections(app)


def _as(settings: Settings) -> dict[str, str]:
    return {"database_url": settings.database_url, "wechat_api_base": settings.wechat_api_base}
