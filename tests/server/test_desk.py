"""A clerk mends what was taken in at the window and returned, and withdraws for whoever stands there."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.db import reading
from server.domain.eligibility import Certificate, Work
from server.domain.identity import DocumentType
from server.domain.registrations import Action
from server.errors import Problem
from server.local import LocalStack, local_stack
from server.models import AuditEntry, Candidate, Registration, RegistrationMove, RegistrationUpload, Upload
from server.services import reviewing
from server.services.at_window import WindowForm, amend_at_window, withdraw_at_window
from server.services.judging import Said
from server.services.profile import Particulars
from tests.api.refusals import nothing_changes
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay, portrait
from tests.rows import rows
from tests.window import SLUG, come, evidence, rulebooks, sitting_of, visitor

MORNING = at(2026, 2, 23, 9)
MENDER = "staff:bai"
SECOND = timedelta(seconds=1)
PAID_UNTIL = at(2026, 3, 30, 0)
GROUP: dict[str, Any] = {"channel": "group", "unit": "某培训学校"}
PASSPORT = Particulars("Maria da Silva", DocumentType.PASSPORT, "E12345678", date(1990, 5, 17), "女")
#: another way to be eligible, with the piece of evidence that it wants
BETTER: dict[str, Any] = {
    "alternative": "4.2",
    "said": Said(
        work=(Work(date(2019, 1, 1)),), certificates=(Certificate("企业人力资源管理师", 5, date(2018, 6, 30)),)
    ),
    "evidence": (("certificate", portrait(610, 800)),),
}


@pytest.fixture
def stack(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """An installation with both kinds of institution, on the first morning of the April window."""
    books = rulebooks(tmp_path)
    with local_stack(tmp_path, migrated=True, books=books, began=MORNING, database_url=database_url) as running:
        yield running


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """The same on SQLite alone, for tables."""
    books = rulebooks(tmp_path)
    with local_stack(tmp_path, migrated=True, books=books, began=MORNING, database_url=sqlite_url) as running:
        yield running


def row(stack: LocalStack, number: str) -> Registration:
    with stack.app.app_context(), reading() as session:
        return session.scalars(select(Registration).where(Registration.number == number)).one()


def moves(stack: LocalStack, number: str) -> list[tuple[str, str, str]]:
    """Everything that was done to a registration: by whom, what, and why."""
    mine = select(RegistrationMove).where(RegistrationMove.registration_id == row(stack, number).id)
    with stack.app.app_context(), reading() as session:
        found = session.scalars(mine.order_by(RegistrationMove.id))
        return [(one.actor, one.action, one.reason) for one in found]


def trail(stack: LocalStack, action: str) -> list[tuple[str, str, str]]:
    """The audit entries of one kind: by whom, of what, and why."""
    with stack.app.app_context(), reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        return [(one.actor, one.subject, one.reason) for one in found]


def kinds(stack: LocalStack, number: str) -> list[str]:
    """What the registration rests on."""
    rest_on = select(Upload.kind).join(RegistrationUpload, RegistrationUpload.upload_id == Upload.id)
    mine = rest_on.where(RegistrationUpload.registration_id == row(stack, number).id)
    with stack.app.app_context(), reading() as session:
        return sorted(session.scalars(mine))


def send_back(stack: LocalStack, number: str) -> None:
    with stack.app.app_context():
        reviewing.review(number, Action.RETURN, "staff:chen", stack.clock.now(), reasons=["工作证明未盖章"])


def returned(stack: LocalStack, serial: int = 1, **changes: Any) -> str:
    """Somebody came to the window, and a reviewer has sent their papers back; the number."""
    number = come(stack, visitor(stack, serial, **changes))
    send_back(stack, number)
    return number


def on_phone(stack: LocalStack) -> Phone:
    """Somebody who has applied in the mini-program of the institution that has one."""
    phone = Phone(stack).ready(1, "王芳")
    form = phone.form(sitting_of(stack, "technicians-2026"))
    phone.number = phone.submit(form, "a-tap-of-their-own")["number"]
    return phone


def join(stack: LocalStack, serial: int, name: str, number: str) -> Phone:
    """The same person opens the mini-program for the first time."""
    phone = Phone(stack, number=number)
    phone.sign_in()
    phone.set_phone(f"138{serial:08d}")
    phone.fill_in(name, id_card(serial))
    return phone


def mend(stack: LocalStack, number: str, form: WindowForm, version: int | None = None) -> None:
    with stack.app.app_context():
        amend_at_window(number, form, version, MENDER, stack.clock.now())


def withdraw(stack: LocalStack, number: str, reason: str = "") -> bool:
    with stack.app.app_context():
        return withdraw_at_window(number, MENDER, reason, stack.clock.now())


def why_not_mended(stack: LocalStack, number: str, form: WindowForm, version: int | None = None) -> str:
    """Why this is refused; it must be, and nothing may be left of it."""
    with nothing_changes(stack.app), pytest.raises(Problem) as refused:
        mend(stack, number, form, version)
    return refused.value.code


def why_not_withdrawn(stack: LocalStack, number: str, reason: str = "") -> str:
    with nothing_changes(stack.app), pytest.raises(Problem) as refused:
        withdraw(stack, number, reason)
    return refused.value.code


# --- mending


@pytest.mark.parametrize("way", [{}, GROUP], ids=["window", "group"])
def test_what_was_returned_is_mended_judged_anew_and_waits_for_review_again(
    stack: LocalStack, way: dict[str, Any]
) -> None:
    number = returned(stack, **way)
    before = row(stack, number)
    stack.clock.stand_at(at(2026, 3, 2, 10))
    mend(stack, number, visitor(stack, 1, paper_certificate=True, photo=portrait(420, 588), **way, **BETTER), 2)
    after = row(stack, number)
    assert (after.status, after.version, after.alternative, after.paper_certificate) == ("submitted", 3, "4.2", True)
    assert after.claims["certificates"] == [
        {"occupation": "企业人力资源管理师", "level": 5, "issued_on": "2018-06-30"}
    ]
    assert (before.verdict != after.verdict, before.photo_id != after.photo_id) == (True, True)
    assert (after.declared_at, after.applied_at) == (at(2026, 3, 2, 10), MORNING)
    assert (after.channel, after.unit, after.account_id) == (before.channel, before.unit, before.account_id)
    with stack.app.app_context():
        assert [one.registration.number for one in reviewing.waiting_for_review()] == [number]
        assert reviewing.review(number, Action.APPROVE, "staff:chen", stack.clock.now(), reasons=[], version=3)


def test_the_clerk_who_mended_it_stands_in_its_history_and_in_the_audit(stack: LocalStack) -> None:
    number = returned(stack)
    mend(stack, number, visitor(stack, 1, **BETTER))
    assert moves(stack, number)[1:] == [("staff:chen", "return", "工作证明未盖章"), (MENDER, "amend", "")]
    assert trail(stack, "registration.amended") == [(MENDER, f"registration:{row(stack, number).id}", "")]


@pytest.mark.parametrize(
    ("brought", "kept"),
    [
        (BETTER["evidence"], ["certificate", "work"]),
        ((), ["work"]),
        (evidence(), ["work"]),
        ((*evidence(), ("other", portrait(610, 800))), ["other", "work"]),
    ],
    ids=["another piece", "nothing new", "the same once more", "the same and another"],
)
def test_evidence_that_was_there_stays_and_what_is_new_is_added(
    here: LocalStack, brought: tuple[tuple[str, bytes], ...], kept: list[str]
) -> None:
    number = returned(here)
    mend(here, number, visitor(here, 1, evidence=brought))
    assert kinds(here, number) == kept


def test_what_came_on_a_phone_is_mended_on_the_phone(here: LocalStack) -> None:
    phone = on_phone(here)
    send_back(here, phone.number)
    person = Particulars("王芳", DocumentType.ID_CARD, id_card(1))
    form = visitor(here, 1, person=person, sitting_id=sitting_of(here, "technicians-2026"), **GROUP)
    assert why_not_mended(here, phone.number, form) == "amend_in_mini_program"


def test_a_registration_that_there_is_not_cannot_be_mended_or_withdrawn(here: LocalStack) -> None:
    come(here, visitor(here, 1))
    assert why_not_mended(here, "ABCDEFGH", visitor(here, 1)) == "registration_unknown"
    assert why_not_withdrawn(here, "ABCDEFGH", "本人要求") == "registration_unknown"


def test_the_form_must_be_of_the_registration_s_own_person(here: LocalStack) -> None:
    number = returned(here, 1)
    assert why_not_mended(here, number, visitor(here, 2)) == "another_person"  # of nobody we know
    come(here, visitor(here, 2))
    assert why_not_mended(here, number, visitor(here, 2)) == "another_person"


@pytest.mark.parametrize("way", [{"channel": "window"}, {**GROUP, "unit": "另一学校"}], ids=["channel", "unit"])
def test_the_form_must_be_of_the_same_channel_and_unit(here: LocalStack, way: dict[str, Any]) -> None:
    number = returned(here, **GROUP)
    assert why_not_mended(here, number, visitor(here, 1, **way)) == "another_application"
    mend(here, number, visitor(here, 1, channel="group", unit=" 某培训学校 "))


def test_the_form_must_be_of_the_same_sitting(here: LocalStack) -> None:
    number = returned(here)
    other = sitting_of(here, SLUG, month="2026-08")
    assert why_not_mended(here, number, visitor(here, 1, sitting_id=other)) == "another_application"


@pytest.mark.parametrize("version", [1, 3])
def test_what_was_changed_since_the_clerk_looked_is_not_mended(here: LocalStack, version: int) -> None:
    number = returned(here)
    assert why_not_mended(here, number, visitor(here, 1), version) == "stale"


def test_only_what_was_returned_is_mended(here: LocalStack) -> None:
    number = come(here, visitor(here, 1))
    assert why_not_mended(here, number, visitor(here, 1)) == "move_refused"
    send_back(here, number)
    mend(here, number, visitor(here, 1))
    assert why_not_mended(here, number, visitor(here, 1)) == "move_refused"
    approve(here, number)
    assert why_not_mended(here, number, visitor(here, 1)) == "move_refused"


def test_it_is_mended_until_the_payment_window_closes(here: LocalStack) -> None:
    first, second = returned(here, 1), returned(here, 2)
    here.clock.stand_at(PAID_UNTIL - SECOND)
    mend(here, first, visitor(here, 1))
    here.clock.stand_at(PAID_UNTIL)
    assert why_not_mended(here, second, visitor(here, 2)) == "amend_too_late"


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("not signed", {"declared": False}, "declaration_needed"),
    ("no such alternative", {"alternative": "9.9"}, "alternative_unknown"),
    ("too few years", {"said": Said(work=(Work(date(2021, 2, 24)),))}, "not_eligible"),
    ("work from tomorrow", {"said": Said(work=(Work(date(2026, 2, 24)),))}, "claims_wrong"),
    ("a landscape", {"photo": portrait(800, 600)}, "photo_wrong_shape"),
    ("evidence that is no picture", {"evidence": (("work", b"%PDF-1.7"),)}, "upload_not_an_image"),
    ("another name", {"person": Particulars("Maria Silva", DocumentType.PASSPORT, "E12345678", date(1990, 5, 17), "女")}, "person_differs"),
    ("another birth day", {"person": Particulars("Maria da Silva", DocumentType.PASSPORT, "E12345678", date(1980, 5, 17), "女")}, "person_differs"),
    ("another phone", {"phone": "13911112222"}, "phone_differs"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_wrong_form_mends_nothing(here: LocalStack, changes: dict[str, Any], code: str) -> None:
    number = returned(here, person=PASSPORT)
    assert why_not_mended(here, number, visitor(here, 1, **{"person": PASSPORT} | changes)) == code


def test_a_new_phone_is_taken_down_while_mending(stack: LocalStack) -> None:
    number = returned(stack)
    mend(stack, number, visitor(stack, 1, phone="13911112222", new_phone=True))
    with stack.app.app_context(), reading() as session:
        assert session.get_one(Candidate, row(stack, number).candidate_id).phone == "13911112222"
    assert [actor for actor, _, _ in trail(stack, "phone.changed")] == [MENDER]


# --- the same registration on the phone


@pytest.mark.parametrize(
    ("way", "shown"),
    [({}, ("window", "窗口申报")), (GROUP, ("group", "团体申报"))],
    ids=["window", "group"],
)
def test_who_joins_sees_how_it_was_handed_in_and_may_mend_and_withdraw_it_themselves(
    here: LocalStack, way: dict[str, Any], shown: tuple[str, str]
) -> None:
    number = returned(here, 2, **way)
    phone = join(here, 2, "王芳", number)
    mine = phone.mine()
    assert ((mine["channel"], mine["channel_name"]), mine["may"]) == (shown, ["amend", "withdraw"])
    (listed,) = phone.ok("GET", "registrations")["registrations"]
    assert (listed["channel"], listed["channel_name"]) == shown
    form = phone.form(0) | {"version": mine["version"]}
    del form["sitting_id"]
    mend(here, number, visitor(here, 2, **way))
    assert phone.refused("PUT", f"registrations/{number}", json=form) == (409, "stale")
    assert phone.ok("POST", f"registrations/{number}/withdrawal")["status"] == "withdrawn"


def test_what_came_on_the_phone_is_shown_as_that(here: LocalStack) -> None:
    mine = on_phone(here).mine()
    assert (mine["channel"], mine["channel_name"]) == ("mini_program", "小程序申报")


# --- stepping back


@pytest.mark.parametrize("way", [{}, GROUP], ids=["window", "group"])
@pytest.mark.parametrize(
    ("said", "kept"), [(" 本人生病 ", "本人生病"), ("　", "在窗口申请退出")], ids=["a reason", "none"]
)
def test_a_clerk_withdraws_for_whoever_was_registered_at_the_window(
    stack: LocalStack, way: dict[str, Any], said: str, kept: str
) -> None:
    number = come(stack, visitor(stack, 1, **way))
    assert withdraw(stack, number, said)
    assert row(stack, number).status == "withdrawn"
    assert moves(stack, number)[1:] == [(MENDER, "withdraw", kept)]
    assert trail(stack, "registration.withdrawn") == [(MENDER, f"registration:{row(stack, number).id}", kept)]
    with nothing_changes(stack.app):
        assert not withdraw(stack, number, said)
    assert len(trail(stack, "registration.withdrawn")) == 1


def test_what_came_on_a_phone_is_withdrawn_at_the_window_for_a_reason_only_and_the_phone_shows_it(
    stack: LocalStack,
) -> None:
    phone = on_phone(stack)
    assert why_not_withdrawn(stack, phone.number, "　") == "reason_needed"
    assert withdraw(stack, phone.number, "手机遗失，本人到窗口申请")
    assert phone.mine()["timeline"][-1]["text"] == "退出申报：手机遗失，本人到窗口申请"
    assert trail(stack, "registration.withdrawn")[0][::2] == (MENDER, "手机遗失，本人到窗口申请")


@pytest.mark.parametrize("state", ["returned", "approved"])
def test_until_payment_anybody_may_step_back(here: LocalStack, state: str) -> None:
    number = come(here, visitor(here, 1))
    (send_back if state == "returned" else approve)(here, number)
    assert (row(here, number).status, withdraw(here, number)) == (state, True)


def paid(stack: LocalStack, serial: int = 1) -> str:
    number = come(stack, visitor(stack, serial))
    approve(stack, number)
    stack.clock.stand_at(at(2026, 3, 24))
    pay(stack, number, date(2026, 3, 24))
    return number


def test_who_has_paid_stays_unless_the_sitting_is_moved(here: LocalStack) -> None:
    number = paid(here)
    assert why_not_withdrawn(here, number, "本人要求") == "paid_cannot_withdraw"
    here.clock.stand_at(at(2026, 3, 31))
    here.run_jobs()
    assert row(here, number).sitting_id == sitting_of(here, SLUG, month="2026-11")
    assert withdraw(here, number, "新日期不能参加")


@pytest.mark.parametrize(
    ("instant", "code"),
    [(at(2026, 10, 13, 0) - SECOND, None), (at(2026, 10, 13, 0), "withdraw_too_late")],
    ids=["the last second", "over"],
)
def test_who_was_moved_steps_back_until_the_new_payment_window_closes(
    here: LocalStack, instant: datetime, code: str | None
) -> None:
    number = paid(here)
    here.clock.stand_at(at(2026, 3, 31))
    here.run_jobs()
    here.clock.stand_at(instant)
    if code is None:
        assert withdraw(here, number)
    else:
        assert why_not_withdrawn(here, number) == code


def test_what_was_rejected_cannot_be_withdrawn(here: LocalStack) -> None:
    number = come(here, visitor(here, 1))
    with here.app.app_context():
        reviewing.review(number, Action.REJECT, "staff:chen", here.clock.now(), reasons=["不符合条件"])
    assert why_not_withdrawn(here, number, "本人要求") == "move_refused"


def test_whoever_withdrew_at_the_window_may_come_again(here: LocalStack) -> None:
    number = come(here, visitor(here, 1))
    withdraw(here, number)
    assert come(here, visitor(here, 1, again=True)) != number
    assert rows(here.app, Registration) == 2
