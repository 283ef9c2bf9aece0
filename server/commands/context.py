"""What commands share: the application, the clock, who is at the keyboard, and refusals as words instead of traces."""

import functools
import getpass
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import DataError

from server.app import create_app
from server.clock import Clock
from server.config import SettingsRefused, load_settings
from server.errors import Problem
from server.rulebooks.loader import RulebookRefused

#: a day on the command line
DAY = click.DateTime(["%Y-%m-%d"])

_UNSTORABLE = "没有办理：有文字过长（一般不超过500字，流水号64字）、数字过大或有不能保存的字符，请核对后重试"

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def application() -> Flask:
    """The application of this installation."""
    return create_app(load_settings())


def now() -> datetime:
    """The present instant of this installation's clock."""
    clock: Clock = application().extensions["jiping_clock"]
    return clock.now()


def actor() -> str:
    """Who is at the keyboard: JIPING_STAFF, or the name on the machine. It stands in every audit entry."""
    return f"staff:{os.environ.get('JIPING_STAFF') or getpass.getuser()}"[:64]


def in_application(function: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the application, and say refusals in words with exit code 1."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with application().app_context():
                return function(*args, **kwargs)
        except Problem as problem:
            raise click.ClickException(f"{problem.text}（{problem.code}）") from None
        except (SettingsRefused, RulebookRefused) as refused:
            raise click.ClickException("\n" + "\n".join(refused.faults)) from None
        except (DataError, OverflowError, UnicodeError):
            # What no column can hold. The database says which value it was: nobody's business in a log.
            raise click.ClickException(_UNSTORABLE) from None

    return run


def write_private(path: Path, content: bytes) -> None:
    """Somebody's papers: readable by the clerk who opened them alone."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
