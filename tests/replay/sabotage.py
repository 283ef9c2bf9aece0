"""Years falsified in one place, each with the check that must notice it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.domain.turnout import Outcome
from server.replay.facts import Facts, NoticeFact, RegistrationFact, SittingFact, TicketFact
from server.replay.lived import Lived
from server.replay.rerun import Rerun

Falsify = Callable[[Lived], Lived]


def facts(**changes: Callable[[Facts], Any]) -> Falsify:
    return lambda lived: replace(lived, facts=replace(lived.facts, **{k: f(lived.facts) for k, f in changes.items()}))


def one_registration(which: Callable[[RegistrationFact], bool], **changes: Any) -> Falsify:
    return facts(registrations=lambda known: _changed(known.registrations, which, **changes))


def one_sitting(decided: Outcome, **changes: Callable[[SittingFact], Any]) -> Falsify:
    def falsified(known: Facts) -> tuple[SittingFact, ...]:
        first = next(one for one in known.sittings if one.outcome == decided.value)
        return _changed(known.sittings, lambda one: one is first, **{k: f(first) for k, f in changes.items()})

    return facts(sittings=falsified)


def one_notice(which: Callable[[NoticeFact], bool], **changes: Any) -> Falsify:
    return facts(notices=lambda known: _changed(known.notices, which, **changes))


def _changed(rows: tuple[Any, ...], which: Callable[[Any], bool], **changes: Any) -> tuple[Any, ...]:
    place = next(place for place, row in enumerate(rows) if which(row))
    return (*rows[:place], replace(rows[place], **changes), *rows[place + 1 :])


def without_first(rows: tuple[Any, ...], which: Callable[[Any], bool]) -> tuple[Any, ...]:
    place = next(place for place, row in enumerate(rows) if which(row))
    return (*rows[:place], *rows[place + 1 :])


def moved(one: RegistrationFact) -> bool:
    return bool(one.steps)


def told_of_postponement(one: NoticeFact) -> bool:
    return one.kind.value == "postponed" and one.sms_confirmed_on is not None


def postponement_sms(one: dict[str, Any]) -> bool:
    return one["channel"] == "sms" and "延期至" in one["text"]


def _left_behind(lived: Lived) -> Lived:
    """Somebody who was moved stands under the old sitting again."""
    one = next(filter(moved, lived.facts.registrations))
    return one_registration(lambda known: known is one, sitting=one.applied_for)(lived)


def _without_last_sitting(lived: Lived) -> Lived:
    """The calendar's last sitting that nobody came to."""
    gone = next(one for one in reversed(lived.facts.sittings) if one.outcome == Outcome.NONE.value)
    return facts(sittings=lambda known: tuple(one for one in known.sittings if one is not gone))(lived)


def _with_old_ticket(lived: Lived) -> Lived:
    one = next(filter(moved, lived.facts.registrations))
    return facts(tickets=lambda known: (*known.tickets, TicketFact(one.id, one.applied_for, True)))(lived)


SABOTAGE: list[tuple[str, str, Falsify]] = [
    ("a registration is gone", "无人遗漏", facts(registrations=lambda known: known.registrations[1:])),
    ("a payment is gone", "无人遗漏", one_registration(lambda one: one.paid, actions=frozenset({"approve"}))),
    ("one person registered twice", "无人身在两处", one_registration(lambda one: one.candidate != 1, candidate=1)),
    ("a move without its record", "无人身在两处", one_registration(moved, steps=())),
    ("somebody stayed behind", "延期前后人数相符", _left_behind),
    ("held, though too few", "开考决定符合规则", one_sitting(Outcome.POSTPONED, outcome=lambda _: "held")),
    ("moved, though enough", "开考决定符合规则", one_sitting(Outcome.HELD, outcome=lambda _: "postponed")),
    ("one too many counted", "开考决定符合规则", one_sitting(Outcome.HELD, counted=lambda one: one.counted + 1)),
    ("a decision is gone", "开考决定符合规则", one_sitting(Outcome.HELD, outcome=lambda _: None)),
    ("a sitting is gone", "开考决定符合规则", _without_last_sitting),
    ("decided while people paid", "决定及时", one_sitting(Outcome.HELD, decided_on=lambda one: one.pay_last)),
    (
        "moved after the deadline",
        "决定及时",
        one_sitting(Outcome.POSTPONED, decided_on=lambda one: one.tell_by + timedelta(days=1)),
    ),
    (
        "a notice is gone",
        "延期通知每人一份",
        facts(notices=lambda known: without_first(known.notices, told_of_postponement)),
    ),
    (
        "a notice was written twice",
        "延期通知每人一份",
        facts(notices=lambda known: (*known.notices, next(filter(told_of_postponement, known.notices)))),
    ),
    ("an SMS is gone", "延期短信每人一条", facts(inbox=lambda known: without_first(known.inbox, postponement_sms))),
    (
        "an SMS came twice",
        "延期短信每人一条",
        facts(inbox=lambda known: (*known.inbox, next(filter(postponement_sms, known.inbox)))),
    ),
    (
        "a stranger got the SMS",
        "延期短信每人一条",
        facts(
            inbox=lambda known: (*known.inbox, next(filter(postponement_sms, known.inbox)) | {"to": "13900000000"})
        ),
    ),
    ("nobody was listed", "电话名单正好", facts(listed=lambda known: frozenset(sorted(known.listed)[1:]))),
    (
        "somebody told was listed",
        "电话名单正好",
        facts(listed=lambda known: known.listed | {next(filter(told_of_postponement, known.notices)).id}),
    ),
    ("a call was not made", "电话名单正好", one_notice(lambda one: one.called_on is not None, called_on=None)),
    (
        "told a day too late",
        "人人按期得知",
        one_notice(told_of_postponement, sms_confirmed_on=date(2026, 4, 16)),
    ),
    ("never told", "人人按期得知", one_notice(told_of_postponement, sms_confirmed_on=None)),
    ("a receipt without a message", "短信回执与收件箱一致", one_notice(told_of_postponement, sms_confirmed_on=None)),
    (
        "a card without a grant",
        "微信只发给有授权的人",
        one_notice(lambda one: one.kind.value == "postponed" and not one.wechat_accepted, wechat_accepted=True),
    ),
    ("a card is gone", "微信只发给有授权的人", one_notice(lambda one: one.wechat_accepted, wechat_accepted=False)),
    ("a ticket is gone", "准考证正好", facts(tickets=lambda known: known.tickets[1:])),
    ("a ticket for the old sitting", "准考证正好", _with_old_ticket),
    (
        "a link that does not open",
        "准考证可以打开",
        lambda lived: replace(lived, tickets_opened=dict.fromkeys(lived.tickets_opened, False)),
    ),
    ("no link was opened", "准考证可以打开", lambda lived: replace(lived, tickets_opened={})),
    ("a fen is missing", "账目平衡", one_registration(lambda one: one.paid, balance=34999)),
    ("money of somebody unpaid", "账目平衡", one_registration(lambda one: not one.paid, balance=1)),
    ("nothing was run again", "重复运行没有变化", lambda lived: replace(lived, reruns=())),
    (
        "a second run wrote",
        "重复运行没有变化",
        lambda lived: replace(lived, reruns=(Rerun(datetime(2026, 3, 31, tzinfo=UTC), ("notice",), 0),)),
    ),
    (
        "a second run sent",
        "重复运行没有变化",
        lambda lived: replace(lived, reruns=(Rerun(datetime(2026, 3, 31, tzinfo=UTC), (), 1),)),
    ),
]
