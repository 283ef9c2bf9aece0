"""Ticket numbers, and by which channels each notice goes."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.notices import ROUTES, ChannelName, Kind
from server.domain.tickets import ticket_number

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
