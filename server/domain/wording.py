"""Days, windows and trades in the words that people read."""

from datetime import date

from server.domain.days import Window
from server.domain.levels import LEVEL_SHORT


def day_text(day: date) -> str:
    """4月25日."""
    return f"{day.month}月{day.day}日"


def full_day_text(day: date) -> str:
    """2026年4月25日: the form that WeChat's date and time fields take."""
    return f"{day.year}年{day.month}月{day.day}日"


def weekday_text(day: date) -> str:
    """2026年4月25日（周六）: on papers, where a wrong day costs a journey."""
    return f"{full_day_text(day)}（周{'一二三四五六日'[day.weekday()]}）"


def days_text(window: Window) -> str:
    """4月25日、26日 for two days, 4月25日 for one, 4月30日至5月3日 for more or across months."""
    first, last = window.first, window.last
    if first == last:
        return day_text(first)
    if (last - first).days == 1 and first.month == last.month:
        return f"{day_text(first)}、{last.day}日"
    return f"{day_text(first)}至{day_text(last)}"


def by_month_text(last: date) -> str:
    """2月底前: as the notices say it while the day is not set."""
    return f"{last.month}月底前"


def subject_text(occupation: str, level: int) -> str:
    """企业人力资源管理师四级."""
    return f"{occupation}{LEVEL_SHORT[level]}"


def subject_short(occupation: str, level: int) -> str:
    """The same within a WeChat field of 20: a long trade is called by what stands in its brackets, and is cut short
    before the level is lost."""
    room = 20 - len(LEVEL_SHORT[level])
    name = occupation
    if len(name) > room and "（" in name:
        name = name.split("（", 1)[1].rstrip("）")
    if len(name) > room:
        name = name[: room - 1] + "…"
    return subject_text(name, level)
