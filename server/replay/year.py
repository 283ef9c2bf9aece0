"""Live through the year: at each stop everybody does what is due by then, and the scheduler and the carriers work."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from server.domain.days import SHANGHAI, local_day
from server.domain.registrations import Action
from server.local import LocalStack
from server.replay import clerks
from server.replay.people import Person
from server.replay.phone import Phones
from server.replay.plan import SittingName
from server.replay.rerun import Rerun, fingerprints
from server.rulebooks.book import AtWindow, Rulebook

# The web server shares this process and its processors with them: more hands would only wait for each other.
HANDS = 2
_OFFICE_HOURS = range(9, 18)


class Year:
    """One year in one installation, and what was noted down on the way."""

    def __init__(self, stack: LocalStack, book: Rulebook, people: list[Person]) -> None:
        self._stack, self._book, self._people = stack, book, people
        self.phones = Phones(stack, book.slug)
        self._openers = _one_of_each_sitting(people)
        #: the notices whose reader stood on the telephone list
        self.listed: set[int] = set()
        #: of one person of each sitting in the plan, by number: did the ticket open
        self.tickets_opened: dict[str, bool] = {}
        self.reruns: list[Rerun] = []

    def prepare(self, first: datetime) -> None:
        """What is so before the year begins: an account to pay into, and phones that will stay silent."""
        self._stack.clock.stand_at(first - timedelta(days=1))
        if self._book.payment.account is None:
            with self._stack.app.app_context():
                clerks.open_account(self._book.slug, self._stack.clock.now())
        for person in self._people:
            if not person.confirms:
                self.phones.set_silent(person)

    def live_until(self, stop: datetime) -> None:
        """Move the clock to a stop, and let happen what happens by then."""
        self._stack.clock.stand_at(stop)
        office = stop.astimezone(SHANGHAI).hour in _OFFICE_HOURS
        self._apply(stop)
        if office:
            self._review(stop)
        self._pay(stop)
        if office:
            self._record_payments(stop)
        self.work()
        if office:
            self._set_days(stop)
            self._telephone(stop)
            self._open_tickets()

    def work(self) -> None:
        """Scheduler, dispatcher and carriers until nothing is under way."""
        self.phones.receive()  # taps first: a credit that has not arrived cannot be spent
        self._stack.run_jobs()
        self.phones.receive()

    def run_again(self) -> None:
        """Run all jobs a second time, and note which tables that changed: it must be none."""
        before, messages = fingerprints(self._stack.app), len(self.phones.inbox())
        self.work()
        after, more = fingerprints(self._stack.app), len(self.phones.inbox()) - messages
        changed = tuple(sorted(table for table, mark in after.items() if mark != before[table]))
        self.reruns.append(Rerun(self._stack.clock.now(), changed, more))

    # --- candidates

    def _apply(self, now: datetime) -> None:
        due = [one for one in self._people if not one.number and one.applies_at <= now]
        if due:
            sittings = self.phones.sittings()
            window = isinstance(self._book.application.individual, AtWindow)
            apply = self._apply_at_window if window else self.phones.apply
            _at_once(lambda one: apply(one, sittings[one.applied_for]), due)

    def _apply_at_window(self, person: Person, sitting_id: int) -> None:
        with self._stack.app.app_context():
            clerks.register_at_window(person, sitting_id, self._stack.clock.now())
        self.phones.join(person)

    def _pay(self, now: datetime) -> None:
        approved = (one for one in self._people if one.judged and one.verdict is Action.APPROVE)
        due = [one for one in approved if one.pays_at is not None and one.paid_on is None and one.pays_at <= now]
        _at_once(self.phones.pay, due)
        for one in due:
            one.paid_on = local_day(now)

    def _open_tickets(self) -> None:
        waiting = [one for one in self._openers if one.number and one.number not in self.tickets_opened]
        out = self.phones.sittings_with_tickets()
        for person in waiting if out else []:
            if self.phones.sitting_of(person) in out:
                self.tickets_opened[person.number] = self.phones.opens_ticket(person)

    # --- clerks

    def _review(self, now: datetime) -> None:
        with self._stack.app.app_context():
            clerks.review({one.number: one for one in self._people}, now)

    def _record_payments(self, now: datetime) -> None:
        with self._stack.app.app_context():
            for one in self._people:
                transferred = one.paid_on is not None and not one.recorded
                if transferred and one.recorded_at is not None and one.recorded_at <= now:
                    clerks.record_payment(one, now)

    def _set_days(self, now: datetime) -> None:
        with self._stack.app.app_context():
            changed = clerks.set_days(now)
        if changed:
            self.work()

    def _telephone(self, now: datetime) -> None:
        with self._stack.app.app_context():
            self.listed.update(clerks.telephone(now))


def _at_once(act: Callable[[Person], None], people: Iterable[Person]) -> None:
    """Several people at the same time; the first one for whom it fails ends the replay."""
    with ThreadPoolExecutor(HANDS, thread_name_prefix="replay") as hands:
        for _ in hands.map(act, people):
            pass


def _one_of_each_sitting(people: Iterable[Person]) -> list[Person]:
    """Somebody who pays, of each sitting of the plan; if possible with a name that any machine's fonts can print."""
    found: dict[SittingName, Person] = {}
    for one in sorted(people, key=lambda person: not person.has_common_name):
        if one.pays_at is not None:
            found.setdefault(one.applied_for, one)
    return list(found.values())
