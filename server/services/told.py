"""What somebody was told (我的通知): each notice of their registrations, in the words of the day on which it was written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.db import reading
from server.domain.notices import Kind
from server.models import Account, Notice, NoticeCause, Registration


@dataclass(frozen=True)
class Told:
    """One notice: `wording` is the version whose words `facts` fill."""

    id: int
    at: datetime
    kind: Kind
    wording: int
    facts: dict[str, Any]
    number: str


def my_notices(account_id: int, most: int = 100) -> list[Told]:
    """Those of all registrations of the account's candidate that are under way or have gone out, the newest first; none for
    somebody who has not said who they are."""
    rows = (
        select(Notice, NoticeCause, Registration.number)
        .join(NoticeCause, NoticeCause.id == Notice.cause_id)
        .join(Registration, Registration.id == Notice.registration_id)
        .join(Account, Account.candidate_id == Registration.candidate_id)
        .where(Account.id == account_id, Notice.state == "planned")
        .order_by(Notice.due_at.desc(), Notice.id.desc())
        .limit(most)
    )
    with reading() as session:
        return [
            Told(notice.id, notice.due_at, Kind(cause.kind), cause.wording, cause.facts, number)
            for notice, cause, number in session.execute(rows)
        ]
