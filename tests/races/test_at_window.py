"""Several clerks, and clerks beside phones: one person is one candidate with one registration, whoever is quicker."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.db import reading
from server.domain.identity import DocumentType
from server.domain.registrations import Action
from server.local import LocalStack, local_stack
from server.models import Account, AuditEntry, Candidate, Notice, Registration, RegistrationMove, Upload
from server.services import reviewing
from server.services.at_window import amend_at_window, register_at_window
from server.services.profile import Particulars
from tests.conftest import at
from tests.people import Phone, id_card
from tests.races.crowd import asks, at_once, patiently, same_at_once, tally, within
from tests.races.hold_up import held_up_before_writing
from tests.rows import rows
from tests.window import CLERK, come, rulebooks, sitting_of, visitor

CLERKS = 10
Number = Callable[..., int]


@pytest.fixture
def stack(database_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    books, began = rulebooks(tmp_path), at(2026, 2, 23, 9)
    with local_stack(tmp_path, migrated=True, books=books, began=began, database_url=database_url) as running:
        yield running


@pytest.fixture
def number(stack: LocalStack) -> Number:
    return partial(rows, stack.app)


def takes(stack: LocalStack, serial: int, **changes: Any) -> Callable[[], str]:
    """A clerk who enters this visitor: the number, or the code of the refusal."""
    form = visitor(stack, serial, **changes)
    # Fewer may have pictures decoded in one process at once.
    return patiently(within(stack.app, register_at_window, form, CLERK, stack.clock.now()), "upload_busy")


def wang(serial: int) -> Particulars:
    return Particulars("王芳", DocumentType.ID_CARD, id_card(serial))


def one_registration(number: Number) -> bool:
    return all(number(table) == 1 for table in (Candidate, Account, Registration, RegistrationMove, Notice)) and (
        number(AuditEntry, AuditEntry.action == "registration.submitted") == 1
    )


def test_ten_clerks_who_enter_the_same_person_at_once_make_one_registration(
    stack: LocalStack, number: Number
) -> None:
    came = same_at_once(CLERKS, takes(stack, 1))
    assert tally(came)["already_registered"] == CLERKS - 1
    assert one_registration(number)
    assert number(Upload) == 2


def test_clerks_and_the_person_s_own_phone_at_once_make_one_registration(stack: LocalStack, number: Number) -> None:
    phone, sitting = Phone(stack).ready(1, "王芳"), sitting_of(stack, "technicians-2026")
    form = phone.form(sitting)

    def press(key: str) -> Callable[[], str]:
        mine, headers = Phone(stack, token=phone.token), {"Idempotency-Key": key}
        return lambda: mine.call("POST", "registrations", json=form, headers=headers).json().get("code", "made")

    filed = takes(stack, 1, person=wang(1), sitting_id=sitting, channel="group", unit="某培训学校")
    came = at_once([*[filed] * CLERKS, *(press(f"press-number-{one}") for one in range(CLERKS))])
    assert tally(came)["already_registered"] == 2 * CLERKS - 1
    assert one_registration(number)


def test_who_joins_while_a_clerk_registers_them_has_the_registration_on_their_own_account(
    stack: LocalStack, number: Number
) -> None:
    serials, works = range(1, 9), list[Callable[[], object]]()
    for serial in serials:
        phone = Phone(stack)
        phone.sign_in()
        phone.set_phone(f"138{serial:08d}")
        body = {"name": "王芳", "document_type": "id_card", "document_number": id_card(serial)}
        works += [takes(stack, serial, person=wang(serial)), asks(phone, "PUT", "me/profile", json=body)]
    came = at_once(works)
    assert set(came[1::2]) == {200}
    assert all(len(str(one)) == 8 for one in came[::2]), came
    with stack.app.app_context(), reading() as session:
        hanging = select(Account.openid).join(Registration, Registration.account_id == Account.id)
        openids = session.scalars(hanging).all()
    assert len(set(openids) - {None}) == len(serials)
    assert number(Candidate) == len(serials)


def test_a_clerk_and_two_phones_that_change_the_same_person_at_once_never_wait_for_each_other_for_ever(
    stack: LocalStack, number: Number
) -> None:
    phones = [Phone(stack).ready(1, "王芳"), Phone(stack).ready(1, "王芳")]
    body = {"name": "王芳", "document_type": "id_card", "document_number": id_card(1)}
    codes = [phone.sandbox("wechat/phone-code", phone="13800000001")["code"] for phone in phones * 2]
    saves = [asks(phone, "PUT", "me/profile", json=body) for phone in phones * 6]
    paired = zip(phones * 2, codes, strict=True)
    sets = [asks(phone, "PUT", "me/phone/wechat", json={"code": code}) for phone, code in paired]
    clerks = [takes(stack, 1, person=wang(1), phone=f"1391111222{one}", new_phone=True) for one in range(6)]
    came = at_once([*saves, *sets, *clerks])
    assert set(came[: len(saves) + len(sets)]) == {200}
    assert tally(came)["already_registered"] == len(clerks) - 1
    assert number(Registration) == 1


def test_a_clerk_who_mends_what_is_reviewed_at_this_moment_and_the_reviewer_never_wait_for_each_other_for_ever(
    stack: LocalStack, database_url: str
) -> None:
    """The reviewer holds the registration and will write a notice to its account; the clerk holds the account."""
    number, now = come(stack, visitor(stack, 1)), stack.clock.now()
    review = partial(reviewing.review, reasons=["工作证明未盖章"])
    with held_up_before_writing(database_url, "registration_move") as held:
        reviewed = held.begin(within(stack.app, review, number, Action.RETURN, "staff:chen", now))
        mended = held.begin(within(stack.app, amend_at_window, number, visitor(stack, 1), None, CLERK, now))
    assert reviewed.result() is True
    assert mended.result() in {None, "move_refused"}  # where one writer is let in, the clerk may have been the first
