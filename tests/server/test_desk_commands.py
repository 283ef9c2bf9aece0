"""`jiping staff apply FILE --amend`, `withdraw` and `review show`: what a clerk types and reads about one registration."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from server.cli import main
from server.commands.context import application
from server.db import reading
from server.models import AuditEntry, Registration
from tests.conftest import at
from tests.rows import rows
from tests.server.conftest import Apply
from tests.server.test_window_file import listed, person, sitting
from tests.window import SLUG


def staff(*arguments: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(main, ["staff", *arguments])
    assert ran.exit_code == code, ran.output
    return ran


def registered(apply: Apply, head: str = "") -> str:
    """Somebody registered by a file; the number."""
    ran = apply(listed(person(1), head=head))
    assert ran.exit_code == 0, ran.output
    number: str = ran.output.split("申报号 ")[1].split()[0]
    return number


def returned(apply: Apply, head: str = "") -> str:
    number = registered(apply, head)
    staff("review", "return", number, "--reason", "工作证明未盖章")
    return number


def status(number: str) -> str:
    with application().app_context(), reading() as session:
        return session.scalars(select(Registration.status).where(Registration.number == number)).one()


def test_a_file_with_one_person_mends_what_was_returned(apply: Apply) -> None:
    number = returned(apply)
    ran = apply(listed(person(1)), "--amend", f" {number.lower()} ", "--version", "2")
    assert (ran.exit_code, ran.output) == (0, f"王芳  已补正，等待审核  申报号 {number}\n")
    assert status(number) == "submitted"
    assert rows(application(), AuditEntry, AuditEntry.actor != "staff:ye") == 0


def test_two_people_in_the_file_mend_nothing(apply: Apply) -> None:
    number = returned(apply)
    ran = apply(listed(person(1), person(2)), "--amend", number)
    assert (ran.exit_code, "文件中只能有一个 [[people]] 表" in ran.output) == (1, True)
    assert (status(number), rows(application(), Registration)) == ("returned", 1)


def test_a_refusal_is_told_with_its_reasons(apply: Apply) -> None:
    number = returned(apply)
    ran = apply(listed(person(1, alternative='"4.3"')), "--amend", number)
    assert (ran.exit_code, "（not_eligible）没有填写技工院校" in ran.output) == (1, True)
    assert apply(listed(person(1)), "--amend", number, "--version", "1").output.endswith("（stale）\n")
    assert apply(listed(person(2)), "--amend", number).output.endswith("（another_person）\n")
    assert apply(listed(person(1, declared="false")), "--amend", number).output.startswith("list.toml 第1人 declared")
    assert status(number) == "returned"


def test_an_empty_number_registers_nobody(apply: Apply) -> None:
    assert apply(listed(person(1)), "--amend", "").output.endswith("（registration_unknown）\n")
    assert rows(application(), Registration) == 0


def test_a_version_is_of_something_that_is_mended(apply: Apply) -> None:
    ran = apply(listed(person(1)), "--version", "1")
    assert (ran.exit_code, "只用于补正" in ran.output) == (2, True)
    assert rows(application(), Registration) == 0


def test_withdrawing_says_what_came_of_it(apply: Apply) -> None:
    number = registered(apply)
    assert staff("withdraw", number.lower(), "--reason", "本人要求").output == "已退出\n"
    assert staff("withdraw", number).output == "之前已经退出，没有变化\n"
    assert "（registration_unknown）" in staff("withdraw", "ABCDEFGH", code=1).output


def test_who_withdraws_with_money_in_the_account_is_to_be_refunded(apply: Apply) -> None:
    number = registered(apply)
    staff("review", "approve", number)
    transfer = ("--yuan", "100", "--on", "2026-02-23", "--reference", "BANK-1", "--other-amount")
    staff("payment", "record", number, *transfer)
    told = staff("withdraw", number).output.splitlines()
    assert told == ["已退出", f"已缴100元，请办理退费：jiping staff payment refund {number} --reference … --reason …"]
    staff("payment", "refund", number, "--reference", "BANK-2", "--reason", "本人退出")
    assert staff("withdraw", number).output == "之前已经退出，没有变化\n"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", "方式    窗口申报"),
        ('sitting = {sitting}\nchannel = "group"\nunit = "某培训学校"', "方式    团体申报  某培训学校"),
    ],
    ids=["window", "group"],
)
def test_the_reviewer_sees_by_which_channel_it_came_and_who_filed_it(apply: Apply, head: str, line: str) -> None:
    number = registered(apply, head.format(sitting=sitting(SLUG)))
    assert line in staff("review", "show", number).output.splitlines()


def test_what_is_mended_on_the_last_evening_is_in_time(apply: Apply) -> None:
    number = returned(apply)
    text = listed(person(1))
    late = apply(text, "--amend", number, now=at(2026, 3, 30, 0))
    assert late.output.endswith("（amend_too_late）\n")
    assert apply(text, "--amend", number, now=at(2026, 3, 29, 23, 59)).exit_code == 0


def test_ending_somebody_s_sign_ins_wants_a_reason_and_says_what_wechat_does(apply: Apply) -> None:
    number = registered(apply)
    staff("sign-out", number, code=2)
    said = staff("sign-out", f" {number.lower()} ", "--reason", "手机丢失").output
    assert said.startswith("已结束0处登录。微信小程序会自动重新登录")
    assert rows(application(), AuditEntry, AuditEntry.action == "account.signed_out") == 1


def test_a_new_number_is_set_for_whoever_has_shown_the_document_and_no_number_is_printed(apply: Apply) -> None:
    number = registered(apply)
    assert "reason_needed" in staff("phone", number, "--to", "13911112222", "--reason", " ", code=1).output
    assert "phone_shape" in staff("phone", number, "--to", "139", "--reason", "换号", code=1).output
    assert "13911112222" not in staff("phone", number, "--to", "139 1111 2222", "--reason", "持证件换号").output
    with application().app_context(), reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "phone.changed")).one()
        assert (entry.after, entry.reason) == ({"phone": "139****2222"}, "持证件换号")
    assert "手机 139****2222" in staff("review", "show", number).output
