"""A year that was lived through: the plan, its people, and what is known of what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from server.domain.notices import Kind
from server.domain.working_days import DayTable
from server.replay.facts import MOVES, OWED, Facts, NoticeFact, RegistrationFact, SittingFact
from server.replay.people import Person
from server.replay.plan import PlanRow, SittingName
from server.replay.rerun import Rerun
from server.rulebooks.book import Rulebook


@dataclass(frozen=True)
class Lived:
    """Checks are made from this alone, so that a falsified one shows whether they would notice."""

    book: Rulebook
    plan: tuple[PlanRow, ...]
    people: tuple[Person, ...]
    facts: Facts
    table: DayTable
    reruns: tuple[Rerun, ...]
    #: of one person of each sitting in the plan, by number: did the ticket open
    tickets_opened: Mapping[str, bool]
    #: of which kinds of message WeChat asked the candidates, at each of their taps
    asked: Mapping[str, frozenset[Kind]]

    @cached_property
    def by_number(self) -> dict[str, RegistrationFact]:
        return {one.number: one for one in self.facts.registrations}

    @cached_property
    def by_name(self) -> dict[SittingName, SittingFact]:
        return {one.name: one for one in self.facts.sittings}

    @cached_property
    def by_id(self) -> dict[int, SittingFact]:
        return {one.id: one for one in self.facts.sittings}

    @cached_property
    def registered(self) -> list[tuple[Person, RegistrationFact]]:
        """Each person with the registration; whoever has none is found out by the first check."""
        return [(one, self.by_number[one.number]) for one in self.people if one.number in self.by_number]

    @cached_property
    def move_notices(self) -> list[NoticeFact]:
        """Those that tell of a move, to another sitting or to next year."""
        return [one for one in self.facts.notices if one.kind in MOVES]

    @cached_property
    def owed_notices(self) -> list[NoticeFact]:
        """Those that everybody must know by a day, and that clerks telephone about."""
        return [one for one in self.facts.notices if one.kind in OWED]
