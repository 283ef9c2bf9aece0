"""The rules of all institutions side by side, as Markdown: the page docs/institutions.md."""

from collections.abc import Callable, Iterator, Sequence

from server.domain.calendar import FixedCalendar, MonthlyCalendar
from server.rulebooks import phrases
from server.rulebooks.book import Occupation, OccupationLevel, Rulebook
from server.rulebooks.names import value_name
from server.rulebooks.phrases import ASSUMED, marked

NONE = "–"


def table_of_institutions(books: Sequence[Rulebook]) -> Iterator[str]:
    """Line by line: a row a rule, a column an institution; then each calendar that is a table itself."""
    yield "# 各评价机构规则对照"
    yield ""
    yield f"由规则文件自动生成（`jiping rulebook show --table`），请勿手改。{ASSUMED}表示通知没有写明、由本系统假定的内容；{NONE} 表示没有这一项。"
    yield "日期均为上海时间，首尾两天都包括在内。"
    yield ""
    yield from _markdown(["", *(_heading(book) for book in books)], _rows(books))
    for book in books:
        yield from _sittings(book)


def _heading(book: Rulebook) -> str:
    return f"{book.slug}{'' if book.edition == 1 else f'@{book.edition}'} {book.institution.name}"


def _rows(books: Sequence[Rulebook]) -> Iterator[list[str]]:
    for name, cell in ROWS.items():
        yield [name, *(cell(book) or NONE for book in books)]


def _markdown(heads: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield _row(heads)
    yield _row(["---"] * len(heads))
    yield from map(_row, rows)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


# --- one cell each


def _occupations(book: Rulebook) -> str:
    return " · ".join(
        marked(f"{f'{one.name} {one.code}'.strip()}：{phrases.levels(_numbers(one))}", one)
        for one in book.occupations
    )


def _numbers(occupation: Occupation) -> tuple[int, ...]:
    return tuple(one.level for one in occupation.levels)


def _schedule(book: Rulebook) -> str:
    return marked(phrases.schedule(book.calendar, book.year), book.calendar)


def _december(book: Rulebook) -> str:
    text = phrases.december(book.calendar, book.year)
    return text and marked(text, book.calendar)


def _subjects(book: Rulebook) -> str:
    same = marked(f"{phrases.same_day(book.timetable)}，时间安排", book.timetable)
    days = phrases.sitting_days(book.calendar)
    parts = [phrases.subjects(book), same if book.timetable.assumed else phrases.same_day(book.timetable)]
    if days is not None:
        parts.append(marked(value_name("on", days.on), days))
    return "；".join(parts)


def _below(book: Rulebook) -> str:
    rule = book.turnout
    sentences = [phrases.below(rule), phrases.in_that_month(rule), phrases.without_target(rule)]
    text = marked("；".join(one for one in sentences if one), rule.below)
    return f"{text}；{marked(phrases.telling(rule), rule.telling)}"


def _above(book: Rulebook) -> str:
    rule = book.turnout.above
    return "" if rule is None else marked(phrases.above(rule), rule)


def _by_level(book: Rulebook, said: Callable[[OccupationLevel], str]) -> str:
    """Once where it is the same for all; else by occupation and level."""
    kinds = {said(level) for one in book.occupations for level in one.levels}
    if len(kinds) == 1:
        return kinds.pop()
    return " · ".join(
        f"{one.name}：" + "，".join(f"{phrases.levels((level.level,))} {said(level)}" for level in one.levels)
        for one in book.occupations
    )


def _fee(book: Rulebook) -> str:
    return _by_level(book, lambda one: marked(phrases.fee(one.fee), one.fee))


def _retake_fee(book: Rulebook) -> str:
    return _by_level(book, lambda one: marked(phrases.retake_fee(one.fee), phrases.retake_clause(one.fee)))


def _paid(book: Rulebook) -> str:
    payment = book.payment
    text = f"{phrases.counts_as_paid(payment)}；{marked(f'转账附言：{phrases.remark(payment)}', payment)}"
    if payment.proof is not None:
        text += marked(f"；凭证和开票信息发至{payment.proof.to}，邮件名：{payment.proof.subject}", payment.proof)
    return text


def _forfeit(book: Rulebook) -> str:
    rule = book.payment.forfeit
    return "" if rule is None else marked(phrases.forfeit(rule), rule)


def _ticket(book: Rulebook) -> str:
    rules = book.tickets
    mine, theirs = (
        marked(f"{phrases.ticket_from(rule)}（{rule.how}）", rule) for rule in (rules.individual, rules.group)
    )
    return mine if mine == theirs else f"个人：{mine}；团体：{theirs}"


def _certificate(book: Rulebook) -> str:
    rule = book.certificates
    parts = [phrases.certificate_kinds(rule), f"个人：{rule.individual}", f"团体：{rule.group}"]
    if rule.reissue:
        parts.append(f"遗失：{rule.reissue}")
    return marked("；".join(parts), rule)


ROWS: dict[str, Callable[[Rulebook], str]] = {
    "职业（编码）：等级": _occupations,
    "机构备案号": lambda book: book.institution.registry_number,
    "个人申报": lambda book: marked(phrases.individual(book.application.individual), book.application.individual),
    "团体申报": lambda book: marked(book.application.group.how, book.application.group),
    "时间安排": _schedule,
    "12月申报的": _december,
    "科目": _subjects,
    "开考条件": lambda book: marked(phrases.opens_with(book.turnout), book.turnout.threshold),
    "不足开考条件": _below,
    "超出容量": _above,
    "收费": _fee,
    "补考收费": _retake_fee,
    "何时算已缴费": _paid,
    "缴费后未参加": _forfeit,
    "准考证": _ticket,
    "成绩": lambda book: marked(phrases.results(book.results), book.results),
    "合格科目有效期": lambda book: marked(phrases.validity(book.retakes), book.retakes),
    "证书": _certificate,
    "窗口时间": lambda book: marked(book.institution.hours, book.institution),
}


# --- the calendars that are tables (a monthly one is one sentence)


def _sittings(book: Rulebook) -> Iterator[str]:
    if isinstance(book.calendar, MonthlyCalendar):
        return
    yield ""
    yield f"## {_heading(book)}：{marked(f'{book.year}年的考次', book.calendar)}"
    yield ""
    year, dates = book.year, book.calendar.planned(book.year)
    if isinstance(book.calendar, FixedCalendar):
        heads = ["考次", "等级", "申报", "缴费", "准考证", "评价", "延期最晚通知"]
        yield from _markdown(
            heads,
            (
                [
                    phrases.month(one.month, year),
                    phrases.levels(one.levels or ()),
                    phrases.window(one.apply, year),
                    phrases.window(one.pay, year),
                    phrases.ticket_day(book.tickets.individual, one, year),
                    phrases.sitting_day(one, year),
                    phrases.tell_by(book.turnout, one, year),
                ]
                for one in dates
            ),
        )
        yield ""
        per_date = {sum(one.is_for(level.level) for job in book.occupations for level in job.levels) for one in dates}
        each = "、".join(map(str, sorted(per_date)))
        yield f"每次按职业和等级分为{each}个考次，各自判断开考人数。"
    else:
        rows = ([phrases.window(one.apply, year), phrases.month(one.month, year)] for one in dates)
        yield from _markdown(["申报、缴费和资格审核", "评价"], rows)
