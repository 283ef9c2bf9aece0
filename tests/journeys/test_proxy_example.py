"""The example of a proxy says what the application says, and keeps nothing from it that it would take."""

import json
import re
from pathlib import Path

import pytest

from server.app import LARGEST_REQUEST
from server.errors import ERRORS

CONF = (Path(__file__).parents[2] / "docs" / "examples" / "nginx.conf").read_text("utf-8")
REFUSALS = [(int(status), json.loads(body)) for status, body in re.findall(r"return (\d+) '(\{.*\})';", CONF)]


@pytest.mark.parametrize(("status", "said"), REFUSALS, ids=[str(status) for status, _ in REFUSALS])
def test_what_the_proxy_refuses_it_refuses_in_the_application_s_words(status: int, said: dict[str, object]) -> None:
    assert (status, said["message"]) == ERRORS[str(said["code"])]
    assert set(said) == {"code", "message", "fields", "reasons"}


def test_what_is_too_large_is_refused_by_the_application() -> None:
    [megabytes] = re.findall(r"client_max_body_size\s+(\d+)m;", CONF)
    assert int(megabytes) * 1024 * 1024 > LARGEST_REQUEST


@pytest.mark.parametrize(
    "line",
    [
        "Strict-Transport-Security",
        "proxy_request_buffering on;",
        "client_body_timeout ",
        "limit_conn ",
        "X-Forwarded-For   $remote_addr;",
        "X-Forwarded-Proto $scheme;",
    ],
)
def test_the_example_does_what_the_readme_wants_of_a_proxy(line: str) -> None:
    assert line in CONF


def test_brackets_are_closed() -> None:
    bare = re.sub(r"'[^']*'|#.*", "", CONF)
    assert bare.count("{") == bare.count("}")
    statements = [line.strip() for line in bare.splitlines() if line.strip()]
    assert [line for line in statements if not line.endswith(("{", "}", ";"))] == []
