"""A whole rulebook in plain words, for a clerk who holds the notice beside it: every rule with its source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.domain.calendar import Planned
from server.domain.clauses import Clause
from server.domain.columns import aligned
from server.domain.levels import LEVEL_NAMES
from server.rulebooks import phrases
from server.rulebooks.book import Account, AtWindow, Rulebook
from server.rulebooks.names import value_name
from server.rulebooks.phrases import ASSUMED, marked
from server.rulebooks.places import assumed

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Section:
    title: str
    lines: Iterable[str]


def in_words(book: Rulebook) -> Iterator[str]:
    """The rulebook, line by line, in the order in which the notices have it; what is assumed stands once more at the end."""
    instead = f"，代替第{book.replaces}版" if book.replaces is not None else ""
    yield f"{book.institution.name}  {book.slug} 第{book.edition}版（{book.year}年{instead}）"
    yield f"〔〕内是通知的条款；{ASSUMED}是通知没有写明、由本系统假定的内容，最后另有清单。"
    sections = (
        Section("通知", _notice(book)),
        Section("职业（工种）和收费", _occupations(book)),
        Section("申报方式", _application(book)),
        Section("申报条件", _eligibility(book)),
        Section("时间安排", _calendar(book)),
        Section("开考", _turnout(book)),
        Section("缴费", _payment(book)),
        Section("准考证和考场", _tickets(book)),
        Section("成绩和补考", _results(book)),
        Section("证书", _certificates(book)),
        Section("业务受理", _institution(book)),
        Section("其他说明", _listed(book.notice.remarks)),
        Section("参评人员须知", _conduct(book)),
        Section("假定的内容（请与通知核对）", _assumed(book)),
    )
    for number, section in enumerate(sections, 1):
        yield ""
        yield f"{_numeral(number)}、{section.title}"
        yield from (f"  {line}".rstrip() for line in section.lines)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")


def _cited(text: str, clause: Clause) -> str:
    return f"{marked(text, clause)} 〔{clause.source}〕"


def _listed(texts: Iterable[str]) -> Iterator[str]:
    return (f"· {text}" for text in texts)


def _notice(book: Rulebook) -> Iterator[str]:
    notice = book.notice
    yield notice.title
    issued = (
        f"{notice.issued_on.year}年{phrases.day(notice.issued_on, notice.issued_on.year)}" if notice.issued_on else ""
    )
    yield f"文号：{notice.number or '未列'}；发布日期：{issued or '未列'}"


def _occupations(book: Rulebook) -> Iterator[str]:
    for one in book.occupations:
        code = f"（{one.code}）" if one.code else ""
        yield _cited(f"{one.name}{code}，简称 {one.key}；科目：{'、'.join(one.subjects)}", one)
        for level in one.levels:
            fee, retake = level.fee, phrases.retake_clause(level.fee)
            again = f"补考{phrases.retake_fee(fee)}"
            if retake is fee:
                yield f"  {LEVEL_NAMES[level.level]}：{_cited(f'{phrases.fee(fee)}；{again}', fee)}"
            else:
                yield f"  {LEVEL_NAMES[level.level]}：{_cited(phrases.fee(fee), fee)}；{_cited(again, retake)}"


def _application(book: Rulebook) -> Iterator[str]:
    one = book.application
    yield _cited(f"个人申报：{phrases.individual(one.individual)}", one.individual)
    if isinstance(one.individual, AtWindow):
        yield "  须带材料："
        yield from (f"    {line}" for line in _listed(one.individual.materials))
    yield _cited(f"团体申报：{one.group.how}", one.group)
    yield _cited(f"真实性承诺：“{one.declaration}”", one)


def _eligibility(book: Rulebook) -> Iterator[str]:
    rule = book.eligibility
    standard = f"，采用标准 {rule.standard}" if rule.standard else ""
    yield _cited(f"年满{rule.minimum_age}周岁，且具备所报等级的条件之一{standard}", rule)
    offered = {level.level for one in book.occupations for level in one.levels}
    for conditions in rule.levels:
        if conditions.level in offered:
            yield f"{LEVEL_NAMES[conditions.level]}："
            yield from (f"  {one.id}  {one.text}" for one in conditions.any_of)
    if rule.related is None:
        yield "没有相关职业和专业的名单：是否相关由审核人员判断"
        return
    yield _cited("名单（没有列入的由审核人员判断）", rule.related)
    yield f"  相关职业：{'、'.join(rule.related.occupations) or '没有列出'}"
    yield f"  本专业或相关专业：{'、'.join(rule.related.majors) or '没有列出'}"


def _calendar(book: Rulebook) -> Iterator[str]:
    year, calendar = book.year, book.calendar
    yield _cited(phrases.schedule(calendar, year), calendar)
    december = phrases.december(calendar, year)
    if december:
        yield f"12月申报的：{december}"
    days = phrases.sitting_days(calendar)
    if days is not None:
        yield _cited(f"考试安排在{value_name('on', days.on)}，具体哪天由工作人员确定", days)
    yield ""
    yield from aligned([("评价月份", "等级", "申报", "缴费", "准考证", "评价日期", "延期最晚通知"), *_sittings(book)])
    yield ""
    yield f"全年共{len(book.planned())}个考次：每次按职业和等级分开"


def _sittings(book: Rulebook) -> Iterator[tuple[str, ...]]:
    year = book.year
    offered = tuple(dict.fromkeys(level.level for one in book.occupations for level in one.levels))
    for one in book.calendar.planned(year):
        yield (
            phrases.month(one.month, year),
            phrases.levels(one.levels or offered),
            phrases.window(one.apply, year),
            phrases.window(one.pay, year),
            _ticket_days(book, one),
            phrases.sitting_day(one, year),
            phrases.tell_by(book.turnout, one, year),
        )


def _ticket_days(book: Rulebook, one: Planned) -> str:
    rules = (book.tickets.individual, book.tickets.group)
    individual, group = (phrases.ticket_day(rule, one, book.year) for rule in rules)
    return individual if individual == group else f"个人{individual}，团体{group}"


def _turnout(book: Rulebook) -> Iterator[str]:
    rule = book.turnout
    yield _cited(f"开考条件：{phrases.opens_with(rule)}", rule.threshold)
    yield _cited(phrases.counting(rule), rule.counting)
    for text in (phrases.below(rule), phrases.in_that_month(rule), phrases.without_target(rule)):
        if text:
            yield _cited(text, rule.below)
    if rule.above is None:
        yield "没有容量上限的规定"
    else:
        yield _cited(phrases.above(rule.above), rule.above)
    yield _cited(f"延期的，{phrases.telling(rule)}；{phrases.telephoning(rule)}", rule.telling)
    yield _cited("延期后不能参加的，可退出到新考次缴费截止，由工作人员退费", book.withdrawal)


def _payment(book: Rulebook) -> Iterator[str]:
    rule = book.payment
    parts = (phrases.counts_as_paid(rule), f"转账附言：{phrases.remark(rule)}", phrases.reminders(rule))
    yield _cited("；".join(parts), rule)
    yield _account(rule.account)
    if rule.proof is not None:
        yield _cited(f"缴费凭证和开票信息发至 {rule.proof.to}，邮件名：{rule.proof.subject}", rule.proof)
    if rule.forfeit is not None:
        yield _cited(phrases.forfeit(rule.forfeit), rule.forfeit)


def _account(account: Account | None) -> str:
    if account is None:
        return "指定账户：通知没有列出，由工作人员设定"
    more = (("纳税人识别号", account.tax_id), ("地址、电话", account.address))
    parts = [f"户名 {account.holder}", f"开户行 {account.bank}", f"账号 {account.number}"]
    return _cited(f"指定账户：{'，'.join(parts + [f'{name} {text}' for name, text in more if text])}", account)


def _tickets(book: Rulebook) -> Iterator[str]:
    for who, rule in (("个人申报", book.tickets.individual), ("团体申报", book.tickets.group)):
        yield _cited(f"{who}：{phrases.ticket_from(rule)}，{rule.how}", rule)
    yield _cited(f"考场：{book.timetable.place}", book.timetable)
    for one in book.timetable.subjects:
        yield f"  第{one.day}天 {one.starts}–{one.ends}  {one.subject}"


def _results(book: Rulebook) -> Iterator[str]:
    yield _cited(phrases.results(book.results), book.results)
    yield f"  {book.results.where}"
    yield _cited(f"合格分数：{phrases.pass_mark(book.pass_mark)}", book.pass_mark)
    yield _cited(f"合格科目的成绩有效期：{phrases.validity(book.retakes)}", book.retakes)
    yield from _listed(book.retakes.rules)


def _certificates(book: Rulebook) -> Iterator[str]:
    rule = book.certificates
    yield _cited(phrases.certificate_kinds(rule), rule)
    told = (("个人申报", rule.individual), ("团体申报", rule.group), ("遗失补办", rule.reissue))
    yield from (f"{who}：{text}" for who, text in told if text)


def _institution(book: Rulebook) -> Iterator[str]:
    one = book.institution
    yield _cited(one.name, one)
    told = (
        ("机构备案号", one.registry_number),
        ("受理地址", one.address),
        ("受理时间", one.hours),
        ("咨询电话", one.telephone),
        ("电子邮箱", one.email),
    )
    yield from (f"{name}：{text}" for name, text in told if text)
    yield "监督电话："
    yield from (f"  {line}" for line in _listed(one.complaints))
    yield "查询网址："
    yield from (f"  · {site.name}：{site.url}" for site in one.websites)


def _conduct(book: Rulebook) -> Iterator[str]:
    yield f"〔{book.conduct.source}〕"
    yield from book.conduct.rules


def _assumed(book: Rulebook) -> Iterator[str]:
    found = [f"· {place.text}（{place.key}）：{clause.source}" for place, clause in assumed(book)]
    yield from found or ["没有"]
