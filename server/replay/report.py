"""The report of a year: its rows as the issue names them, made from the facts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from server.domain.notices import Kind
from server.domain.turnout import Outcome
from server.replay.facts import OWED, Facts, NoticeFact, SittingFact


@dataclass(frozen=True)
class SittingRow:
    """One sitting in numbers of people. `counted` is what was held against `threshold`; the moved are under moved_….

    People who were moved out without a `target` wait for next year's rules to name one."""

    sitting: str
    occupation: str
    level: int
    applicants: int
    approved: int
    paid: int
    counted: int
    threshold: int
    decision: str
    decided_on: date | None
    target: str | None
    moved_in: int
    moved_out: int
    tickets_valid: int
    tickets_void: int


@dataclass(frozen=True)
class NoticeRow:
    """What people were told of one sitting, in numbers of people. Of a postponement, `sitting` is the one that they were moved from.

    `sms_delivered` are people with a confirmed SMS, `to_telephone` those still without one when clerks began to call,
    `told_in_time` those with a confirmed SMS or a recorded call by the deadline; null where there is no deadline.
    """

    kind: str
    sitting: str
    occupation: str
    level: int
    owed: int
    wechat_accepted: int
    sms_delivered: int
    to_telephone: int
    first_on: date | None
    last_on: date | None
    deadline: date | None
    told_in_time: int | None


@dataclass(frozen=True)
class Check:
    """Something that must hold, whether it does, and what was seen."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """All of it. `seconds` is how long the replay took."""

    rulebook: str
    edition: int
    sittings: tuple[SittingRow, ...]
    notices: tuple[NoticeRow, ...]
    checks: tuple[Check, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain values; days as ISO dates."""
        return asdict(self, dict_factory=_plain)


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in pairs}


def sitting_rows(facts: Facts) -> tuple[SittingRow, ...]:
    """Every sitting of the rulebook's calendar, also those that no plan names."""
    return tuple(_sitting_row(facts, one) for one in facts.sittings)


def _sitting_row(facts: Facts, sitting: SittingFact) -> SittingRow:
    own = [one for one in facts.registrations if one.applied_for == sitting.id]
    tickets = [one.valid for one in facts.tickets if one.sitting == sitting.id]
    return SittingRow(
        sitting=sitting.name.sitting,
        occupation=sitting.name.occupation,
        level=sitting.name.level,
        applicants=len(own),
        approved=sum(one.approved for one in own),
        paid=sum(one.paid for one in own),
        counted=sitting.counted,
        threshold=sitting.threshold,
        decision=sitting.outcome or Outcome.NONE.value,
        decided_on=sitting.decided_on,
        target=facts.sitting(sitting.target).name.sitting if sitting.target is not None else None,
        moved_in=sum(one.reached.count(sitting.id) for one in facts.registrations),
        moved_out=sum(one.left.count(sitting.id) for one in facts.registrations),
        tickets_valid=tickets.count(True),
        tickets_void=tickets.count(False),
    )


def notice_rows(facts: Facts) -> tuple[NoticeRow, ...]:
    """One row for each kind and sitting of which anybody was to be told, in the order of the calendar."""
    groups = defaultdict[tuple[int, Kind], list[NoticeFact]](list)
    for one in facts.notices:
        groups[one.sitting, one.kind].append(one)
    return tuple(
        _notice_row(facts, sitting, kind, groups[sitting.id, kind])
        for sitting in facts.sittings
        for kind in Kind
        if (sitting.id, kind) in groups
    )


def _notice_row(facts: Facts, sitting: SittingFact, kind: Kind, notices: list[NoticeFact]) -> NoticeRow:
    days = [day for one in notices for day in one.accepted_on]
    deadline = sitting.tell_by if kind in OWED else None
    return NoticeRow(
        kind=kind.value,
        sitting=sitting.name.sitting,
        occupation=sitting.name.occupation,
        level=sitting.name.level,
        owed=_people(notices),
        wechat_accepted=_people(one for one in notices if one.wechat_accepted),
        sms_delivered=_people(one for one in notices if one.sms_confirmed_on is not None),
        to_telephone=_people(one for one in notices if one.id in facts.listed),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        deadline=deadline,
        told_in_time=None if deadline is None else _people(one for one in notices if one.told_by(deadline)),
    )


def _people(notices: Iterable[NoticeFact]) -> int:
    """How many people these are for: somebody reminded on two days is one."""
    return len({one.registration for one in notices})
