"""Work that is due for several sittings: one after another, and one's failure does not stop the next."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)
R = TypeVar("R")


class SomeFailed(Exception):
    """Some could not be done; the rest is done, and the next run tries these again."""


def one_by_one(what: str, ids: Iterable[int], work: Callable[[int], R]) -> list[R]:
    """Do the work for each; what each gave. Raises SomeFailed at the end, so that whoever watches the job sees it."""
    done, failed = [], []
    for one in ids:
        try:
            done.append(work(one))
        except Exception:
            log.exception(f"{what}.failed", subject=one)
            failed.append(one)
    if failed:
        raise SomeFailed(f"{what}: {failed}")
    return done
