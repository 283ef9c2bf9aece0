"""国务院办公厅关于2026年部分节假日安排的通知, as the rules' tests want it: days off, and weekend days worked instead."""

from datetime import date, timedelta

from server.domain.working_days import DayTable

_OFF = (
    ((1, 1), (1, 3)),  # 元旦
    ((2, 15), (2, 23)),  # 春节
    ((4, 4), (4, 6)),  # 清明节
    ((5, 1), (5, 5)),  # 劳动节
    ((6, 19), (6, 21)),  # 端午节
    ((9, 25), (9, 27)),  # 中秋节
    ((10, 1), (10, 7)),  # 国庆节
)
_WORKED = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


DAYS_2026 = DayTable(
    known=frozenset({2026}),
    off=frozenset(day for first, last in _OFF for day in _days(date(2026, *first), date(2026, *last))),
    worked=frozenset(date(2026, *day) for day in _WORKED),
)
