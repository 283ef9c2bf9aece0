"""Alarms about telling (告知的事项): who would be missed while there is still time, who was missed, and what reached nobody."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.db import reading
from server.domain.days import local_day, start_of
from server.domain.notices import KIND_NAMES
from server.domain.telling import Verdict
from server.domain.wording import full_day_text, subject_text
from server.models import NoticeCause, Sitting
from server.services.alarm import Alarm
from server.services.evidence_of_telling import evidence_of, of_cause
from server.services.owed_causes import due_to_be_known
from server.services.sitting_list import book_of, known
from server.services.telephoning import Untold, untold
from server.services.undelivered import WITHIN, undelivered

# No notice asks to be told longer before the day than this.
_LONGEST = timedelta(days=60)


def people_untold(now: datetime) -> list[Alarm]:
    """Whoever must know something by a day and has neither confirmed it nor been reached by telephone, from the day on which
    clerks begin to call; and after the limit, until the sitting's day, how many were not told in time."""
    today = local_day(now)
    with reading() as session:
        in_time = [one for one in untold(session, now) if one.call_from <= today <= one.tell_by]
        due = due_to_be_known(session, today - _LONGEST, today)
        missed = [_missed(session, known(session, number), causes, now) for number, causes in sorted(due.items())]
    return [*([_to_call(in_time)] if in_time else []), *(one for one in missed if one is not None)]


def _to_call(people: list[Untold]) -> Alarm:
    last, since = min(one.tell_by for one in people), min(one.call_from for one in people)
    todo = "请用 jiping staff telephone list 查看名单并打电话"
    text = f"{len(people)}人须按期得知延期或日期，短信没有确认送达，电话也没有打通，最早的期限是{full_day_text(last)}。{todo}"
    return Alarm("people_untold", text, start_of(since))


def _missed(session: Session, sitting: Sitting, causes: list[NoticeCause], now: datetime) -> Alarm | None:
    """Those of one sitting who were not told in time, whether or not they have been told since."""
    book = book_of(sitting)
    until_the_day = timedelta(days=book.turnout.telling.days_before)
    ids = [one.id for one in causes if one.tell_by is not None and local_day(now) <= one.tell_by + until_the_day]
    if not ids:
        return None
    evidence = evidence_of(session, ids, in_full=False)
    found = [(one, evidence.judged(one, now).verdict) for one in of_cause(evidence, ids)]
    late = {one.registration_id for one, verdict in found if verdict in (Verdict.LATE, Verdict.NEVER)}
    if not late:
        return None
    never = {one.registration_id for one, verdict in found if verdict is Verdict.NEVER}
    title = f"{book.institution.name}{sitting.month}考次{subject_text(book.occupation(sitting.occupation).name, sitting.level)}"
    still = f"，其中{len(never)}人至今没有得知，请用 jiping staff telephone list 查看名单并打电话" if never else ""
    text = f"{title}有{len(late)}人没有按期得知延期或日期{still}。请用 jiping notices proof {sitting.id} 查看"
    limit = min(one.cause.tell_by for one, _ in found if one.registration_id in late and one.cause.tell_by)
    return Alarm("people_untold", text, start_of(limit + timedelta(days=1)))


def notices_undelivered(now: datetime) -> list[Alarm]:
    """Notices of other kinds that reached nobody in the last seven days, counted by kind."""
    found = undelivered(now)
    if not found:
        return []
    kinds = Counter(one.kind for one in found)
    counts = "，".join(f"{KIND_NAMES[kind]}{number}条" for kind, number in kinds.most_common())
    text = f"最近{WITHIN.days}天有{len(found)}条通知没有送达：{counts}。请用 jiping notices failed 查看"
    return [Alarm("undeliverable", text, found[0].due_at)]
