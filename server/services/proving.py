"""The proof (告知证明): that everybody who had to know something about a sitting by a day was told by then, when, and by what.

For an auditor: everything stands on rows that were written as it happened, nothing on what somebody says now. Opening it is on
record, with its digest, so that a print can be held against the day on which it was made.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.db import transaction
from server.domain.identity import masked_name, masked_phone
from server.domain.notices import Kind
from server.domain.telling import Verdict
from server.domain.turnout import Outcome
from server.domain.wording import subject_text
from server.models import Attempt, AuditEntry, Candidate, NoticeCause, Registration, Sitting, TurnoutDecision
from server.services.auditing import record, require_reason
from server.services.evidence_of_telling import Evidence, Owed, evidence_of, of_cause
from server.services.owed_causes import BY_DECISION, BY_HAND, causes_about
from server.services.proofs import Basis, Called, CarrierSaid, Matter, Proof, Sent, Told, Totals, Try
from server.services.sitting_list import book_of, known, when


def proof(sitting_id: int, actor: str, now: datetime, *, full: bool = False, reason: str = "") -> Proof:
    """The proof for one sitting; empty where nobody had to be told anything by a day.

    full: with whole names, for a reason. Opening it is on record. Raises sitting_unknown, reason_needed.
    """
    if full:
        require_reason(reason)
    with transaction() as session:
        sitting = known(session, sitting_id)
        made = _Maker(session, sitting, now).made(full=full)
        people = sum(len(one.people) for one in made.matters)
        after = {"people": people, "full": full, "digest": made.digest}
        record(session, now, actor, "proof.opened", f"sitting:{sitting_id}", after=after, reason=reason)
        return made


class _Maker:
    """Everything that a proof is made from, read once."""

    def __init__(self, session: Session, sitting: Sitting, now: datetime) -> None:
        self._session, self._sitting, self._now = session, sitting, now
        decisions = session.scalars(select(TurnoutDecision).where(TurnoutDecision.sitting_id == sitting.id))
        self._decisions = {one.id: one for one in decisions}
        self._causes = causes_about(session, sitting.id, self._decisions.values())
        ids = [one.id for one in self._causes]
        self._evidence = evidence_of(session, ids, in_full=True)
        owed = of_cause(self._evidence, ids)
        self._owed = {one: [each for each in owed if each.cause.id == one] for one in ids}
        self._people = self._known({one.registration_id for one in owed})
        self._entries = self._audited()

    def _known(self, registrations: set[int]) -> dict[int, tuple[str, str, str]]:
        """Number, name and phone of each registration."""
        rows = (
            select(Registration.id, Registration.number, Candidate.name, Candidate.phone)
            .join(Candidate, Candidate.id == Registration.candidate_id)
            .where(Registration.id.in_(registrations))
        )
        return {row.id: (row.number, row.name, row.phone) for row in self._session.execute(rows)}

    def _audited(self) -> dict[tuple[str, datetime], AuditEntry]:
        """Who set a day, or moved somebody by hand: the entry that was written with the cause."""
        moved = [one for cause in self._by_hand() for one in self._owed[cause.id]]
        subjects = [f"sitting:{self._sitting.id}", *(f"registration:{one.registration_id}" for one in moved)]
        rows = select(AuditEntry).where(
            AuditEntry.subject.in_(subjects), AuditEntry.action.in_(("sitting.day_set", "registration.moved"))
        )
        return {(one.subject, one.at): one for one in self._session.scalars(rows)}

    def _by_hand(self) -> list[NoticeCause]:
        return [one for one in self._causes if one.key.startswith(BY_HAND)]

    def made(self, *, full: bool) -> Proof:
        book = book_of(self._sitting)
        matters = tuple(self._matter(group) for group in self._groups())
        names = {number: name for number, name, _ in self._people.values()} if full else {}
        return Proof(
            self._sitting.id,
            book.institution.name,
            self._sitting.month,
            subject_text(book.occupation(self._sitting.occupation).name, self._sitting.level),
            when(self._sitting),
            matters,
            _counted(one.verdict for matter in matters for one in matter.people),
            self._now,
            names,
        )

    def _groups(self) -> list[list[NoticeCause]]:
        """Each cause for itself; those who were moved by hand to the same place for the same reason together."""
        found = dict[object, list[NoticeCause]]()
        for one in self._causes:
            told = (one.kind, one.tell_by, one.facts["days"], one.facts.get("why"))
            found.setdefault(told if one.key.startswith(BY_HAND) else one.id, []).append(one)
        return list(found.values())

    def _matter(self, causes: list[NoticeCause]) -> Matter:
        first = causes[0]
        if first.tell_by is None or first.call_from is None:
            raise ValueError("a cause that nobody has to know by a day")
        people = tuple(self._told(one) for cause in causes for one in self._owed[cause.id])
        said = {key: str(first.facts.get(key, "")) for key in ("subject", "from_days", "days", "why", "change")}
        return Matter(
            Kind(first.kind),
            said,
            self._basis(first),
            first.key.startswith(BY_HAND),
            first.tell_by,
            first.call_from,
            sum(one.overtaken_at is not None for one in people),
            _counted(one.verdict for one in people),
            people,
        )

    def _basis(self, cause: NoticeCause) -> Basis:
        if cause.key.startswith(BY_DECISION):
            one = self._decisions[int(cause.key.split(":")[1])]
            return Basis(
                Outcome(one.outcome),
                one.counted,
                one.threshold,
                one.reason,
                one.source,
                one.actor,
                one.decided_at,
                one.overruled_at,
            )
        by_hand = cause.key.startswith(BY_HAND)
        number = self._owed[cause.id][0].registration_id if by_hand else self._sitting.id
        entry = self._entries.get((f"{'registration' if by_hand else 'sitting'}:{number}", cause.created_at))
        reason = str(cause.facts["why"]) if by_hand else entry.reason if entry else ""
        return Basis(None, None, None, reason, "", entry.actor if entry else "", cause.created_at, None)

    def _told(self, one: Owed) -> Told:
        number, name, phone = self._people[one.registration_id]
        judged, later = self._evidence.judged(one, self._now), self._evidence.since(one)[1:]
        gone = [at for at in self._evidence.gone[one.registration_id] if at >= one.cause.created_at]
        return Told(
            number=number,
            name=masked_name(name),
            phone=masked_phone(phone),
            verdict=judged.verdict,
            heard_at=judged.heard.at if judged.heard else None,
            heard_by=judged.heard.by if judged.heard else None,
            heard_of_later=judged.heard.of_later if judged.heard else False,
            overtaken_at=later[0].cause.created_at if later else None,
            left_at=min(gone, default=None),
            sent=_sent(self._evidence, one),
            calls=tuple(Called(call.at, call.actor, call.result) for call in self._evidence.calls[one.id]),
        )


def _sent(evidence: Evidence, one: Owed) -> tuple[Sent, ...]:
    return tuple(
        Sent(
            sent.channel,
            one.cause.wording,
            sent.state,
            one.due_at,
            sent.queued_at,
            sent.accepted_at or _taken(evidence.attempts[sent.id]),
            sent.confirmed_at,
            sent.vendor_reference,
            sent.last_code,
            tuple(
                Try(
                    tried.started_at,
                    tried.ended_at,
                    tried.outcome,
                    tried.code,
                    masked_phone(tried.to_number) if tried.to_number else "",
                    tried.template or "",
                )
                for tried in evidence.attempts[sent.id]
            ),
            tuple(
                CarrierSaid(told.received_at, told.happened_at, told.delivered, told.code)
                for told in evidence.receipts[sent.id]
            ),
        )
        for sent in evidence.deliveries[one.id]
    )


def _taken(tries: Iterable[Attempt]) -> datetime | None:
    """When the carrier took it, where its receipt was quicker than the record of that."""
    return min((one.ended_at for one in tries if one.outcome == "accepted" and one.ended_at), default=None)


def _counted(verdicts: Iterable[Verdict]) -> Totals:
    found = Counter(verdicts)
    each: Callable[[Verdict], int] = found.__getitem__
    left = each(Verdict.LEFT)
    return Totals(
        owed=found.total() - left,
        by_sms=each(Verdict.BY_SMS),
        by_call=each(Verdict.BY_CALL),
        late=each(Verdict.LATE),
        not_yet=each(Verdict.NOT_YET),
        never=each(Verdict.NEVER),
        left=left,
    )
