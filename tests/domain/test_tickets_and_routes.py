"""When tickets are given out, their numbers, and by which channels each notice goes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.notices import ROUTES, ChannelName, Kind
from server.domain.tickets import DaysBefore, OnDate, TicketRule, WorkingDaysBefore, released_on, ticket_number
from server.domain.working_days import DayTable
from tests.domain.year_2026 import DAYS_2026

PUBLISHED = OnDate(source="二（三）", kind="on_date", given="download", how="下载")


def week_before(days: int = 7) -> DaysBefore:
    return DaysBefore(source="二（五）", kind="days_before", days=days, given="mailed", how="邮件发送")


def working_days_before(days: int = 5) -> WorkingDaysBefore:
    return WorkingDaysBefore(source="二（五）", kind="working_days_before", days=days, given="collected", how="领取")


EARLY = date(2026, 2, 2)


@pytest.mark.parametrize(
    ("rule", "assessed", "decided", "released"),
    [
        (PUBLISHED, date(2026, 4, 25), EARLY, date(2026, 4, 20)),
        (PUBLISHED, date(2026, 4, 25), date(2026, 4, 20), date(2026, 4, 20)),
        (PUBLISHED, date(2026, 4, 25), date(2026, 4, 21), date(2026, 4, 21)),
        (week_before(), date(2026, 4, 25), EARLY, date(2026, 4, 18)),
        (week_before(), date(2026, 3, 3), EARLY, date(2026, 2, 24)),
        (week_before(1), date(2026, 3, 1), EARLY, date(2026, 2, 28)),
        (week_before(), date(2026, 4, 25), date(2026, 4, 18), date(2026, 4, 18)),
        (week_before(), date(2026, 4, 25), date(2026, 4, 19), date(2026, 4, 19)),
        (working_days_before(), date(2026, 3, 14), EARLY, date(2026, 3, 9)),
        (working_days_before(), date(2026, 3, 1), EARLY, date(2026, 2, 24)),
        (working_days_before(6), date(2026, 3, 1), EARLY, date(2026, 2, 14)),
        (working_days_before(), date(2026, 10, 11), EARLY, date(2026, 9, 29)),
        (working_days_before(), date(2026, 3, 14), date(2026, 3, 9), date(2026, 3, 9)),
        (working_days_before(), date(2026, 3, 14), date(2026, 3, 10), date(2026, 3, 10)),
    ],
)
def test_tickets_come_out_as_the_rule_says_but_not_before_it_is_decided_that_the_sitting_is_held(
    rule: TicketRule, assessed: date, decided: date, released: date
) -> None:
    assert released_on(rule, assessed, date(2026, 4, 20), decided, DAYS_2026) == released


def test_only_a_published_date_is_taken_from_the_calendar() -> None:
    for rule in (week_before(), working_days_before()):
        without = released_on(rule, date(2026, 3, 14), None, EARLY, DAYS_2026)
        assert without == released_on(rule, date(2026, 3, 14), date(2026, 1, 1), EARLY, DAYS_2026)
    with pytest.raises(ValueError, match="no date of release is published"):
        released_on(PUBLISHED, date(2026, 3, 14), None, EARLY, DAYS_2026)


def test_in_a_year_that_is_not_known_working_days_go_by_their_weekdays() -> None:
    assert released_on(working_days_before(), date(2026, 3, 1), None, EARLY, DayTable()) == date(2026, 2, 23)


places = st.tuples(st.integers(2026, 2099), st.integers(1, 9999), st.integers(1, 9999))


def test_a_ticket_number_is_year_sitting_and_seat() -> None:
    assert ticket_number(2026, 3, 17) == "2600030017"


@given(places, places)
def test_no_two_seats_have_one_number(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert (ticket_number(*one) == ticket_number(*other)) == (one == other)


def test_every_kind_of_notice_has_a_route() -> None:
    assert set(ROUTES) == set(Kind)
    assert all(route.owed or route.ladder or route.extra for route in ROUTES.values())


def test_a_postponement_owes_the_sms_and_wechat_is_on_top() -> None:
    route = ROUTES[Kind.POSTPONED]
    assert (route.owed, route.ladder, route.extra) == ((ChannelName.SMS,), (), (ChannelName.WECHAT,))


def test_what_needs_an_answer_falls_back_from_wechat_to_sms() -> None:
    for kind in (Kind.RETURNED, Kind.APPROVED, Kind.REJECTED, Kind.PAYMENT_ENDING, Kind.TICKET_READY):
        assert ROUTES[kind].ladder == (ChannelName.WECHAT, ChannelName.SMS)
