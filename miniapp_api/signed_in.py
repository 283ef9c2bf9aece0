"""Who is asking: an opaque token in the Authorization header."""

from typing import NoReturn

from apiflask import HTTPError, HTTPTokenAuth
from flask import current_app

from server.clock import Clock
from server.errors import Problem
from server.models import Account
from server.services.signing_in import account_of

auth = HTTPTokenAuth()


def clock() -> Clock:
    """The clock of the running application."""
    running: Clock = current_app.extensions["jiping_clock"]
    return running


@auth.verify_token  # type: ignore[untyped-decorator] # the library types it so
def _verify(token: str) -> Account | None:
    return account_of(token, clock().now()) if token else None


@auth.error_processor
def _refuse(_error: HTTPError) -> NoReturn:
    raise Problem("sign_in_needed")


def account() -> Account:
    """The account that signed in. Raises sign_in_needed."""
    if not isinstance(auth.current_user, Account):
        raise Problem("sign_in_needed")
    return auth.current_user


def bearer() -> str:
    """The token of this request."""
    given = auth.get_auth()
    return given.token or "" if given is not None else ""
