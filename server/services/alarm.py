"""An alarm: what every kind of it says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Alarm:
    """One thing to see to: a stable code, a Chinese sentence that says what to do and names nobody, and since when."""

    code: str
    text: str
    since: datetime | None = None
