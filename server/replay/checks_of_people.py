"""Checks of where people are: registrations, decisions, tickets, money."""

from collections import Counter
from collections.abc import Iterator

from server.domain.registrations import Status
from server.domain.turnout import Outcome
from server.replay.expected import expected
from server.replay.lived import Lived
from server.replay.plan import PlanRow, SittingName

_TAKING_PART = {Status.PAID.value, Status.CONCLUDED.value}


def title(name: SittingName) -> str:
    return f"{name.sitting} {name.occupation}{name.level}级"


def nobody_lost(lived: Lived) -> Iterator[str]:
    """Everybody of the plan is there, nobody else is, and each sitting has as many as the plan says."""
    numbers = [one.number for one in lived.people]
    for person in lived.people:
        if person.number not in lived.by_number:
            yield f"第{person.serial}人的申报 {person.number or '（没有提交）'} 不见了"
    for number in sorted(set(lived.by_number) - set(numbers)):
        yield f"申报 {number} 不属于任何人"
    planned = {row.name: row for row in lived.plan}
    for sitting in lived.facts.sittings:
        own = [one for one in lived.facts.registrations if one.applied_for == sitting.id]
        seen = (len(own), sum(one.approved for one in own), sum(one.paid for one in own))
        wanted = _counts(planned.get(sitting.name))
        if seen != wanted:
            yield f"{title(sitting.name)}：申报、通过、缴费应为{wanted}，实为{seen}"


def _counts(row: PlanRow | None) -> tuple[int, int, int]:
    return (0, 0, 0) if row is None else (row.applicants, row.approved, row.paid)


def nobody_in_two_places(lived: Lived) -> Iterator[str]:
    """One registration a person, whose moves lead from the sitting applied for to the present one without a gap."""
    of_candidate = Counter(one.candidate for one in lived.facts.registrations)
    tickets = Counter(one.registration for one in lived.facts.tickets if one.valid)
    for one in lived.facts.registrations:
        if of_candidate[one.candidate] > 1:
            yield f"{one.number}：同一人有{of_candidate[one.candidate]}件申报"
        way = [one.applied_for, *one.reached]
        origins = [step.origin for step in one.steps if step.target is not None]
        waits = bool(one.steps) and one.steps[-1].target is None
        if way[-1] != one.sitting or way[:-1] != origins or waits != one.waiting:
            yield f"{one.number}：延期记录与所在考次不符"
        if tickets[one.id] > 1:
            yield f"{one.number}：有{tickets[one.id]}张有效准考证"


def sums_agree(lived: Lived) -> Iterator[str]:
    """Moving people makes none and loses none, in each sitting and in all together."""
    moved_in = Counter(target for one in lived.facts.registrations for target in one.reached)
    moved_out = Counter(origin for one in lived.facts.registrations for origin in one.left)
    own = Counter(one.applied_for for one in lived.facts.registrations if one.paid)
    here = Counter(one.sitting for one in lived.facts.registrations if one.paid and not one.waiting)
    waiting = sum(one.waiting for one in lived.facts.registrations)
    for sitting in lived.facts.sittings:
        before = own[sitting.id] + moved_in[sitting.id] - moved_out[sitting.id]
        if before != here[sitting.id]:
            yield f"{title(sitting.name)}：应有{before}人，实有{here[sitting.id]}人"
    paid = sum(row.paid for row in lived.plan)
    if here.total() + waiting != paid:
        yield f"缴费人数前后不符：计划{paid}人，现有{here.total()}人，等待次年{waiting}人"


def decisions_follow_the_rule(lived: Lived) -> Iterator[str]:
    """Every sitting is decided, and as the rule says when it is asked again; and nobody is moved for nothing."""
    for one in lived.facts.sittings:
        enough, goes_on = one.counted >= one.threshold, one.outcome == Outcome.HELD.value
        if enough and not goes_on:
            yield f"{title(one.name)}：{one.counted}人，已达到{one.threshold}人，却没有开考"
    for name, wanted in expected(lived.book, lived.plan, lived.table).items():
        sitting = lived.by_name.get(name)
        if sitting is None:
            yield f"{title(name)}：没有这个考次"
            continue
        target = lived.by_id[sitting.target].name if sitting.target is not None else None
        seen = (sitting.outcome, sitting.counted, sitting.moved, target)
        if seen != (wanted.outcome.value, wanted.counted, wanted.moved, wanted.target):
            yield f"{title(name)}：应为{_told(wanted.outcome.value, wanted.counted, wanted.moved, wanted.target)}，实为{_told(*seen)}"


def _told(outcome: str | None, counted: int, moved: int, target: SittingName | None) -> str:
    where = f"，{moved}人转往{target.sitting if target else '次年'}" if moved else ""
    return f"{outcome}（{counted}人{where}）"


def decided_in_time(lived: Lived) -> Iterator[str]:
    """Not before everybody could pay; and where people are moved, not after the day by which they must know."""
    for one in lived.facts.sittings:
        if one.decided_on is None:
            yield f"{title(one.name)}：没有决定"
        elif one.decided_on <= one.pay_last:
            yield f"{title(one.name)}：{one.decided_on}决定，早于缴费截止{one.pay_last}"
        elif one.moved and one.decided_on > one.tell_by:
            yield f"{title(one.name)}：{one.decided_on}才决定延期，晚于通知截止{one.tell_by}"


def tickets_are_right(lived: Lived) -> Iterator[str]:
    """A valid ticket for each who paid and whose sitting is held, at that sitting; none for anybody else."""
    held = {one.id for one in lived.facts.sittings if one.outcome == Outcome.HELD.value}
    valid = Counter((one.registration, one.sitting) for one in lived.facts.tickets if one.valid)
    for one in lived.facts.registrations:
        wanted = int(one.sitting in held and one.status in _TAKING_PART and not one.waiting)
        if valid.pop((one.id, one.sitting), 0) != wanted:
            yield f"{one.number}：应有{wanted}张有效准考证"
    for registration, sitting in valid:
        yield f"第{registration}件申报：在{title(lived.by_id[sitting].name)}还有一张有效准考证"


def tickets_open(lived: Lived) -> Iterator[str]:
    """One person of each sitting of the plan whose people were examined has opened the ticket by its link."""
    for number, opened in lived.tickets_opened.items():
        if not opened:
            yield f"{number}：准考证打不开"
    opened_for = {lived.by_number[one].applied_for for one in lived.tickets_opened if one in lived.by_number}
    ticketed = {one.registration for one in lived.facts.tickets if one.valid}
    for sitting in sorted({one.applied_for for one in lived.facts.registrations if one.id in ticketed} - opened_for):
        yield f"{title(lived.by_id[sitting].name)}：没有人打开过准考证"


def accounts_balance(lived: Lived) -> Iterator[str]:
    """The ledger holds the fee of each who paid, and nothing of the others."""
    for one in lived.facts.registrations:
        wanted = one.fee if one.paid else 0
        if one.balance != wanted:
            yield f"{one.number}：应有{wanted}分，账上{one.balance}分"
    fees = {(trade.name, level.level): level.fee.fen for trade in lived.book.occupations for level in trade.levels}
    wanted = sum(row.paid * fees[row.name.occupation, row.name.level] for row in lived.plan)
    total = sum(one.balance for one in lived.facts.registrations)
    if total != wanted:
        yield f"总账应为{wanted}分，实为{total}分"


def nothing_changes_when_run_again(lived: Lived) -> Iterator[str]:
    """Every job was run a second time after each decision and at the end."""
    if not lived.reruns:
        yield "没有重复运行过"
    for one in lived.reruns:
        if one.changed or one.messages:
            yield f"{one.at:%Y-%m-%d}：改动了 {'、'.join(one.changed) or '无'}，多发{one.messages}条消息"
