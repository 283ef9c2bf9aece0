"""Where individuals apply at the window, a replay's people go there, and then open the mini-program for the first time."""

from datetime import date
from pathlib import Path

from sqlalchemy import select

from server.db import reading
from server.domain.days import Window
from server.domain.phases import Dates
from server.domain.registrations import WINDOW
from server.domain.working_days import DayTable
from server.local import local_stack
from server.models import Account, Grant, Registration, RegistrationMove
from server.replay import clerks
from server.replay.people import cast
from server.replay.phone import AT_SUBMISSION
from server.replay.plan import PlanRow, SittingName
from server.replay.year import Year
from server.rulebooks.loader import LoadedRulebook
from tests.conftest import at
from tests.rows import rows
from tests.window import rulebooks

APRIL = SittingName("2026-04", "企业人力资源管理师", 4)
DATES = Dates(
    Window(date(2026, 2, 23), date(2026, 3, 22)),
    Window(date(2026, 3, 23), date(2026, 3, 29)),
    date(2026, 4, 20),
    Window(date(2026, 4, 25), date(2026, 4, 26)),
)


def window_book(folder: Path) -> LoadedRulebook:
    (book,) = (one for one in rulebooks(folder) if one.book.application.individual.kind == "window")
    return book


def test_a_clerk_registers_each_and_each_finds_it_on_their_phone_and_answers_the_dialogue(
    sqlite_url: str, tmp_path: Path
) -> None:
    loaded = window_book(tmp_path)
    began = at(2026, 1, 1)
    with local_stack(tmp_path, migrated=True, books=[loaded], began=began, database_url=sqlite_url) as stack:
        plan = [PlanRow(2, APRIL, applicants=6, approved=5, paid=3, no_grant=2, sms_fails=0)]
        people = cast(plan, {APRIL: DATES}, 1, WINDOW, DayTable())
        year = Year(stack, loaded.book, people)
        year.prepare(people[0].applies_at)
        for stop in sorted({one.applies_at for one in people}):
            year.live_until(stop)
        assert rows(stack.app, Registration, Registration.channel == "window") == len(people)
        assert rows(stack.app, RegistrationMove, RegistrationMove.actor == clerks.RECEIVER) == len(people)
        with stack.app.app_context(), reading() as session:
            hanging = select(Registration.number, Account.openid).join(Account, Account.id == Registration.account_id)
            joined = {tuple(row) for row in session.execute(hanging)}
        assert joined == {(one.number, one.openid) for one in people}
        assert {one.fee_fen for one in people} == {35000}
        granted = sum(one.granted for one in people) * len(year.phones.asked[AT_SUBMISSION])
        assert granted == 12
        assert rows(stack.app, Grant) == granted
