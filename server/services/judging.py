"""May somebody apply: what they say of themselves, held against the conditions of a sitting. Changes nothing."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from server.db import reading
from server.domain.days import local_day
from server.domain.eligibility import (
    Assessment,
    Certificate,
    Claims,
    Diploma,
    Title,
    Verdict,
    Work,
    assess,
)
from server.errors import Problem
from server.models import Sitting
from server.services.profile import needed_candidate
from server.services.sitting_list import book_of, known


@dataclass(frozen=True)
class Said:
    """What a candidate says of work, certificates, titles and schools."""

    work: tuple[Work, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    titles: tuple[Title, ...] = ()
    diplomas: tuple[Diploma, ...] = ()
    intends: bool = False

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values, as it is kept."""

        def plain(value: Any) -> Any:
            return value.isoformat() if isinstance(value, date) else value

        lists = {
            name: [{key: plain(value) for key, value in asdict(one).items()} for one in getattr(self, name)]
            for name in ("work", "certificates", "titles", "diplomas")
        }
        return lists | {"intends": self.intends}


def judge(account_id: int, sitting_id: int, said: Said, now: datetime) -> Assessment:
    """May the account's candidate apply for this sitting: every alternative with its reasons.

    Raises profile_needed, sitting_unknown, claims_wrong.
    """
    with reading() as session:
        candidate = needed_candidate(session, account_id)
        return _assessed(candidate.born, known(session, sitting_id), said, local_day(now))


def judge_visitor(born: date, sitting_id: int, said: Said, now: datetime) -> Assessment:
    """The same of somebody who stands at the window and need not be known yet. Raises sitting_unknown, claims_wrong."""
    with reading() as session:
        return _assessed(born, known(session, sitting_id), said, local_day(now))


def required_verdict(born: date, sitting: Sitting, alternative: str, said: Said, now: datetime) -> Assessment:
    """The assessment, where it does not speak against the alternative that was chosen.

    Raises claims_wrong, alternative_unknown, too_young, not_eligible.
    """
    verdict = _assessed(born, sitting, said, local_day(now))
    finding = verdict.finding(alternative)
    if finding is None:
        raise Problem("alternative_unknown")
    if verdict.barred:
        raise Problem("too_young", reasons=[asdict(one) for one in verdict.barred])
    if finding.verdict is Verdict.NOT_MET:
        raise Problem("not_eligible", reasons=[asdict(one) for one in finding.reasons])
    return verdict


def _assessed(born: date, sitting: Sitting, said: Said, today: date) -> Assessment:
    starts = [one.since for one in said.work] + [one.issued_on for one in said.certificates]
    starts += [one.issued_on for one in said.titles]
    ends = [(one.since, one.until) for one in said.work if one.until]
    ends_later = any(one.until and one.until > today for one in said.work)
    if ends_later or any(day > today or day < born for day in starts) or any(until < since for since, until in ends):
        raise Problem("claims_wrong")
    book = book_of(sitting)
    claims = Claims(born, said.work, said.certificates, said.titles, said.diplomas, said.intends)
    occupation = book.occupation(sitting.occupation).name
    return assess(book.eligibility, sitting.level, occupation, claims, today)
