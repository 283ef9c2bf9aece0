"""Audit entries: written in the transaction of what they speak of."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.errors import Problem
from server.models import AuditEntry


def require_reason(reason: str) -> None:
    """What staff decide, change or look into, they say why. Raises reason_needed."""
    if not reason.strip():
        raise Problem("reason_needed")


def record(
    session: Session,
    now: datetime,
    actor: str,
    action: str,
    subject: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    source: str = "",
) -> None:
    """Append one entry. Callers pass codes, dates and masked values only: an audit trail must not leak whom it protects."""
    session.add(
        AuditEntry(
            at=now,
            actor=actor,
            action=action,
            subject=subject,
            before=before,
            after=after,
            reason=reason[:500],
            source=source[:500],
        )
    )
