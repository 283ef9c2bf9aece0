"""Promise 2 for candidates: the same request in parallel, from however many phones, changes things once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.db import reading
from server.domain.notices import Kind
from server.local import LocalStack
from server.models import Account, AuditEntry, Candidate, Grant, Notice, Registration, RegistrationMove, Upload
from server.services import profile, signing_in
from tests.api.test_signing_in_by_phone import browser, code_on
from tests.people import Phone, id_card, portrait
from tests.races.crowd import asks, at_once, patiently, same_at_once, tally

PRESSES = 50
Number = Callable[..., int]


def _press(phone: Phone, form: dict[str, object], key: str) -> Callable[[], tuple[int, str]]:
    """One press of the button: the status, and the number or the error's code. A connection of its own, as phones have."""

    def pressed() -> tuple[int, str]:
        mine = Phone(phone.stack, token=phone.token)
        answer = mine.call("POST", "registrations", json=form, headers={"Idempotency-Key": key})
        body = answer.json()
        return answer.status_code, body.get("number") or body["code"]

    return pressed


def _one_registration(number: Number) -> bool:
    return (
        all(number(table) == 1 for table in (Registration, RegistrationMove, Notice))
        and number(AuditEntry, AuditEntry.action == "registration.submitted") == 1
    )


def test_the_same_request_50_times_at_once_is_one_registration_with_one_number(
    stack: LocalStack, number: Number
) -> None:
    phone = Phone(stack).ready(1)
    form = phone.form(phone.sitting("2026-04")["id"])
    answers = same_at_once(PRESSES, _press(phone, form, "one-and-the-same"))
    assert {status for status, _ in answers} == {201}
    assert len({told for _, told in answers}) == 1
    assert _one_registration(number)


def test_50_different_requests_of_one_candidate_at_once_are_one_registration_and_49_refusals(
    stack: LocalStack, number: Number
) -> None:
    phone = Phone(stack).ready(1)
    form = phone.form(phone.sitting("2026-04")["id"])
    answers = at_once([_press(phone, form, f"press-number-{press}") for press in range(PRESSES)])
    assert tally([status for status, _ in answers]) == {201: 1, 409: PRESSES - 1}
    assert tally([told for _, told in answers])["already_registered"] == PRESSES - 1
    assert _one_registration(number)


def test_one_candidate_on_two_phones_at_once_registers_once(stack: LocalStack, number: Number) -> None:
    first, second = Phone(stack).ready(1, "王芳"), Phone(stack).ready(1, "王芳")
    assert number(Candidate) == 1
    forms = [phone.form(phone.sitting("2026-04")["id"]) for phone in (first, second)]
    presses = [
        _press(phone, form, f"press-number-{press}")
        for phone, form in zip((first, second), forms, strict=True)
        for press in range(PRESSES // 2)
    ]
    answers = at_once(presses)
    assert tally([status for status, _ in answers]) == {201: 1, 409: PRESSES - 1}
    assert tally([told for _, told in answers])["already_registered"] == PRESSES - 1
    assert _one_registration(number)


def test_ten_phones_that_enter_the_same_person_at_once_make_one_candidate(stack: LocalStack, number: Number) -> None:
    phones = [Phone(stack) for _ in range(10)]
    for phone in phones:
        phone.sign_in()
        phone.set_phone("13800000001")
    body = {"name": "王芳", "document_type": "id_card", "document_number": id_card(1)}
    answers = at_once([asks(phone, "PUT", "me/profile", json=body) for phone in phones])
    assert set(answers) == {200}
    assert number(Candidate) == 1
    assert number(Account, Account.candidate_id.is_not(None)) == len(phones)


def test_particulars_and_phone_changed_at_once_on_two_phones_of_one_candidate_never_fail(stack: LocalStack) -> None:
    phones = [Phone(stack).ready(1, "王芳"), Phone(stack).ready(1, "王芳")]
    body = {"name": "王芳", "document_type": "id_card", "document_number": id_card(1)}
    codes = [phone.sandbox("wechat/phone-code", phone="13800000001")["code"] for phone in phones * 2]
    saves = [asks(phone, "PUT", "me/profile", json=body) for phone in phones * 8]
    paired = zip(phones * 2, codes, strict=True)
    sets = [asks(phone, "PUT", "me/phone/wechat", json={"code": code}) for phone, code in paired]
    assert set(at_once([*saves, *sets])) == {200}


def test_the_same_picture_20_times_at_once_is_kept_once(stack: LocalStack, number: Number) -> None:
    phone = Phone(stack).ready(1)

    def send() -> tuple[int, int]:
        file = {"file": ("work.jpg", portrait(), "image/jpeg")}
        answer = Phone(stack, token=phone.token).call("POST", "me/evidence", data={"kind": "work"}, files=file)
        return answer.status_code, answer.json()["id"]

    answers = same_at_once(20, send)
    assert {status for status, _ in answers} == {201}
    assert len({upload for _, upload in answers}) == 1
    assert number(Upload, Upload.kind == "work") == 1


@pytest.mark.parametrize("first", ["client", "wechat", "both at once"])
def test_one_tap_is_one_credit_whoever_reports_it_first_and_however_often(
    stack: LocalStack, number: Number, first: str
) -> None:
    phone = Phone(stack).ready(1)
    template = stack.settings.wechat_templates[Kind.POSTPONED.value]

    body = {"tap": "tap-number-1", "answers": {template: "accept"}}
    client = asks(phone, "POST", "subscriptions/answers", json=body)

    def wechat() -> int:
        Phone(stack).sandbox("wechat/tap", openid=phone.openid, template_id=template, answer="accept")
        Phone(stack).sandbox("drain")
        return 200

    if first == "client":
        same_at_once(20, client)
        wechat()
    elif first == "wechat":
        wechat()
    else:
        assert set(at_once([*[client] * 20, wechat])) == {200}
    assert set(same_at_once(20, client)) == {200}
    assert number(Grant) == 1


def test_the_first_sign_in_20_times_at_once_makes_one_account(stack: LocalStack, number: Number) -> None:
    openid = Phone(stack).sandbox("wechat/login")["openid"]
    codes = [Phone(stack).sandbox("wechat/login", openid=openid)["code"] for _ in range(20)]
    # Fewer may ask WeChat at once: the others are refused before their code is used.
    answers = at_once([patiently(asks(Phone(stack), "POST", "sign-in", json={"code": code}), 503) for code in codes])
    assert set(answers) == {201}
    assert number(Account) == 1


def test_what_a_use_case_reads_is_as_it_is_now_and_not_as_an_earlier_look_of_the_request_saw_it(
    stack: LocalStack,
) -> None:
    phone = Phone(stack)
    phone.sign_in()
    with stack.app.app_context():
        seen = signing_in.account_of(phone.token, stack.clock.now())
        assert seen is not None
        assert seen.candidate_id is None
        phone.set_phone("13800000001")
        phone.fill_in("王芳", id_card(1))
        assert profile.candidate_of(seen.id).name == "王芳"
        with reading() as session:
            assert session.scalars(select(Account)).one().candidate_id is not None


def test_of_eight_who_typed_one_document_and_register_at_once_one_does(stack: LocalStack, number: Number) -> None:
    """To type a number holds nobody off; to register with it does."""
    phones = []
    for serial in range(8):
        phone = Phone(stack)
        phone.sign_in()
        phone.set_phone(f"1390000{serial:04d}")
        phone.fill_in("王芳", id_card(1))
        phone.send_photo()
        phones.append((phone, phone.form(phone.sitting("2026-04")["id"])))
    answers = at_once([_press(phone, form, f"press-number-{turn}") for turn, (phone, form) in enumerate(phones)])
    assert tally([status for status, _ in answers]) == {201: 1, 409: 7}
    assert {told for status, told in answers if status == 409} == {"document_taken"}
    assert _one_registration(number)
    assert number(Candidate) == 8


def test_a_code_that_is_not_mine_twice_at_once_makes_one_new_account(stack: LocalStack, number: Number) -> None:
    phone = "13900000099"
    before = browser(stack, phone)
    before.fill_in("王芳", id_card(1))
    stack.clock.stand_at(stack.clock.now() + timedelta(days=60))
    body = {"phone": phone, "code": code_on(stack, phone), "not_mine": True}
    accounts = number(Account)
    # As many as one address may try a code.
    answers = same_at_once(3, lambda: Phone(stack).call("POST", "sign-in/phone", json=body).status_code)
    assert tally(answers) == {201: 1, 400: 2}
    assert number(Account) == accounts + 1
    assert number(AuditEntry, AuditEntry.action == "phone.given_up") == 1
