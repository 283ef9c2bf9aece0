"""A clerk registers somebody at the window: what it makes, what it refuses, and whose account it hangs on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.db import reading
from server.domain.eligibility import Work
from server.domain.identity import DocumentType
from server.domain.registrations import Action
from server.errors import Problem
from server.local import LocalStack, local_stack
from server.models import (
    Account,
    AuditEntry,
    Candidate,
    Notice,
    Registration,
    RegistrationMove,
    RegistrationUpload,
    Upload,
)
from server.services import applying, reviewing
from server.services.judging import Said
from server.services.profile import Particulars
from tests.api.refusals import nothing_changes
from tests.conftest import at
from tests.people import Phone, approve, id_card, portrait
from tests.rows import rows
from tests.window import CLERK, SLUG, come, evidence, rulebooks, sitting_of, visitor

MORNING = at(2026, 2, 23, 9)
PASSPORT = Particulars("Maria da Silva", DocumentType.PASSPORT, "E12345678", date(1990, 5, 17), "女")
Number = Callable[..., int]


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


@pytest.fixture
def number(stack: LocalStack) -> Number:
    return partial(rows, stack.app)


def row(stack: LocalStack, number: str) -> Registration:
    with stack.app.app_context(), reading() as session:
        return session.scalars(select(Registration).where(Registration.number == number)).one()


def account(stack: LocalStack, number: str) -> Account:
    with stack.app.app_context(), reading() as session:
        return session.get_one(Account, row(stack, number).account_id)


def candidate(stack: LocalStack, number: str) -> Candidate:
    with stack.app.app_context(), reading() as session:
        return session.get_one(Candidate, row(stack, number).candidate_id)


def audit(stack: LocalStack, action: str) -> list[AuditEntry]:
    with stack.app.app_context(), reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def level_3(stack: LocalStack) -> dict[str, Any]:
    """What a form for April's level 3 says otherwise."""
    return {"sitting_id": sitting_of(stack, SLUG, level=3), "alternative": "3.1"}


def refusal(stack: LocalStack, serial: int = 1, **changes: Any) -> Problem:
    """Why this form is refused; it must be, and nothing may be left of it."""
    with nothing_changes(stack.app), pytest.raises(Problem) as refused:
        come(stack, visitor(stack, serial, **changes))
    return refused.value


# --- what it makes


def test_a_visitor_becomes_a_candidate_with_photo_evidence_registration_and_notice(
    stack: LocalStack, number: Number
) -> None:
    made = row(stack, come(stack, visitor(stack, 1, paper_certificate=True)))
    person, own = candidate(stack, made.number), account(stack, made.number)
    assert (made.channel, made.unit, made.status, made.version, made.rulebook) == ("window", "", "submitted", 1, SLUG)
    assert (made.alternative, made.fee_fen, made.paper_certificate) == ("4.1", 35000, True)
    assert made.claims["work"] == [{"since": "2010-01-01", "until": None, "occupation": ""}]
    assert made.verdict["findings"]
    assert (person.document_number, person.phone, person.photo_id) == (id_card(1), "13800000001", made.photo_id)
    assert (own.openid, own.candidate_id, own.phone, own.phone_index) == (
        None,
        person.id,
        person.phone,
        person.phone_index,
    )
    assert number(Upload, Upload.candidate_id == person.id) == 2
    assert number(RegistrationUpload, RegistrationUpload.registration_id == made.id) == 1
    assert number(Notice, Notice.registration_id == made.id) == 1
    assert number(RegistrationMove, RegistrationMove.actor == CLERK, RegistrationMove.action == "submit") == 1


def test_the_clerk_stands_in_every_entry_of_the_audit_and_no_number_does(stack: LocalStack, number: Number) -> None:
    come(stack, visitor(stack, 1, channel="group", unit="某培训学校"))
    assert number(AuditEntry, AuditEntry.actor == CLERK) == number(AuditEntry) == 3
    (entered,) = audit(stack, "registration.submitted")
    assert entered.after == {"channel": "group", "unit": "某培训学校"}
    with stack.app.app_context(), reading() as session:
        trail = str([(one.subject, one.before, one.after, one.reason) for one in session.scalars(select(AuditEntry))])
    assert id_card(1) not in trail
    assert "13800000001" not in trail


def test_a_group_is_filed_by_its_unit_and_an_individual_has_none(here: LocalStack) -> None:
    filed = row(here, come(here, visitor(here, 1, channel="group", unit=" 某培训学校 ")))
    alone = row(here, come(here, visitor(here, 2, unit="某培训学校")))
    assert ((filed.channel, filed.unit), (alone.channel, alone.unit)) == (("group", "某培训学校"), ("window", ""))


def test_the_portrait_brought_to_the_window_takes_the_place_of_an_older_one(here: LocalStack) -> None:
    first = row(here, come(here, visitor(here, 1)))
    other = visitor(here, 1, photo=portrait(420, 588), **level_3(here))
    later = row(here, come(here, other))
    assert later.photo_id != first.photo_id
    assert candidate(here, later.number).photo_id == later.photo_id
    assert row(here, first.number).photo_id == first.photo_id


# --- what it refuses

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("a name with digits", {"person": Particulars("王芳1", DocumentType.ID_CARD, id_card(1))}, "name_shape"),
    ("a wrong check digit", {"person": Particulars("王芳", DocumentType.ID_CARD, id_card(1)[:-1] + "A")}, "document_shape"),
    ("a passport without birth day", {"person": Particulars("Maria", DocumentType.PASSPORT, "E12345678")}, "born_needed"),
    ("born tomorrow", {"person": Particulars("Maria", DocumentType.PASSPORT, "E12345678", date(2026, 2, 24), "女")}, "born_wrong"),
    ("a phone abroad", {"phone": "+1 202 555 0100"}, "phone_shape"),
    ("no portrait", {"photo": b""}, "upload_empty"),
    ("a landscape", {"photo": portrait(800, 600)}, "photo_wrong_shape"),
    ("a small portrait", {"photo": portrait(70, 98)}, "photo_too_small"),
    ("evidence that is no picture", {"evidence": (("work", b"%PDF-1.7"),)}, "upload_not_an_image"),
    ("no evidence", {"evidence": ()}, "evidence_needed"),
    ("not signed", {"declared": False}, "declaration_needed"),
    ("no such alternative", {"alternative": "9.9"}, "alternative_unknown"),
    ("too few years", {"said": Said(work=(Work(date(2021, 2, 24)),))}, "not_eligible"),
    ("work from tomorrow", {"said": Said(work=(Work(date(2026, 2, 24)),))}, "claims_wrong"),
    ("fifteen years old", {"person": Particulars("王芳", DocumentType.ID_CARD, id_card(1, date(2010, 2, 24))), "said": Said()}, "too_young"),
    ("no such sitting", {"sitting_id": 999_999}, "sitting_unknown"),
    ("a group without a unit", {"channel": "group", "unit": "　 "}, "unit_needed"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_wrong_form_leaves_nothing_behind(here: LocalStack, changes: dict[str, Any], code: str) -> None:
    assert refusal(here, **changes).code == code


SECOND = timedelta(seconds=1)
OPENS, CLOSES = at(2026, 2, 23, 0), at(2026, 3, 23, 0)


@pytest.mark.parametrize(
    ("instant", "code"),
    [(OPENS - SECOND, "not_open_yet"), (OPENS, None), (CLOSES - SECOND, None), (CLOSES, "window_closed")],
    ids=["a second before", "opening", "the last second", "closed"],
)
def test_the_window_is_open_on_the_days_of_application_only(
    here: LocalStack, instant: datetime, code: str | None
) -> None:
    here.clock.stand_at(instant)
    if code is None:
        assert come(here, visitor(here, 1))
    else:
        assert refusal(here).code == code


def test_where_individuals_have_a_mini_program_the_window_takes_groups_only(here: LocalStack) -> None:
    there = sitting_of(here, "technicians-2026")
    refused = refusal(here, sitting_id=there)
    assert (refused.code, "小程序" in refused.text) == ("apply_in_mini_program", True)
    filed = come(here, visitor(here, 1, sitting_id=there, channel="group", unit="某培训学校"))
    assert row(here, filed).channel == "group"


# --- somebody who is known


@pytest.mark.parametrize(
    "other",
    [
        Particulars("Maria da Silba", DocumentType.PASSPORT, "E12345678", date(1990, 5, 17), "女"),
        Particulars("Maria da Silva", DocumentType.PASSPORT, "E12345678", date(1990, 5, 18), "女"),
        Particulars("Maria da Silva", DocumentType.PASSPORT, "E12345678", date(1990, 5, 17), "男"),
    ],
    ids=["name", "birth day", "sex"],
)
def test_a_known_document_with_another_name_birth_day_or_sex_is_refused(here: LocalStack, other: Particulars) -> None:
    come(here, visitor(here, 1, person=PASSPORT))
    assert refusal(here, person=other, **level_3(here)).code == "person_differs"
    assert come(here, visitor(here, 1, person=PASSPORT, **level_3(here)))


def test_another_phone_is_taken_only_where_the_clerk_says_that_it_is_new(here: LocalStack) -> None:
    first = come(here, visitor(here, 1))
    assert refusal(here, phone="13911112222", **level_3(here)).code == "phone_differs"
    come(here, visitor(here, 1, phone="13911112222", new_phone=True, **level_3(here)))
    assert (candidate(here, first).phone, account(here, first).phone) == ("13911112222", "13911112222")
    (entry,) = audit(here, "phone.changed")
    assert (entry.actor, entry.before, entry.after) == (CLERK, {"phone": "138****0001"}, {"phone": "139****2222"})


def test_a_new_phone_stays_when_the_same_particulars_are_saved_on_the_phone_again(here: LocalStack) -> None:
    phone = Phone(here).ready(1, "王芳")
    person = Particulars("王芳", DocumentType.ID_CARD, id_card(1))
    made = come(here, visitor(here, 1, person=person, phone="13911112222", new_phone=True))
    phone.fill_in("王芳", id_card(1))
    assert candidate(here, made).phone == "13911112222"


def test_a_second_registration_for_the_same_occupation_and_level_is_refused_with_the_first_one_s_number(
    here: LocalStack,
) -> None:
    first = come(here, visitor(here, 1))
    again = refusal(here)
    assert (again.code, again.facts["number"]) == ("already_registered", first)
    filed = refusal(here, channel="group", unit="某培训学校")
    assert (filed.code, filed.facts["number"]) == ("already_registered", first)
    here.clock.stand_at(CLOSES)
    assert refusal(here).code == "already_registered"  # a list entered again hears that they are on it


@pytest.mark.parametrize(("ended", "word"), [(Action.WITHDRAW, "已退出"), (Action.REJECT, "审核不通过")])
def test_whose_application_came_to_nothing_is_registered_again_only_where_the_clerk_says_so(
    here: LocalStack, ended: Action, word: str
) -> None:
    first = come(here, visitor(here, 1))
    with here.app.app_context():
        if ended is Action.WITHDRAW:
            applying.withdraw(row(here, first).account_id, first, here.clock.now())
        else:
            reviewing.review(first, ended, CLERK, here.clock.now(), reasons=["材料不符"])
    refused = refusal(here)
    assert (refused.code, word in refused.text) == ("registered_before", True)
    assert come(here, visitor(here, 1, again=True)) != first


# --- whose account


def test_who_has_wechat_is_registered_on_that_account_and_of_several_on_the_newest(
    stack: LocalStack, number: Number
) -> None:
    older, newer = Phone(stack).ready(1, "王芳"), Phone(stack).ready(1, "王芳")
    person = Particulars("王芳", DocumentType.ID_CARD, id_card(1))
    made = come(stack, visitor(stack, 1, person=person))
    assert account(stack, made).openid == newer.openid != older.openid
    assert number(Account, Account.openid.is_(None)) == 0
    assert newer.ok("GET", f"registrations/{made}")["status"] == "submitted"


def test_a_second_visit_makes_no_second_account(stack: LocalStack, number: Number) -> None:
    come(stack, visitor(stack, 1))
    come(stack, visitor(stack, 1, **level_3(stack)))
    assert (number(Account), number(Candidate), number(Registration)) == (1, 1, 2)


def test_who_has_no_wechat_is_told_by_sms(stack: LocalStack) -> None:
    made = come(stack, visitor(stack, 1))
    approve(stack, made)
    stack.run_jobs()
    (told,) = Phone(stack, openid="nobody", phone="13800000001").messages()
    assert (told["channel"], "已通过审核" in told["text"]) == ("sms", True)


def signed_in(stack: LocalStack, serial: int, name: str, phone: str = "") -> Phone:
    """Somebody who opens the mini-program for the first time and says who they are."""
    newcomer = Phone(stack)
    newcomer.sign_in()
    newcomer.set_phone(phone or f"138{serial:08d}")
    newcomer.fill_in(name, id_card(serial))
    return newcomer


def test_who_signs_in_later_finds_their_registrations_and_is_told_by_wechat_from_then_on(
    stack: LocalStack, number: Number
) -> None:
    made = come(stack, visitor(stack, 2))
    newcomer = signed_in(stack, 2, "王芳")
    assert [one["number"] for one in newcomer.ok("GET", "registrations")["registrations"]] == [made]
    assert account(stack, made).openid == newcomer.openid
    newcomer.tap("approved")
    approve(stack, made)
    stack.run_jobs()
    assert [one["channel"] for one in newcomer.messages()] == ["wechat"]
    (joined,) = audit(stack, "account.joined")
    assert joined.after == {"registrations": [made]}
    newcomer.fill_in("王芳", id_card(2))
    assert len(audit(stack, "account.joined")) == 1


def test_what_is_still_to_be_sent_follows_to_the_wechat_that_was_joined(stack: LocalStack) -> None:
    made = come(stack, visitor(stack, 2))
    stack.run_jobs()  # 已收到 goes to nobody: there is no WeChat
    approve(stack, made)
    newcomer = signed_in(stack, 2, "王芳")
    newcomer.tap("approved")
    stack.run_jobs()
    assert [(one["channel"], "审核通过" in one["text"]) for one in newcomer.messages()] == [("wechat", True)]


@pytest.mark.parametrize(
    ("name", "phone"), [("王芬", "13800000002"), ("王芳", "13911112222")], ids=["another name", "another phone"]
)
def test_who_does_not_know_name_and_phone_does_not_join(here: LocalStack, name: str, phone: str) -> None:
    made = come(here, visitor(here, 2))
    stranger = Phone(here)
    stranger.sign_in()
    stranger.set_phone(phone)
    body = {"name": name, "document_type": "id_card", "document_number": id_card(2)}
    assert stranger.refused("PUT", "me/profile", json=body) == (409, "document_taken")
    assert account(here, made).openid is None


def test_returned_at_the_window_it_can_be_mended_on_the_phone_that_joined(here: LocalStack) -> None:
    made = come(here, visitor(here, 2))
    with here.app.app_context():
        reviewing.review(made, Action.RETURN, CLERK, here.clock.now(), reasons=["材料不清楚"])
    newcomer = signed_in(here, 2, "王芳")
    newcomer.number = made
    form = newcomer.form(0) | {"version": newcomer.mine()["version"]}
    del form["sitting_id"]
    assert newcomer.ok("PUT", f"registrations/{made}", json=form)["status"] == "submitted"


def test_evidence_that_is_brought_twice_is_kept_once(here: LocalStack) -> None:
    made = row(here, come(here, visitor(here, 1, evidence=evidence() * 2)))
    assert rows(here.app, RegistrationUpload, RegistrationUpload.registration_id == made.id) == 1


def test_who_only_typed_a_document_on_a_phone_does_not_keep_its_owner_from_the_window(here: LocalStack) -> None:
    stranger = Phone(here).ready(1, "某某")
    made = come(here, visitor(here, 1, phone="13911112222"))
    assert (candidate(here, made).name, candidate(here, made).phone) == (visitor(here, 1).person.name, "13911112222")
    assert stranger.ok("GET", "registrations") == {"registrations": []}
    assert stranger.ok("GET", "me")["name"] == "某某"
