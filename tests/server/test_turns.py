"""Turns: so many at once, so many in line, and whoever is one too many is told at once."""

import threading
from contextlib import ExitStack

import pytest

from server.turns import NoTurn, Turns


def test_whoever_finds_no_place_in_line_is_sent_away_and_a_turn_that_ends_is_another_s() -> None:
    turns = Turns(2, 0, within_seconds=5)
    with ExitStack() as taken:
        taken.enter_context(turns.one())
        taken.enter_context(turns.one())
        with pytest.raises(NoTurn), turns.one():
            pass
    with turns.one(), turns.one():
        pass


def test_whoever_waits_in_line_waits_no_longer_than_is_bearable_and_leaves_the_line() -> None:
    turns = Turns(1, 1, within_seconds=0.01)
    with turns.one():
        for _ in range(3):
            with pytest.raises(NoTurn), turns.one():
                pass


def test_whoever_waits_in_line_gets_the_next_turn() -> None:
    turns, came = Turns(1, 1, within_seconds=5), threading.Event()

    def wait() -> None:
        with turns.one():
            came.set()

    waiting = threading.Thread(target=wait)
    with turns.one():
        waiting.start()
        assert not came.is_set()
    waiting.join(5)
    assert came.is_set()


def test_a_turn_that_breaks_is_given_back() -> None:
    turns = Turns(1, 0, within_seconds=0)
    with pytest.raises(ZeroDivisionError), turns.one():
        raise ZeroDivisionError
    with turns.one():
        pass
