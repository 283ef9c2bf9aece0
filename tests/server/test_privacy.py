"""Encryption at rest, the blind index, the clock file, and the masks of the logs."""

import io
import json
from contextlib import redirect_stderr
from datetime import UTC, timedelta
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as some

from server.clock import Clock, MovedClock
from server.logs import blotted, set_up
from server.privacy import SPOKEN_ALPHABET, FieldCipher, SealBroken, new_token, spoken_code
from tests.conftest import at

OLD = FieldCipher({1: b"a" * 32}, b"i" * 32)
RENEWED = FieldCipher({1: b"a" * 32, 2: b"b" * 32}, b"i" * 32)


@given(some.binary(max_size=200))
def test_what_is_sealed_opens_again_and_never_looks_the_same_twice(value: bytes) -> None:
    one, two = OLD.seal(value, "candidate.phone"), OLD.seal(value, "candidate.phone")
    assert OLD.open(one, "candidate.phone") == value
    assert one != two


def test_a_sealed_value_does_not_open_in_another_column() -> None:
    sealed = OLD.seal(b"13800000001", "candidate.phone")
    with pytest.raises(SealBroken):
        OLD.open(sealed, "candidate.document_number")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x09" + b"x" * 40, b"\x01" + b"x" * 40])
def test_what_was_never_sealed_is_refused(broken: bytes) -> None:
    with pytest.raises(SealBroken):
        OLD.open(broken, "candidate.phone")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    assert RENEWED.open(OLD.seal(b"x", "t.c"), "t.c") == b"x"
    with pytest.raises(SealBroken):
        OLD.open(RENEWED.seal(b"x", "t.c"), "t.c")


def test_the_index_is_equal_for_equal_values_and_differs_by_purpose() -> None:
    assert OLD.index("1", "phone") == RENEWED.index("1", "phone")
    assert OLD.index("1", "phone") != OLD.index("1", "document")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 31])
def test_a_short_key_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        FieldCipher({1: key}, b"i" * 32)


def test_codes_that_are_read_out_hold_no_letter_that_is_mistaken_for_another() -> None:
    assert not set(SPOKEN_ALPHABET) & set("OIL01oil")
    assert set(spoken_code(4000)) <= set(SPOKEN_ALPHABET)
    assert len(new_token()) == 22


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("手机13800000001收不到", "手机***收不到"),
        ("id 99999919900517004X refused", "id *** refused"),
        ("sitting 202604 count 30", "sitting 202604 count 30"),
        ("reference 6222000000000000123456", "reference 6222000000000000123456"),
    ],
)
def test_numbers_that_name_a_person_are_blotted_out_of_logs(said: str, shown: str) -> None:
    assert blotted(said) == shown


def test_a_logged_exception_shows_no_number_and_no_local_variable() -> None:
    def break_down(secret: str) -> None:
        raise ValueError("refused 13800000001")

    heard = io.StringIO()
    with redirect_stderr(heard):
        set_up(json_lines=True)
        try:
            break_down("99999919900517004X")
        except ValueError:
            structlog.get_logger("test").exception("failed", phone="13800000001")
    set_up(json_lines=False)
    line = json.loads(heard.getvalue())
    assert "ValueError" in line["exception"]
    assert "13800000001" not in heard.getvalue()
    assert "99999919900517004X" not in heard.getvalue()


def test_the_clock_can_be_stopped_moved_and_put_back_by_a_file(tmp_path: Path) -> None:
    clock = MovedClock(tmp_path / "clock.json")
    real = Clock().now()
    assert clock.now() - real < timedelta(minutes=1)
    clock.stand_at(at(2026, 4, 25))
    assert clock.now() == clock.now() == at(2026, 4, 25)
    clock.go_from(at(2026, 11, 7))
    assert timedelta(0) <= clock.now() - at(2026, 11, 7) < timedelta(minutes=1)
    clock.reset()
    assert clock.now() - real < timedelta(minutes=1)
    assert clock.now().tzinfo is UTC
