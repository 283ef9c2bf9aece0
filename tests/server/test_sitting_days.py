"""The day of a sitting: proposed, set, changed; what depends on it is dated anew, and whom it concerns is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from server.db import reading, transaction
from server.domain.published_year import NamedDay
from server.domain.registrations import Status
from server.domain.turnout import Outcome
from server.errors import Problem
from server.local import LocalStack, local_stack
from server.models import AuditEntry, Notice, NoticeCause, Registration, Sitting, Ticket
from server.rulebooks.loader import FOLDER, LoadedRulebook, load_file
from server.services import expiring, moving_one, sitting_days, telephoning, ticketing, turnout, working_days
from server.services.alarms import alarms
from tests.conftest import at
from tests.races.crowd import within
from tests.races.hold_up import held_up_before_writing
from tests.seeding import seed_paid, sitting_id

BOOK = load_file(FOLDER / "sisa-2026.toml").book
FEW = replace(BOOK, turnout=replace(BOOK.turnout, threshold=replace(BOOK.turnout.threshold, people=2)))
WINDOW, DECIDED = at(2026, 4, 10), at(2026, 5, 2, 9)
SATURDAY, SUNDAY = date(2026, 5, 23), date(2026, 5, 24)
#: the last free weekend of May 2026 is the one that is proposed
PROPOSED = date(2026, 5, 30)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """An institution whose staff set the days, with a threshold of two."""
    books = [LoadedRulebook(FEW, "few")]
    with (
        local_stack(tmp_path, migrated=True, database_url=database_url, books=books, began=at(2026, 1, 2)) as running,
        running.app.app_context(),
    ):
        yield running


def may(house: LocalStack) -> int:
    return sitting_id(house.app, "2026-05", "netsec", 4)


def found(sitting: int) -> Sitting:
    with reading() as session:
        return session.get_one(Sitting, sitting)


def told(kind: str) -> list[NoticeCause]:
    with reading() as session:
        rows = select(NoticeCause).join(Notice, Notice.cause_id == NoticeCause.id).where(NoticeCause.kind == kind)
        return list(session.scalars(rows))


def set_day(sitting: int, day: date, now: datetime = WINDOW, *, exceptionally: bool = False) -> None:
    sitting_days.set_day(sitting, day, "staff:pan", "场地已定", now, exceptionally=exceptionally)


def refused(sitting: int, day: date, now: datetime = WINDOW, *, exceptionally: bool = False) -> str:
    with pytest.raises(Problem) as fault:
        set_day(sitting, day, now, exceptionally=exceptionally)
    return fault.value.code


def test_a_new_sitting_has_a_proposed_day_that_is_not_set(house: LocalStack) -> None:
    one = found(may(house))
    assert (one.day_fixed, one.assessed_first, one.assessed_last) == (False, PROPOSED, PROPOSED)
    assert sitting_days.proposal(one.id).proposal.days.first == PROPOSED


def test_setting_a_day_dates_the_tickets_anew_and_is_on_record(house: LocalStack) -> None:
    """准考证 one week before the day."""
    set_day(may(house), SATURDAY)
    one = found(may(house))
    assert (one.day_fixed, one.assessed_first, one.ticket_from) == (True, SATURDAY, date(2026, 5, 16))
    with reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "sitting.day_set")).one()
    assert (entry.before, entry.after, entry.reason) == (
        {"first": PROPOSED.isoformat()},
        {"first": SATURDAY.isoformat()},
        "场地已定",
    )


@pytest.mark.parametrize(
    ("day", "now", "code"),
    [
        (date(2026, 5, 2), WINDOW, "day_too_early"),  # turnout is decided on that day
        (date(2026, 4, 25), WINDOW, "day_too_early"),
        (date(2026, 5, 10), at(2026, 5, 6), "day_too_soon"),
        (date(2026, 5, 27), WINDOW, "day_not_free"),  # a Wednesday
        (date(2026, 5, 9), WINDOW, "day_not_free"),  # a Saturday that is worked
        (date(2026, 6, 6), WINDOW, "day_outside"),
    ],
)
def test_a_day_that_cannot_be_is_refused(house: LocalStack, day: date, now: datetime, code: str) -> None:
    assert refused(may(house), day, now) == code
    assert found(may(house)).day_fixed is False


@pytest.mark.parametrize(
    ("day", "now"),
    [(date(2026, 5, 10), at(2026, 5, 6)), (date(2026, 5, 27), WINDOW), (date(2026, 6, 6), WINDOW)],
)
def test_with_a_reason_it_may_be_exceptional_but_never_past(house: LocalStack, day: date, now: datetime) -> None:
    set_day(may(house), day, now, exceptionally=True)
    assert found(may(house)).assessed_first == day
    assert refused(may(house), date(2026, 5, 2), now, exceptionally=True) == "day_too_early"


def test_without_a_reason_nothing_is_set(house: LocalStack) -> None:
    with pytest.raises(Problem, match="reason_needed"):
        sitting_days.set_day(may(house), SATURDAY, "staff:pan", " ", WINDOW)


def test_who_was_promised_only_the_month_hears_the_day_with_the_news_that_it_is_held(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    set_day(may(house), SATURDAY)
    assert told("day_set") == []
    turnout.settle_due(DECIDED)
    assert [cause.facts["days"] for cause in told("held")] == ["5月23日"] * 2


def test_who_was_told_that_it_is_held_hears_the_day_when_it_is_set(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    assert [cause.facts["days"] for cause in told("held")] == ["5月底前"] * 2
    assert [one.id for one in sitting_days.without_day(DECIDED)] == [may(house)]
    set_day(may(house), SATURDAY, DECIDED)
    causes = told("day_set")
    assert [(cause.facts["days"], cause.facts["change"], cause.tell_by) for cause in causes] == [
        ("5月23日", "日期已定", date(2026, 5, 18))
    ] * 2
    assert sitting_days.without_day(DECIDED) == []


def test_the_same_day_again_changes_nothing(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    set_day(may(house), SATURDAY, DECIDED)
    set_day(may(house), SATURDAY, DECIDED)
    assert len(told("day_set")) == 2


def test_a_changed_day_is_told_to_all_who_applied_and_must_be_known_before_the_earlier_of_both(
    house: LocalStack,
) -> None:
    seed_paid(house.app, may(house), 1)
    seed_paid(house.app, may(house), 1, status=Status.SUBMITTED)
    seed_paid(house.app, may(house), 1, status=Status.WITHDRAWN)
    set_day(may(house), SATURDAY)
    set_day(may(house), PROPOSED)
    causes = told("day_set")
    assert [(cause.facts["days"], cause.facts["change"], cause.tell_by) for cause in causes] == [
        ("5月30日", "日期已改", date(2026, 5, 18))
    ] * 2


def test_a_day_set_wrongly_and_then_rightly_is_told_once_and_rightly(house: LocalStack) -> None:
    """The clock stands, as it does where somebody lives through a year in minutes."""
    seed_paid(house.app, may(house), 1)
    for day in (SATURDAY, SUNDAY, PROPOSED, SUNDAY):
        set_day(may(house), day)
    with reading() as session:
        rows = select(NoticeCause, Notice.state).join(Notice).where(NoticeCause.kind == "day_set")
        assert [(cause.facts["days"], state) for cause, state in session.execute(rows.order_by(Notice.id))] == [
            ("5月24日", "cancelled"),
            ("5月30日", "cancelled"),
            ("5月24日", "new"),
        ]


def test_a_changed_day_voids_the_tickets_that_show_the_old_one(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    set_day(may(house), SATURDAY)
    turnout.settle_due(DECIDED)
    assert ticketing.release_due(at(2026, 5, 16)) == 2
    set_day(may(house), PROPOSED, at(2026, 5, 17))
    assert ticketing.release_due(at(2026, 5, 22)) == 0
    assert ticketing.release_due(at(2026, 5, 23)) == 2
    with reading() as session:
        reasons = sorted(session.scalars(select(Ticket.void_reason)))
    assert reasons == ["", "", *["评价日期改为2026年5月30日，请重新下载准考证"] * 2]


def test_whoever_gets_a_ticket_after_the_day_was_changed_is_told_the_new_day(house: LocalStack) -> None:
    before, later = seed_paid(house.app, may(house), 1), seed_paid(house.app, may(house), 1, status=Status.EXPIRED)
    seed_paid(house.app, may(house), 1)
    set_day(may(house), SATURDAY)
    turnout.settle_due(DECIDED)
    assert ticketing.release_due(at(2026, 5, 16)) == 2
    set_day(may(house), PROPOSED, at(2026, 5, 17))
    with transaction() as session:
        session.execute(update(Registration).where(Registration.id.in_(later)).values(status=Status.PAID.value))
    assert ticketing.release_due(at(2026, 5, 23)) == 3
    with reading() as session:
        rows = select(Notice, NoticeCause).join(NoticeCause).where(NoticeCause.kind == "ticket_ready")
        heard = {
            (notice.registration_id, notice.state, cause.facts["days"]) for notice, cause in session.execute(rows)
        }
    assert {(before[0], "cancelled", "5月23日"), (before[0], "new", "5月30日"), (later[0], "new", "5月30日")} <= heard


def test_no_ticket_comes_out_while_the_day_is_only_proposed(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    assert ticketing.release_due(at(2026, 5, 29)) == 0
    set_day(may(house), PROPOSED, at(2026, 5, 24))
    assert ticketing.release_due(at(2026, 5, 24)) == 2


def test_who_has_not_heard_of_the_day_is_telephoned(house: LocalStack) -> None:
    """Nobody's phone confirms here, because no dispatcher runs."""
    seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    set_day(may(house), SATURDAY, DECIDED)
    assert telephoning.to_telephone("staff:tong", at(2026, 5, 15)) == []
    people = telephoning.to_telephone("staff:tong", at(2026, 5, 16))
    assert [(one.kind.value, one.facts["days"]) for one in people] == [("day_set", "5月23日")] * 2


def test_a_sitting_that_has_begun_or_was_moved_keeps_its_day(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 1)
    turnout.settle_due(DECIDED)
    assert refused(may(house), SATURDAY, DECIDED) == "sitting_over"
    june = sitting_id(house.app, "2026-06", "netsec", 4)
    set_day(june, date(2026, 6, 27), at(2026, 6, 5))
    assert refused(june, date(2026, 6, 28), at(2026, 6, 27)) == "sitting_over"


def test_a_storm_on_the_eve_at_night_changes_the_day_and_everybody_hears_it_at_once(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    set_day(may(house), SATURDAY)
    turnout.settle_due(DECIDED)
    eve = at(2026, 5, 22, 22, 30)
    assert refused(may(house), SUNDAY, eve) == "day_too_soon"
    set_day(may(house), SUNDAY, eve, exceptionally=True)
    with reading() as session:
        due = session.scalars(select(Notice.due_at).join(NoticeCause).where(NoticeCause.kind == "day_set"))
        assert set(due) == {eve}


def test_entered_holidays_move_the_days_that_are_only_proposed(house: LocalStack) -> None:
    january = sitting_id(house.app, "2027-01", "netsec", 4)
    assert found(january).assessed_first == date(2027, 1, 30)
    off = [NamedDay(date(2027, 1, 1), "元旦"), *(NamedDay(date(2027, 1, day), "x") for day in (24, 30, 31))]
    working_days.set_year(2027, off, [], "公告", "staff:pan", "", at(2026, 11, 5))
    assert sitting_days.propose_again(at(2026, 11, 5)) == 4
    assert found(january).assessed_first == date(2027, 1, 23)
    assert sitting_days.propose_again(at(2026, 11, 5)) == 0


def test_a_day_that_is_set_while_days_are_proposed_anew_stays_as_it_was_set(
    house: LocalStack, database_url: str
) -> None:
    working_days.set_day(PROPOSED, "off", "放假", "staff:pan", "更正", WINDOW)
    with held_up_before_writing(database_url, "audit_entry") as road:
        road.begin(within(house.app, set_day, may(house), SATURDAY))
        road.begin(within(house.app, sitting_days.propose_again, WINDOW))
    assert found(may(house)).assessed_first == SATURDAY


@pytest.mark.parametrize(("people", "code"), [(1, "capacity_unlimited"), (50, "capacity_unlimited")])
def test_where_nobody_is_moved_for_want_of_room_no_capacity_is_set(house: LocalStack, people: int, code: str) -> None:
    with pytest.raises(Problem, match=code):
        sitting_days.set_capacity(may(house), people, "staff:pan", "机房", WINDOW)


def test_a_held_sitting_without_a_day_raises_an_alarm_until_the_day_is_set(house: LocalStack) -> None:
    seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    raised = [one.text for one in alarms(DECIDED) if one.code == "day_not_set"]
    assert len(raised) == 1
    assert f"jiping staff sitting day {may(house)}" in raised[0]
    set_day(may(house), SATURDAY, DECIDED)
    assert [one for one in alarms(DECIDED) if one.code == "day_not_set"] == []


def test_people_who_wait_for_next_year_raise_an_alarm(house: LocalStack) -> None:
    january = sitting_id(house.app, "2027-01", "netsec", 4)
    seed_paid(house.app, january, 1)
    turnout.settle_due(at(2027, 1, 2, 9))
    raised = [one.text for one in alarms(at(2027, 1, 2, 9)) if one.code == "next_year_missing"]
    assert len(raised) == 1
    assert raised[0].startswith("1人等待次年公告安排")


def test_a_proposed_day_that_passes_takes_nobodys_place_and_the_day_can_still_be_set(house: LocalStack) -> None:
    people = seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    after = at(2026, 6, 1, 9)  # the last day of the month is over, and nobody has set one
    assert expiring.conclude_due(after) == 0
    set_day(may(house), date(2026, 6, 13), after, exceptionally=True)
    assert [cause.facts["days"] for cause in told("day_set")] == ["6月13日"] * 2
    assert ticketing.release_due(at(2026, 6, 6, 9)) == 2
    assert expiring.conclude_due(at(2026, 6, 14, 9)) == len(people)


def test_what_is_held_on_a_day_that_was_only_proposed_can_still_be_moved(house: LocalStack) -> None:
    first, _ = seed_paid(house.app, may(house), 2)
    turnout.settle_due(DECIDED)
    with reading() as session:
        number = session.get_one(Registration, first).number
    after, june = at(2026, 6, 1, 9), sitting_id(house.app, "2026-06", "netsec", 4)
    assert moving_one.move_by_hand(number, june, "staff:pan", "场地", after, asked=False)
    turnout.settle_by_hand(may(house), Outcome.POSTPONED, "staff:pan", "没有场地", after)
    with reading() as session:
        assert {one.sitting_id for one in session.scalars(select(Registration))} == {june}
