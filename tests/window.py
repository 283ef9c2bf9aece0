"""An institution that takes individuals at its window, and the people who come there."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from server.db import reading
from server.domain.eligibility import Work
from server.domain.identity import DocumentType
from server.local import LocalStack
from server.models import Sitting
from server.rulebooks.loader import LoadedRulebook, load_file
from server.services.at_window import WindowForm, register_at_window
from server.services.judging import Said
from server.services.profile import Particulars
from tests.people import NAMES, id_card, portrait
from tests.rulebooks.toml_text import ORIGINAL, as_written, save

SLUG = "guild-2026"
ADDRESS, HOURS = "某路1号2楼", "工作日上午9:00-11:00，下午13:30-16:30"
MATERIALS = ["签字的报名表原件", "个人2寸证件照1张", "相关佐证材料"]
CLERK = "staff:ye"


def window_table() -> dict[str, Any]:
    """The technicians' rulebook but for the way in which individuals apply, and the day on which groups get tickets."""
    data = as_written()
    data["slug"] = SLUG
    data["institution"] |= {"name": "某行业协会", "hours": HOURS}
    data["application"]["individual"] = {
        "source": "二（二）",
        "kind": "window",
        "address": ADDRESS,
        "materials": MATERIALS,
    }
    data["tickets"]["group"] = {
        "source": "二（五）",
        "kind": "working_days_before",
        "days": 3,
        "given": "collected",
        "how": "由申报单位领取",
    }
    return data


def rulebooks(folder: Path) -> list[LoadedRulebook]:
    """Both kinds of institution: the technicians with their mini-program, and one with a window."""
    return [load_file(ORIGINAL), load_file(save(folder, window_table(), f"{SLUG}.toml"))]


def sitting_of(stack: LocalStack, rulebook: str, month: str = "2026-04", level: int = 4) -> int:
    """The sitting of one of the two institutions."""
    wanted = (
        Sitting.rulebook == rulebook,
        Sitting.month == month,
        Sitting.occupation == "hr",
        Sitting.level == level,
    )
    with stack.app.app_context(), reading() as session:
        return session.scalars(select(Sitting.id).where(*wanted)).one()


@cache
def evidence() -> tuple[tuple[str, bytes], ...]:
    return (("work", portrait(600, 800)),)


def visitor(stack: LocalStack, serial: int, **changes: Any) -> WindowForm:
    """The form of somebody nobody else is, for April's level 4 of the institution with the window."""
    if "sitting_id" not in changes:
        changes["sitting_id"] = sitting_of(stack, SLUG)
    form: dict[str, Any] = {
        "channel": "window",
        "person": Particulars(NAMES[serial % 2], DocumentType.ID_CARD, id_card(serial)),
        "phone": f"138{serial:08d}",
        "photo": portrait(),
        "evidence": evidence(),
        "alternative": "4.1",
        "said": Said(work=(Work(date(2010, 1, 1)),)),
        "declared": True,
    }
    return WindowForm(**form | changes)


def come(stack: LocalStack, form: WindowForm) -> str:
    """Come to the window with this form; the number of the registration."""
    with stack.app.app_context():
        return register_at_window(form, CLERK, stack.clock.now())
