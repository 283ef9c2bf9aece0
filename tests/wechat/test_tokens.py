"""The access token: fetched once for all, renewed by one at a time, and never asked for without an end."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from server.wechat import FaultKind, WeChatFault, tokens
from tests.channels.recorder import Recorded, Recorder
from tests.wechat.memory_store import MemoryTokenStore
from tests.wechat.platform import OK, SEND, START, TOKEN, Bench, Script, refusal, token_answer


class Platform:
    """stable_token as WeChat documents it: the same token until it is forced; messages accept only `good` tokens."""

    def __init__(self, good: set[str] | None = None, issued: int = 1, refuses_with: int = 40001) -> None:
        self.issued = issued
        self.good = good
        self.refuses_with = refuses_with

    def __call__(self, request: Recorded) -> bytes:
        if request.line.startswith(f"POST {TOKEN}"):
            self.issued += request.json["force_refresh"]
            return token_answer(f"TOKEN-{self.issued}")
        token = request.line.partition("access_token=")[2].split(" ")[0]
        return OK if self.good is None or token in self.good else refusal(self.refuses_with)


def counts(bench: Bench) -> tuple[int, int]:
    return bench.paths().count(TOKEN), bench.paths().count(SEND)


def forced(bench: Bench) -> list[bool]:
    return [each.json["force_refresh"] for each in bench.recorder.requests if TOKEN in each.line]


def test_sixteen_threads_fetch_one_token() -> None:
    arrived = threading.Barrier(16)
    with Recorder(Platform()) as recorder:
        bench = Bench(recorder)

        def send(_: int) -> str:
            arrived.wait(5)
            return bench.send()

        with ThreadPoolExecutor(16) as pool:
            assert len(list(pool.map(send, range(16)))) == 16
        assert counts(bench) == (1, 16)


def test_a_stored_token_is_used_until_two_minutes_before_its_end() -> None:
    with Recorder(Platform()) as recorder:
        bench = Bench(recorder)
        bench.send()
        bench.pass_time(timedelta(seconds=7200 - 121))
        bench.send()
        assert counts(bench) == (1, 2)
        bench.pass_time(timedelta(seconds=1))
        bench.send()
        assert counts(bench) == (2, 3)


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_revoked_token_is_replaced_by_the_platforms_newer_one_without_force(errcode: int) -> None:
    with Recorder(Platform(good={"TOKEN-1"}, refuses_with=errcode)) as recorder:
        bench = Bench(recorder)
        bench.store.put("TOKEN-0", START + timedelta(hours=1))
        bench.send()
        assert counts(bench) == (1, 2)
        assert forced(bench) == [False]


def test_force_is_used_only_when_the_platform_gives_the_refused_token_again() -> None:
    with Recorder(Platform(good={"TOKEN-2"})) as recorder:
        bench = Bench(recorder)
        bench.store.put("TOKEN-1", START + timedelta(hours=1))
        bench.send()
        assert forced(bench) == [False, True]
        bench.send()
        assert counts(bench) == (2, 3)


def test_a_token_that_is_refused_for_ever_ends_after_five_requests() -> None:
    with Recorder(Platform(good=set())) as recorder:
        bench = Bench(recorder)
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert caught.value.kind is FaultKind.TOKEN_TROUBLE
        assert counts(bench) == (3, 2)
        assert forced(bench) == [False, False, True]


def test_a_lasting_refusal_forces_once_in_five_minutes_for_all_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "WAIT_FOR_OTHER_SECONDS", 0.1)
    with Recorder(Platform(good=set())) as recorder:
        bench = Bench(recorder)
        kinds = []
        for _ in range(4):
            with pytest.raises(WeChatFault) as caught:
                bench.send()
            kinds.append(caught.value.kind)
        assert kinds == [FaultKind.TOKEN_TROUBLE, FaultKind.BUSY, FaultKind.BUSY, FaultKind.BUSY]
        assert forced(bench) == [False, False, True]
        bench.pass_time(timedelta(minutes=5, seconds=1))
        with pytest.raises(WeChatFault):
            bench.send()
        assert forced(bench) == [False, False, True, False, True]


def test_sixteen_threads_with_a_revoked_token_renew_it_once() -> None:
    arrived = threading.Barrier(16)
    with Recorder(Platform(good={"TOKEN-2"})) as recorder:
        bench = Bench(recorder)
        bench.store.put("TOKEN-1", START + timedelta(hours=1))

        def send(_: int) -> str:
            arrived.wait(5)
            return bench.send()

        with ThreadPoolExecutor(16) as pool:
            assert len(list(pool.map(send, range(16)))) == 16
        assert forced(bench) == [False, True]
        assert counts(bench)[1] <= 32


def test_who_did_not_get_the_claim_waits_for_the_winners_token() -> None:
    with Recorder(Platform()) as recorder:
        bench = Bench(recorder)
        assert bench.store.claim_refresh("another process", timedelta(seconds=30))
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(bench.send)
            bench.store.save("another process", "TOKEN-7", START + timedelta(hours=2))
            waiting.result(5)
        assert counts(bench) == (0, 1)
        assert "access_token=TOKEN-7" in recorder.requests[0].line


class BeatenStore(MemoryTokenStore):
    """Another process saves its token between our look and our claim."""

    def __init__(self, now: Callable[[], datetime], at_claim: int) -> None:
        super().__init__(now)
        self.claims_left = at_claim

    def claim_refresh(self, holder: str, lease: timedelta) -> bool:
        self.claims_left -= 1
        if self.claims_left == 0:
            self.put("TOKEN-9", START + timedelta(hours=2))
        return super().claim_refresh(holder, lease)


@pytest.mark.parametrize(("at_claim", "fetches"), [(1, []), (2, [False])])
def test_the_store_is_looked_at_again_once_the_claim_is_held(at_claim: int, fetches: list[bool]) -> None:
    with Recorder(Platform(good={"TOKEN-9"})) as recorder:
        bench = Bench(recorder)
        store = BeatenStore(bench.now, at_claim)
        store.put("TOKEN-1", START + timedelta(hours=1))
        bench.use(store)
        bench.send()
        assert forced(bench) == fetches
        assert counts(bench)[1] == 2
        assert store.claim_refresh("the next", timedelta(seconds=1))


def test_the_wait_for_a_winner_is_three_seconds() -> None:
    assert tokens.WAIT_FOR_OTHER_SECONDS == 3


def test_the_wait_for_a_winner_that_died_is_bounded_and_its_lease_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "WAIT_FOR_OTHER_SECONDS", 0.2)
    with Recorder(Platform()) as recorder:
        bench = Bench(recorder)
        assert bench.store.claim_refresh("dead process", timedelta(seconds=30))
        began = time.monotonic()
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert 0.2 <= time.monotonic() - began < 2
        assert (caught.value.kind, caught.value.code) == (FaultKind.BUSY, "token awaited")
        assert recorder.requests == []
        bench.pass_time(timedelta(seconds=31))
        bench.send()
        assert counts(bench) == (1, 1)


def test_a_failed_fetch_gives_the_claim_back() -> None:
    replies = iter([refusal(-1), token_answer("TOKEN-1")])
    with Recorder(Script({TOKEN: lambda request: next(replies)})) as recorder:
        bench = Bench(recorder)
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert caught.value.kind is FaultKind.BUSY
        bench.send()
        assert counts(bench) == (2, 1)


def test_a_failed_forced_fetch_gives_the_claim_back() -> None:
    replies = iter([token_answer("TOKEN-1"), refusal(-1), token_answer("TOKEN-2")])
    sends = iter([refusal(40001), refusal(40001), OK])
    with Recorder(Script({TOKEN: lambda request: next(replies), SEND: lambda request: next(sends)})) as recorder:
        bench = Bench(recorder)
        bench.store.put("TOKEN-1", START + timedelta(hours=1))
        with pytest.raises(WeChatFault) as caught:
            bench.send()
        assert caught.value.kind is FaultKind.BUSY
        bench.send()
        assert forced(bench) == [False, True, False]


def test_a_token_shorter_than_the_margin_still_serves_the_call_that_fetched_it() -> None:
    with Recorder(Script({TOKEN: lambda request: token_answer("SHORT", 60)})) as recorder:
        bench = Bench(recorder)
        bench.send()
        assert counts(bench) == (1, 1)


def test_a_token_never_prints() -> None:
    assert "TOKEN-1" not in repr(tokens.StoredToken("TOKEN-1", START))
