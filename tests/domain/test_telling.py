"""In time is on or before the limit's day, by what can be shown alone."""

from datetime import date, datetime

import pytest

from server.domain.telling import By, Heard, Verdict, judge
from tests.conftest import at

LIMIT = date(2026, 4, 15)
BEFORE, LAST, AFTER = at(2026, 4, 10), at(2026, 4, 15, 23, 59), at(2026, 4, 16, 0)


@pytest.mark.parametrize(
    ("heard", "left", "now", "verdict"),
    [
        ([(LAST, "sms")], None, AFTER, Verdict.BY_SMS),
        ([(LAST, "call")], None, AFTER, Verdict.BY_CALL),
        ([(AFTER, "sms")], None, AFTER, Verdict.LATE),
        ([(AFTER, "call")], None, AFTER, Verdict.LATE),
        ([(LAST, "call"), (BEFORE, "sms")], None, AFTER, Verdict.BY_SMS),
        ([(AFTER, "sms"), (LAST, "call")], None, AFTER, Verdict.BY_CALL),
        ([], None, LAST, Verdict.NOT_YET),
        ([], None, AFTER, Verdict.NEVER),
        ([], LAST, AFTER, Verdict.LEFT),
        ([], BEFORE, BEFORE, Verdict.LEFT),
        ([], AFTER, AFTER, Verdict.NEVER),
        ([(AFTER, "sms")], LAST, AFTER, Verdict.LEFT),
        ([(BEFORE, "sms")], LAST, AFTER, Verdict.BY_SMS),
    ],
)
def test_the_first_that_was_heard_decides_and_the_limit_s_day_counts(
    heard: list[tuple[datetime, By]], left: datetime | None, now: datetime, verdict: Verdict
) -> None:
    assert judge(LIMIT, [Heard(*one) for one in heard], left, now).verdict is verdict


def test_one_call_that_settles_two_notices_is_a_call_about_this_one() -> None:
    judged = judge(LIMIT, [Heard(BEFORE, "call", of_later=True), Heard(BEFORE, "call")], None, LAST)
    assert judged.heard == Heard(BEFORE, "call")
