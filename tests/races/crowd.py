"""Many at once: threads that wait for each other and then all begin together."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from flask import Flask

from server.errors import Problem
from tests.people import Phone

T = TypeVar("T")
P = ParamSpec("P")
ALL_WITHIN = 60.0


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these at the same moment, a thread each; what came of each. A fault in one is a fault of the test."""
    gate = threading.Barrier(len(works), timeout=ALL_WITHIN)

    def one(work: Callable[[], T]) -> T:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(ALL_WITHIN) for one in [pool.submit(one, work) for work in works]]


def same_at_once(times: int, work: Callable[[], T]) -> list[T]:
    return at_once([work] * times)


def within(app: Flask, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> Callable[[], T | str]:
    """A use case in a context of its own, as each request has one; a refusal is its code, any other fault is a fault."""

    def done() -> T | str:
        with app.app_context():
            try:
                return work(*args, **named)
            except Problem as refused:
                return refused.code

    return done


def asks(phone: Phone, method: str, path: str, **more: Any) -> Callable[[], int]:
    """A request of this person; its status. A connection of its own for each, as phones have."""
    return lambda: Phone(phone.stack, token=phone.token).call(method, path, **more).status_code


def patiently(work: Callable[[], T], busy: T) -> Callable[[], T]:
    """Told that too many have come at this moment, one comes again, as people do."""

    def done() -> T:
        while (came := work()) == busy:
            continue
        return came

    return done


def tally(answers: Sequence[T]) -> dict[T, int]:
    return dict(Counter(answers))
