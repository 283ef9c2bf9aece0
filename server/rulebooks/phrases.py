"""Each rule of a rulebook as one plain sentence for a clerk, without its source."""

from datetime import date, timedelta

from server.domain.calendar import Calendar, FixedCalendar, MidMonthCalendar, MonthlyCalendar, Planned, SittingDays
from server.domain.clauses import Clause
from server.domain.days import Window
from server.domain.fees import Fee, Forfeit, OneSum, RetakeListed
from server.domain.levels import LEVEL_SHORT
from server.domain.retakes import RetakeRule
from server.domain.tickets import DaysBefore, OnDate, TicketRule, WorkingDaysBefore
from server.domain.turnout import Above, ConsolidateIn, Overflow, TurnoutRule
from server.rulebooks.book import AtWindow, Certificates, MiniProgram, PassMark, Payment, Results, Rulebook, Timetable
from server.rulebooks.names import value_name

ASSUMED = "（假定）"


def marked(text: str, clause: Clause) -> str:
    """The text, marked where no notice states it."""
    return f"{text}{ASSUMED}" if clause.assumed else text


def levels(numbers: tuple[int, ...]) -> str:
    """四级、三级."""
    return "、".join(LEVEL_SHORT[number] for number in numbers)


# --- days


def day(one: date, year: int) -> str:
    """4月25日; with its year where that is not the rulebook's own."""
    return f"{'' if one.year == year else f'{one.year}年'}{one.month}月{one.day}日"


def window(days: Window, year: int) -> str:
    """2月23日–3月22日."""
    if days.first == days.last:
        return day(days.first, year)
    same_month = (days.first.year, days.first.month) == (days.last.year, days.last.month)
    return f"{day(days.first, year)}–{f'{days.last.day}日' if same_month else day(days.last, days.first.year)}"


def month(text: str, year: int) -> str:
    """4月 for 2026-04, 次年1月 for January of the next year."""
    number = f"{int(text[5:])}月"
    return number if text[:4] == str(year) else f"{'次年' if int(text[:4]) == year + 1 else f'{text[:4]}年'}{number}"


# --- the calendar


def schedule(calendar: Calendar, year: int) -> str:
    """How applications, payment and assessment follow one another."""
    match calendar:
        case FixedCalendar():
            months = "、".join(month(one.month, year) for one in calendar.sittings)
            return f"全年{len(calendar.sittings)}次：{months}，日期见考次表"
        case MonthlyCalendar():
            return "当月申报并缴费，次月底前评价"
        case MidMonthCalendar():
            return f"全年{len(calendar.windows)}个时段，见考次表；申报、缴费和资格审核同在一个时段"


def december(calendar: Calendar, year: int) -> str:
    """What becomes of those who apply in December; empty where the calendar takes nobody then."""
    match calendar:
        case FixedCalendar():
            return ""
        case MonthlyCalendar():
            return f"{value_name('december', calendar.december)}（本系统排入{month(f'{year + 1}-01', year)}）"
        case MidMonthCalendar():
            into = [one for one in calendar.planned(year) if one.apply.last.month == 12]
            return "；".join(f"{window(one.apply, year)} → {month(one.month, year)}" for one in into)


def sitting_days(calendar: Calendar) -> SittingDays | None:
    """The days on which a sitting may be, where the calendar leaves them open."""
    return None if isinstance(calendar, FixedCalendar) else calendar.days


def sitting_day(one: Planned, year: int) -> str:
    """The day of a sitting, or who says which."""
    if one.day is not None:
        return window(one.day, year)
    last_word = "，以次年公告为准" if one.by_next_notice else ""
    return f"{month(one.month, year)}内，由工作人员确定{last_word}"


# --- money


def fee(one: Fee) -> str:
    """理论知识100＋操作技能400＝500元; one sum as it is."""
    if isinstance(one, OneSum):
        return f"{one.yuan}元（各科合计）"
    parts = "＋".join(f"{part.subject}{part.yuan}" for part in one.by_subject)
    return f"{parts}＝{one.fen // 100}元"


def retake_fee(one: Fee) -> str:
    """What a subject sat again costs."""
    if isinstance(one, OneSum):
        return f"每科{one.retake_yuan_per_subject}元"
    if isinstance(one.retake, RetakeListed):
        return "、".join(f"{part.subject}{part.yuan}元" for part in one.retake.by_subject)
    return "按该科目的收费"


def retake_clause(one: Fee) -> Clause:
    """The clause that says what a retake costs."""
    return one if isinstance(one, OneSum) else one.retake


def counts_as_paid(payment: Payment) -> str:
    return f"缴费期内{value_name('counts_when', payment.counts_when)}为准"


def remark(payment: Payment) -> str:
    """姓名+申报号: the remark of the transfer, with words for what is filled in."""
    return payment.remark.format(name="姓名", number="申报号")


def reminders(payment: Payment) -> str:
    """When those who have not paid are reminded."""
    days = ["截止当天" if number == 0 else f"截止前{number}日" for number in payment.remind_days_before_end]
    return f"未缴费的在{'、'.join(days)}提醒" if days else "不提醒未缴费的"


def forfeit(one: Forfeit) -> str:
    return f"付费{one.years}年内未参加的，视作自动放弃，费用不予退还"


# --- turnout


def opens_with(turnout: TurnoutRule) -> str:
    return f"满{turnout.threshold.people}人"


def counting(turnout: TurnoutRule) -> str:
    wait = turnout.counting.recording_days
    when = f"缴费截止后再等{wait}日，补记最后到账的" if wait else "缴费一截止就算"
    return f"按{value_name('counts', turnout.counting.counts)}人数计算，每个职业、等级分别算；{when}"


def below(turnout: TurnoutRule) -> str:
    """What happens to those of a sitting that draws too few."""
    return f"不足{turnout.threshold.people}人的，{turnout.below.words}"


def in_that_month(turnout: TurnoutRule) -> str:
    """What happens where too few come to the sitting that takes the others; empty where no sitting does."""
    if not isinstance(turnout.below, ConsolidateIn):
        return ""
    months = "、".join(f"{number}月" for number in turnout.below.months)
    return f"{months}的考次本身不足{turnout.threshold.people}人的，{value_name('in_that_month', turnout.below.in_that_month)}"


def without_target(turnout: TurnoutRule) -> str:
    return f"本年度没有后续考次可延的，{value_name('without_target', turnout.below.without_target)}"


def above(one: Above) -> str:
    """What happens where more come than there is room for."""
    if isinstance(one, Overflow):
        room = marked(f"{one.capacity.people}人", one.capacity)
        return f"超出考场容量{room}的，按缴费先后，后到的顺延至下一考次；容量可由工作人员逐次另定"
    return "人多时由工作人员增加场次，不因容量延期"


def telling(turnout: TurnoutRule) -> str:
    return f"最晚在评价前{turnout.telling.days_before}日，以短信或电话通知到每个人"


def telephoning(turnout: TurnoutRule) -> str:
    return f"到这个期限前{turnout.telling.telephone_days_before_that}日仍未确认收到的，列入电话通知名单"


def tell_by(turnout: TurnoutRule, one: Planned, year: int) -> str:
    """The last day on which the people of a sitting can be told that it is moved."""
    rule = turnout.below
    if isinstance(rule, ConsolidateIn) and rule.takes(one.among.first.month) and rule.in_that_month == "hold":
        return "不延期"
    before = turnout.telling.days_before
    if one.day is None:
        return f"考前{before}日"
    return day(one.day.first - timedelta(days=before), year)


# --- tickets


def ticket_from(rule: TicketRule) -> str:
    """From when tickets are given out, and how."""
    given = value_name("given", rule.given)
    match rule:
        case OnDate():
            return f"自考次表所列日期起{given}"
        case DaysBefore():
            return f"评价前{rule.days}日起{given}"
        case WorkingDaysBefore():
            return f"评价前{rule.days}个工作日起{given}"


def ticket_day(rule: TicketRule, one: Planned, year: int) -> str:
    """When the tickets of one sitting are given out, as far as the rulebook alone can tell."""
    match rule:
        case OnDate():
            return "" if one.ticket_from is None else day(one.ticket_from, year)
        case DaysBefore():
            first = None if one.day is None else one.day.first - timedelta(days=rule.days)
            return f"考前{rule.days}日" if first is None else day(first, year)
        case WorkingDaysBefore():
            return f"考前{rule.days}个工作日"


# --- the rest


def individual(one: MiniProgram | AtWindow) -> str:
    return f"微信小程序“{one.name}”" if isinstance(one, MiniProgram) else f"到窗口办理：{one.address}"


def results(one: Results) -> str:
    more = one.working_days_with_marking
    also = "" if more is None else f"，涉及阅卷或工件检测的{more}个工作日内"
    return f"完成所有科目后一般{one.working_days}个工作日内{also}"


def validity(rule: RetakeRule) -> str:
    return "；".join(f"{levels(one.levels)}{one.years}年" for one in rule.validity)


def pass_mark(one: PassMark) -> str:
    return f"每科满分{one.out_of}分，{one.points}分合格"


def certificate_kinds(one: Certificates) -> str:
    """Electronic, on paper, or both."""
    if one.paper == "on_request":
        return "电子证书；申报时勾选的另发纸质证书" if one.electronic else "申报时勾选的发纸质证书"
    return "电子证书和纸质证书" if one.electronic else "纸质证书"


def subjects(book: Rulebook) -> str:
    """The subjects of the occupations; each list once."""
    return "；".join(dict.fromkeys("、".join(one.subjects) for one in book.occupations))


def same_day(one: Timetable) -> str:
    """Are all subjects sat on one day?"""
    return "同一天" if len({time.day for time in one.subjects}) == 1 else "不在同一天"
