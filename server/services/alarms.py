"""Alarms (需要处理的事项): what somebody must see to. Nothing is stored: each is asked anew, and ends with its cause."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select

from server.db import reading
from server.domain.days import SHANGHAI, local_day, start_of
from server.domain.turnout import Outcome
from server.domain.wording import subject_text
from server.domain.working_days import DayTable
from server.models import JobRun, Sitting, TurnoutWait
from server.services import job_runs, sitting_days, waiting
from server.services.alarm import Alarm
from server.services.alarms_of_carriers import carriers_refuse
from server.services.alarms_of_codes import codes_run_up
from server.services.alarms_of_telling import notices_undelivered, people_untold
from server.services.decisions import decided
from server.services.sitting_list import book_of
from server.services.working_days import day_table

#: the longest time in which any notice promises results, in working days
RESULTS_WITHIN = 30
# That many working days never last longer, whatever holidays lie in between.
_LONGEST = timedelta(days=100)
#: every job looks for work far more often, or lasts far less long
IDLE = timedelta(minutes=10)


def alarms(now: datetime, *, starting: bool = False) -> list[Alarm]:
    """Everything that somebody must see to.

    starting: the asker is about to start the scheduler, so that its silence until now is no news.
    """
    kinds = KINDS if starting else (*KINDS, *OF_A_RUNNING_SCHEDULER)
    return [one for raised in kinds for one in raised(now)]


def unknown_years(now: datetime) -> list[Alarm]:
    """Years whose holidays are not known although something reckons with them.

    This year; next year from 1 November, when the State Council publishes it; and any year that a sitting or its results
    fall into, once it can be known: before that there is nothing that anybody could do.
    """
    today = local_day(now)
    with reading() as session:
        table = day_table(session)
        gone = decided(Outcome.POSTPONED) | decided(Outcome.NONE)
        days = select(Sitting.assessed_first, Sitting.assessed_last)
        rows = session.execute(days.where(Sitting.assessed_last >= today - _LONGEST, ~gone)).all()
    using = Counter(year for first, last in rows for year in _years_of(first, last, table, today))
    wanted = {today.year, *using}
    if published(today.year + 1, today):
        wanted.add(today.year + 1)
    return [_unknown(year, using[year], today) for year in sorted(wanted - table.known)]


def published(year: int, today: date) -> bool:
    """Can that year's holidays be known? The State Council publishes them early in November of the year before."""
    return today >= date(year - 1, 11, 1)


def _years_of(first: date, last: date, table: DayTable, today: date) -> set[int]:
    """The years that a sitting reckons with from today on: of its assessment, and of the days until its results."""
    results = table.after(last, RESULTS_WITHIN)
    if results < today:
        return set()
    later = {year for year in range(last.year, results.year + 1) if published(year, today)}
    return {first.year, last.year} | later


def _unknown(year: int, sittings: int, today: date) -> Alarm:
    used = f"，{sittings}个考次要按它推算" if sittings else ""
    todo = "请在国务院公布放假安排后用 jiping calendar set-year 录入"
    since = start_of(date(year - 1, 11, 1)) if published(year, today) else None
    return Alarm("working_days_unknown", f"{year}年的放假安排还没有录入{used}。{todo}", since)


def waiting_for_staff(_now: datetime) -> list[Alarm]:
    """Sittings whose turnout the rule leaves to staff."""
    with reading() as session:
        rows = select(TurnoutWait, Sitting).join(Sitting, Sitting.id == TurnoutWait.sitting_id)
        found = session.execute(rows.order_by(Sitting.assessed_first, Sitting.id)).all()
    return [_waiting(wait, sitting) for wait, sitting in found]


def _waiting(wait: TurnoutWait, sitting: Sitting) -> Alarm:
    book = book_of(sitting)
    subject = subject_text(book.occupation(sitting.occupation).name, sitting.level)
    todo = f"请用 jiping staff sitting decide {sitting.id} 决定是否开考"
    text = f"{book.institution.name}{sitting.month}考次{subject}等待人工决定：{wait.reason}。{todo}"
    return Alarm("turnout_waits", text, wait.since)


def failed_jobs(_now: datetime) -> list[Alarm]:
    """Jobs whose last finished run failed. Each is tried again at its next time, and a success ends the alarm."""
    return [
        Alarm(
            "job_failed",
            f"定时任务 {run.job} 上次运行失败（{run.fault}）。请把日志交给维护人员",
            run.ended_at or run.started_at,
        )
        for run in job_runs.last_runs()
        if run.fault
    ]


def idle_jobs(now: datetime) -> list[Alarm]:
    """A scheduler that has started no job for ten minutes, or a job that has not come to its end in that time."""
    runs = job_runs.last_runs()
    last = max((run.started_at for run in runs), default=None)
    if last is None or last <= now - IDLE:
        todo = "请检查 python -m scheduler 是否在运行"
        return [Alarm("scheduler_silent", f"定时任务没有在运行，到期的事不会办理。{todo}", last)]
    return [_hanging(run) for run in runs if run.ended_at is None and run.started_at <= now - IDLE]


def _hanging(run: JobRun) -> Alarm:
    since = f"{run.started_at.astimezone(SHANGHAI):%H:%M}"
    return Alarm(
        "job_hangs", f"定时任务 {run.job} 从{since}运行至今没有结束。请重启 python -m scheduler", run.started_at
    )


def people_who_wait(now: datetime) -> list[Alarm]:
    """People who were moved out of the year's last sitting, until next year's rules are loaded; and those for whom these are
    there and have no sitting."""
    everybody = waiting.who_waits()
    in_vain = waiting.in_vain(everybody, now)
    return [*_next_year_missing([one for one in everybody if one not in in_vain]), *map(_in_vain, in_vain)]


def _next_year_missing(found: list[waiting.Waiting]) -> list[Alarm]:
    if not found:
        return []
    people, years = sum(one.people for one in found), sorted({one.sitting.institution for one in found})
    todo = "请在次年通知公布后加入新的规则文件，系统会自动安排并通知"
    return [Alarm("next_year_missing", f"{people}人等待次年公告安排（{'、'.join(years)}）。{todo}")]


def _in_vain(one: waiting.Waiting) -> Alarm:
    book = book_of(one.sitting)
    subject = subject_text(book.occupation(one.sitting.occupation).name, one.sitting.level)
    text = f"{book.institution.name}{one.sitting.month}考次{subject}有{one.people}人等待安排，次年的规则中没有能安排他们的考次"
    return Alarm("waiting_in_vain", f"{text}。请联系本人办理退出和退费，或加入有后续考次的规则")


def days_not_set(now: datetime) -> list[Alarm]:
    """Sittings that are held and whose people cannot be told the day, because nobody has set it."""
    return [_without_day(one) for one in sitting_days.without_day(now)]


def _without_day(sitting: Sitting) -> Alarm:
    book = book_of(sitting)
    subject = subject_text(book.occupation(sitting.occupation).name, sitting.level)
    todo = f"请用 jiping staff sitting day {sitting.id} 查看拟定日期并设定"
    return Alarm(
        "day_not_set", f"{book.institution.name}{sitting.month}考次{subject}已决定开考，还没有设定评价日期。{todo}"
    )


Raised = Callable[[datetime], list[Alarm]]
#: what is asked, one after the other
KINDS: tuple[Raised, ...] = (
    people_untold,
    carriers_refuse,
    codes_run_up,
    unknown_years,
    waiting_for_staff,
    days_not_set,
    people_who_wait,
    notices_undelivered,
    failed_jobs,
)
#: what cannot be asked while the scheduler is only about to start
OF_A_RUNNING_SCHEDULER: tuple[Raised, ...] = (idle_jobs,)
