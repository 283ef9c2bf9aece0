"""The institution's clerks (工作人员): they review, enter payments and telephone, through the services that they use in life."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from miniapp_api.schemas import SaidIn
from miniapp_api.sittings import said
from server.db import reading
from server.domain.days import local_day
from server.domain.registrations import Action
from server.models import Sitting
from server.replay.people import Person
from server.replay.phone import EVIDENCE, ReplayBroken, claims, first_fitting, portrait
from server.services import at_window, judging, paying, reviewing, sitting_days, telephoning
from server.services.at_window import WindowForm
from server.services.decisions import decided
from server.services.profile import Particulars

RECEIVER, REVIEWER, CASHIER, CALLER, PLANNER = "staff:ye", "staff:shen", "staff:qian", "staff:tong", "staff:pan"
_EARLY_LEVEL = 3
_REASONS = {
    Action.APPROVE: [],
    Action.RETURN: ["工作证明未加盖公章，请补正后重新提交"],
    Action.REJECT: ["佐证材料不能证明从事本职业的年限"],
}


def open_account(rulebook: str, now: datetime) -> None:
    """Before anybody pays, somebody says into which account."""
    paying.set_collection_account(rulebook, "演练收款专户", "演练银行", "0000000000000000", CASHIER, now)


def register_at_window(person: Person, sitting_id: int, now: datetime) -> None:
    """Somebody comes to the window with document, phone, portrait and papers, and is registered there."""
    one = person.particulars
    visitor = Particulars(one.name, one.document, one.number, one.born, one.sex)
    told = said(SaidIn.model_validate(claims(person.applied_for)))
    judged = judging.judge_visitor(one.born, sitting_id, told, now)
    form = WindowForm(
        sitting_id=sitting_id,
        channel="window",
        person=visitor,
        phone=one.phone,
        photo=portrait(),
        evidence=((EVIDENCE, portrait()),),
        alternative=first_fitting(person, ((found.alternative, found.verdict) for found in judged.findings)),
        said=told,
        declared=True,
    )
    person.number = at_window.register_at_window(form, RECEIVER, now)


def review(people: Mapping[str, Person], now: datetime) -> None:
    """Work off the list of those who wait for review; `people` by the number of their registration."""
    for waiting in reviewing.waiting_for_review():
        row, person = waiting.registration, people[waiting.registration.number]
        decision = person.verdict
        reviewing.review(row.number, decision, REVIEWER, now, reasons=_REASONS[decision], version=row.version)
        person.judged = True


def record_payment(person: Person, now: datetime) -> None:
    """Enter the transfer that the bank's list shows, under the day on which the account received it."""
    if person.paid_on is None:
        raise ReplayBroken(f"{person.number}: 没有转账可登记")
    reference = f"replay-{person.serial:08d}"
    entered = paying.record_payment(person.number, person.fee_fen, person.paid_on, reference, CASHIER, now)
    if not entered.paid:
        raise ReplayBroken(f"{person.number}: {person.paid_on}到账，登记后仍未算作已缴费")
    person.recorded = True


def set_days(now: datetime) -> int:
    """Set the proposed day where the notice leaves it to the institution; how many.

    Of one level the clerks do it on the last day of payment, before anybody knows whether the sitting is held; of the
    others when it is: both must come out right.
    """
    with reading() as session:
        open_still = session.scalars(select(Sitting).where(Sitting.day_fixed.is_(False), ~decided()))
        early = [one.id for one in open_still if one.level == _EARLY_LEVEL and one.pay_last == local_day(now)]
    due = [*early, *(one.id for one in sitting_days.without_day(now))]
    for sitting_id in due:
        day = sitting_days.proposal(sitting_id).proposal.days.first
        sitting_days.set_day(sitting_id, day, PLANNER, "按拟定日期", now)
    return len(due)


def telephone(now: datetime) -> list[int]:
    """Open the list of those whom no message reached, and reach each by telephone; the notices they were told of."""
    people = telephoning.to_telephone(CALLER, now)
    for one in people:
        telephoning.record_call(one.notice_id, telephoning.REACHED, CALLER, now, "本人已知悉")
    return [notice for one in people for notice in one.told_by_this]
