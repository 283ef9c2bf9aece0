"""沪技师(2026)1号, the sentences that are carried out over HTTP, on a database and by the jobs. The docstrings name the article."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from pypdf import PdfReader

from server.local import LocalStack, local_stack
from server.services import paying, telephoning
from tests.domain.technicians import BOOK, shanghai
from tests.people import Phone, approve, id_card, pay


@pytest.fixture
def association(sqlite_url: str, tmp_path: Path) -> Iterator[LocalStack]:
    """The installation on SQLite; the journeys run on both databases."""
    with local_stack(tmp_path, migrated=True, database_url=sqlite_url) as running:
        running.clock.stand_at(shanghai("2026-02-23 09:00:00"))
        yield running


def tried(phone: Phone, **changes: object) -> tuple[int, str]:
    """What comes of an application that is refused."""
    form = phone.form(phone.sitting("2026-04")["id"], **changes)
    return phone.refused("POST", "registrations", json=form, headers={"Idempotency-Key": uuid4().hex})


def test_individuals_apply_in_the_mini_program_while_applications_are_taken(association: LocalStack) -> None:
    """二（一） 年满16周岁; 二（二）2 and 二（三）（1） 受理申报日期 2月23日-3月22日; 七1 须承诺; 五 纸质证书须勾选."""
    first, last = Phone(association).ready(1), Phone(association).ready(2)
    association.clock.stand_at(shanghai("2026-02-22 23:59:59"))
    assert tried(first) == (409, "not_open_yet")
    association.clock.stand_at(shanghai("2026-02-23 00:00:00"))
    assert tried(first, declared=False) == (422, "declaration_needed")
    assert tried(first, work=[{"since": "2021-02-24", "until": None}]) == (409, "not_eligible")
    form = first.form(first.sitting("2026-04")["id"], work=[{"since": "2021-02-23", "until": None}])
    del form["paper_certificate"]
    first.number = first.submit(form, uuid4().hex)["number"]
    assert first.mine()["status"] == "submitted"
    assert first.mine()["paper_certificate"] is False

    child = Phone(association)
    child.sign_in()
    child.set_phone("13900000003")
    child.fill_in("李小明", id_card(3, date(2010, 3, 23)))
    child.send_photo()
    association.clock.stand_at(shanghai("2026-03-22 23:59:59"))
    studied = {"work": [], "diplomas": [{"school": "technical", "major": "人力资源管理", "final_year": True}]}
    assert tried(child, alternative="4.3", **studied) == (409, "too_young")
    last.register("2026-04")
    association.clock.stand_at(shanghai("2026-03-23 00:00:00"))
    assert tried(child, alternative="4.3", **studied) == (409, "window_closed")


def test_the_fee_is_paid_in_time_by_the_day_on_which_the_account_received_it(association: LocalStack) -> None:
    """二（四）: 资格审核通过后……在规定的缴费日期内缴纳; 以……指定银行账户收到的时间为准. 附件2: 四级 350元."""
    in_time, late, unreviewed = (Phone(association).ready(serial) for serial in (1, 2, 3))
    for phone in (in_time, late, unreviewed):
        phone.register("2026-04")
    for phone in (in_time, late):
        approve(association, phone.number)
    association.clock.stand_at(shanghai("2026-03-22 23:59:59"))
    assert in_time.ok("GET", f"registrations/{in_time.number}/payment")["open"] is False
    association.clock.stand_at(shanghai("2026-03-23 00:00:00"))
    due = in_time.ok("GET", f"registrations/{in_time.number}/payment")
    assert (due["open"], due["amount"], due["first"], due["last"]) == (True, "350元", "2026-03-23", "2026-03-29")
    assert unreviewed.ok("GET", f"registrations/{unreviewed.number}/payment")["open"] is False
    # The bank's records of Sunday the 29th are entered on Monday.
    association.clock.stand_at(shanghai("2026-03-30 15:00:00"))
    pay(association, in_time.number, date(2026, 3, 29))
    with association.app.app_context():
        now = association.clock.now()
        money = paying.record_payment(late.number, 35000, date(2026, 3, 30), "bank-late", "staff:lin", now)
    assert (money.paid, money.late) == (False, True)
    association.clock.stand_at(shanghai("2026-03-31 09:00:00"))
    association.run_jobs()
    assert [phone.mine()["status"] for phone in (in_time, late, unreviewed)] == ["paid", "expired", "expired"]


def test_too_few_are_moved_to_november_told_in_time_and_fetch_their_tickets_there(association: LocalStack) -> None:
    """二（三）注 集中于11月统一安排，由评价机构通过电话或短信的方式，在认定考核前10日前通知; 二（三）（1） 下载准考证日期 11月2日;
    二（五） 输入姓名及身份证号; 附件4 参评人员须知."""
    stack = association
    told, silent = Phone(stack).ready(1), Phone(stack).ready(2)
    silent.sandbox(f"sms/phones/{silent.phone}", mode="never")
    for phone in (told, silent):
        phone.register("2026-04")
        approve(stack, phone.number)
    stack.clock.stand_at(shanghai("2026-03-24 12:00:00"))
    for phone in (told, silent):
        pay(stack, phone.number, date(2026, 3, 24))
    stack.clock.stand_at(shanghai("2026-03-31 09:00:00"))
    stack.run_jobs()
    assert told.mine()["sitting"]["month"] == "2026-11"
    texts = [one["text"] for one in told.messages() if one["channel"] == "sms" and "延期" in one["text"]]
    assert len(texts) == 1
    assert "由4月25日、26日延期至11月7日、8日安排" in texts[0]
    # By telephone, from two days before the last day on which it is in time: 4月15日.
    assert to_call(stack, "2026-04-12 09:00:00") == []
    assert to_call(stack, "2026-04-13 09:00:00") == [silent.number]
    with stack.app.app_context():
        (one,) = telephoning.to_telephone("staff:chen", stack.clock.now())
        assert one.tell_by == date(2026, 4, 15)
        telephoning.record_call(one.notice_id, telephoning.REACHED, "staff:chen", stack.clock.now())
    assert to_call(stack, "2026-04-15 09:00:00") == []

    stack.clock.stand_at(shanghai("2026-10-14 00:00:00"))
    stack.run_jobs()
    stack.clock.stand_at(shanghai("2026-11-01 23:59:59"))
    stack.run_jobs()
    assert told.mine()["status"] == "paid"
    assert told.refused("GET", f"registrations/{told.number}/ticket") == (409, "ticket_not_ready")
    stack.clock.stand_at(shanghai("2026-11-02 00:00:00"))
    stack.run_jobs()
    link = told.ok("GET", f"registrations/{told.number}/ticket")["link"]
    wrong = told.http.post(link, data={"digits": "0000"}, timeout=10)
    assert "证件号码后四位不对" in wrong.text
    printed = told.http.post(link, data={"digits": id_card(1)[-4:]}, timeout=30)
    assert printed.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(printed.content)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    assert len(pages) == 1
    assert all("".join(rule.split()) in text for rule in BOOK.conduct.rules)
    assert "11月7日" in text


def to_call(stack: LocalStack, when: str) -> list[str]:
    """The registrations that stand on the clerks' telephone list."""
    stack.clock.stand_at(shanghai(when))
    with stack.app.app_context():
        return [one.registration_number for one in telephoning.to_telephone("staff:chen", stack.clock.now())]
