"""The proof in words: for the terminal, for a spreadsheet, and for paper."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from server.documents.proof import Mark, MatterPart, MessageLine, PersonLine, ProofPage
from server.domain.columns import aligned
from server.domain.days import SHANGHAI
from server.domain.notices import Kind
from server.domain.telling import VERDICT_NAMES, Verdict
from server.domain.turnout import OUTCOME_NAMES
from server.domain.wording import full_day_text
from server.services.proofs import Called, Matter, Proof, Sent, Told, Totals

TITLE = "按期告知证明"
_MATTER = {
    Kind.POSTPONED: "由{from_days}延期至{days}",
    Kind.WAITING: "{from_days}不能举行，待次年公告安排",
    Kind.DAY_SET: "评价日期为{days}（{change}）",
}
CHANNELS = {"sms": "短信", "wechat": "微信"}
_STATES = {
    "queued": "待发送",
    "sending": "发送中",
    "accepted": "未确认",
    "unknown": "结果不明",
    "delivered": "已送达",
    "failed": "失败",
    "cancelled": "未发送",
}
_OUTCOMES = {
    "": "进行中",
    "accepted": "接受",
    "retry_soon": "稍后再试",
    "retry_later": "限流再试",
    "not_this_way": "此渠道不通",
    "stop": "渠道停用再试",
    "unknown": "结果不明",
}
_CALLS = {"reached": "已告知", "no_answer": "无人接听", "wrong_number": "号码有误", "refused": "拒绝接听"}
_BY = {"sms": "短信", "call": "电话"}
_MARKS: dict[Verdict, Mark] = {Verdict.LATE: "bad", Verdict.NEVER: "bad", Verdict.NOT_YET: "open"}
EXPLANATION = (
    "说明：“按期告知”指在最迟日期当日24时（北京时间）之前，手机已向运营商确认收到短信，或工作人员已打通电话告知；"
    "运营商接受、微信卡片都不算告知。“其后另有通知”指此后又有须按期得知的通知，后一通知的告知同时算作前一通知的告知。"
    "“已退出”指在最迟日期之前已退出申报，无须再告知。姓名、手机号作掩码处理，手机号为现登记的号码，“发往”为发送当时的号码；〓 为本机字体缺少的字。"
    "内容摘要由所证明的内容算出，与打印时间无关：内容不变则摘要不变，每次打开的摘要都留有记录。"
)


def moment(at: datetime | None) -> str:
    """2026-03-31 09:00 on a Shanghai clock; "" where it has not happened."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def conclusion(proof: Proof) -> str:
    """The one sentence that an auditor looks for."""
    found = proof.totals
    if not proof.matters:
        return "本考次没有须在某日之前告知的事项。"
    missed = found.late + found.never
    if missed:
        return f"应告知{found.owed}人次，其中{missed}人次没有按期告知。"
    if found.not_yet:
        return f"应告知{found.owed}人次，已按期告知{found.in_time}人次，{found.not_yet}人次尚未告知，期限未到。"
    how = f"短信{found.by_sms}，电话{found.by_call}"
    return f"应告知{found.owed}人次，全部按期告知（{how}）。"


def heading(matter: Matter) -> str:
    return _MATTER[matter.kind].format_map(matter.facts)


def basis(matter: Matter) -> list[tuple[str, str]]:
    """What was decided and why, by whom, and until when it had to be known."""
    found, lines = matter.basis, list[tuple[str, str]]()
    if found.outcome is not None:
        overruled = f"（{moment(found.overruled_at)}改为另行决定）" if found.overruled_at else ""
        lines.append(
            (
                "决定",
                f"{OUTCOME_NAMES[found.outcome]}，计入{found.counted}人，开考条件{found.threshold}人{overruled}",
            )
        )
    lines.append(("原因", found.reason))
    lines.append(("依据", found.source))
    lines.append(("决定人", f"{_who(found.actor)}，{moment(found.decided_at)}" if found.actor else ""))
    lines.append(
        ("最迟告知", f"{full_day_text(matter.tell_by)}（含当日），{full_day_text(matter.call_from)}起电话通知")
    )
    if matter.overtaken:
        lines.append(("其后", f"{matter.overtaken}人另有通知"))
    return [(name, value) for name, value in lines if value]


def _who(actor: str) -> str:
    return "系统按规则" if actor == "scheduler" else actor.removeprefix("staff:")


def totals(found: Totals) -> list[tuple[str, str]]:
    numbers = [
        ("应告知", found.owed),
        ("短信按期", found.by_sms),
        ("电话按期", found.by_call),
        ("逾期告知", found.late),
        ("尚未告知", found.not_yet),
        ("未能告知", found.never),
    ]
    return [(name, str(number)) for name, number in numbers + [("已退出", found.left)] * bool(found.left)]


def calls(person: Told) -> list[str]:
    return [_call(one) for one in person.calls]


def _call(one: Called) -> str:
    return f"{moment(one.at)} {_who(one.actor)} {_CALLS[one.result]}"


def detail(person: Told) -> str:
    """What the verdict rests on, and what has happened since."""
    parts = []
    if person.heard_at and person.heard_by:
        later = "（另一通知）" if person.heard_of_later else ""
        parts.append(f"{moment(person.heard_at)} {_BY[person.heard_by]}{later}")
    if person.left_at:
        parts.append(f"{moment(person.left_at)} 退出")
    elif person.overtaken_at and not person.heard_of_later:
        parts.append("其后另有通知")
    return "，".join(parts)


def tries(sent: Sent) -> str:
    """尝试3次：限流再试 LimitExceeded → 接受 Ok; nothing of a single try that went well."""
    if [one.outcome for one in sent.tries] in ([], ["accepted"]):
        return ""
    steps = (f"{_OUTCOMES.get(one.outcome, one.outcome)} {one.code}".strip() for one in sent.tries)
    return f"尝试{len(sent.tries)}次：{' → '.join(steps)}"


def sent_as(sent: Sent) -> str:
    """09:00排入，发往139****0001，模板1000011第3版: when it was queued, to which number as it was then, and in which words."""
    parts = [f"{moment(sent.queued_at)}排入"] if sent.queued_at else []
    parts += [f"发往{'、'.join(numbers)}"] if (numbers := _once(one.to for one in sent.tries)) else []
    parts += (
        [f"模板{'、'.join(used)}第{sent.wording}版"] if (used := _once(one.template for one in sent.tries)) else []
    )
    return "，".join(parts)


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for one in values if one))


def state(sent: Sent) -> str:
    return _STATES.get(sent.state, sent.state)


def name_of(proof: Proof, person: Told) -> str:
    return proof.full_names.get(person.number, person.name)


def lines(proof: Proof) -> Iterator[str]:
    """The proof for a terminal."""
    yield f"{proof.institution}  {proof.month} {proof.subject}  评价日期{proof.days}"
    yield conclusion(proof)
    for matter in proof.matters:
        yield ""
        yield heading(matter)
        yield from (f"  {name}  {value}" for name, value in basis(matter))
        yield "  " + "  ".join(f"{name}{number}" for name, number in totals(matter.totals))
        rows: list[tuple[str, ...]] = [("申报号", "姓名", "手机", "短信", "电话", "结果", "")]
        rows += [_row(proof, one) for one in matter.people]
        yield from (f"  {line}" for line in aligned(rows))
    yield ""
    yield f"内容摘要（SHA-256） {proof.digest}"


def _row(proof: Proof, person: Told) -> tuple[str, ...]:
    messages = [f"{state(one)} {moment(one.confirmed_at)}".strip() for one in person.sent if one.channel == "sms"]
    return (
        person.number,
        name_of(proof, person),
        person.phone,
        "；".join(messages) or "-",
        "；".join(calls(person)) or "-",
        VERDICT_NAMES[person.verdict],
        detail(person),
    )


CSV_HEADING = (
    *("事项", "最迟告知", "申报号", "姓名", "手机", "结果", "得知时间", "得知方式", "由另一通知得知", "其后另有通知", "退出时间"),
    *(f"{channel}{what}" for channel in CHANNELS.values() for what in ("状态", "应发", "排入", "接受", "确认", "发往", "模板", "措辞版本", "流水号", "最后代码", "各次尝试")),
    "电话记录",
)  # fmt: skip


def csv_rows(proof: Proof) -> Iterator[tuple[str, ...]]:
    """A line for each person and matter."""
    for matter in proof.matters:
        for one in matter.people:
            yield (
                heading(matter),
                matter.tell_by.isoformat(),
                one.number,
                name_of(proof, one),
                one.phone,
                VERDICT_NAMES[one.verdict],
                moment(one.heard_at),
                _BY.get(one.heard_by or "", ""),
                "是" if one.heard_of_later else "",
                moment(one.overtaken_at),
                moment(one.left_at),
                *(cell for channel in CHANNELS for cell in _cells(one, channel)),
                "；".join(calls(one)),
            )


def _cells(person: Told, channel: str) -> tuple[str, ...]:
    for sent in person.sent:
        if sent.channel == channel:
            moments = (sent.due_at, sent.queued_at, sent.accepted_at, sent.confirmed_at)
            numbers = "、".join(_once(one.to for one in sent.tries))
            used = "、".join(_once(one.template for one in sent.tries))
            each = "；".join(
                f"{moment(one.started_at)} {_OUTCOMES.get(one.outcome, one.outcome)} {one.code}".strip()
                for one in sent.tries
            )
            said = (numbers, used, str(sent.wording))
            return (state(sent), *map(moment, moments), *said, sent.reference, sent.code, each)
    return ("",) * 11


def page(proof: Proof) -> ProofPage:
    """The proof for paper."""
    mark: Mark = "bad" if proof.totals.late + proof.totals.never else "open" if proof.totals.not_yet else "good"
    return ProofPage(
        institution=proof.institution,
        title=TITLE,
        subject=f"{proof.month}考次 {proof.subject}",
        days=proof.days,
        conclusion=conclusion(proof),
        mark=mark,
        matters=tuple(_part(proof, one) for one in proof.matters),
        explanation=EXPLANATION,
        digest=proof.digest,
        printed=f"打印时间 {moment(proof.made_at)}",
    )


def _part(proof: Proof, matter: Matter) -> MatterPart:
    people = tuple(_person(proof, one) for one in matter.people)
    return MatterPart(heading(matter), tuple(basis(matter)), tuple(totals(matter.totals)), people)


def _person(proof: Proof, one: Told) -> PersonLine:
    return PersonLine(
        one.number,
        name_of(proof, one),
        one.phone,
        tuple(_message(sent) for sent in one.sent),
        tuple(calls(one)),
        VERDICT_NAMES[one.verdict],
        detail(one),
        _MARKS.get(one.verdict, "good"),
    )


def _message(sent: Sent) -> MessageLine:
    return MessageLine(
        CHANNELS.get(sent.channel, sent.channel),
        moment(sent.due_at),
        moment(sent.accepted_at),
        moment(sent.confirmed_at) or ("" if sent.state == "accepted" else state(sent)),
        tries(sent),
        sent.reference,
        sent.code,
        sent_as(sent),
    )
