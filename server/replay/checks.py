"""What must hold of every year, whatever its plan. Each check looks for faults and says what it saw."""

from collections.abc import Callable, Iterator
from itertools import islice

from server.replay.checks_of_people import (
    accounts_balance,
    decided_in_time,
    decisions_follow_the_rule,
    nobody_in_two_places,
    nobody_lost,
    nothing_changes_when_run_again,
    sums_agree,
    tickets_are_right,
    tickets_open,
)
from server.replay.checks_of_telling import (
    cards_only_with_a_grant,
    everybody_told_in_time,
    one_message_each,
    one_notice_each,
    receipts_agree,
    silent_phones_are_called,
)
from server.replay.lived import Lived
from server.replay.report import Check

# A check gives its faults, if any, one after the other.
Finder = Callable[[Lived], Iterator[str]]
_SHOWN = 5

CHECKS: dict[str, tuple[Finder, str]] = {
    "无人遗漏": (nobody_lost, "每个人都有一件申报，各考次申报、通过、缴费人数与计划一致"),
    "无人身在两处": (nobody_in_two_places, "每人一件申报、一个考次，至多一张有效准考证"),
    "延期前后人数相符": (sums_agree, "各考次自有人数加转入减转出，等于现在的人数"),
    "开考决定符合规则": (decisions_follow_the_rule, "与按计划另行推算的结果一致"),
    "决定及时": (decided_in_time, "均在缴费截止之后决定，延期均在通知截止日之前"),
    "延期通知每人一份": (one_notice_each, "每次延期对每个人恰有一份"),
    "延期短信每人一条": (one_message_each, "以沙箱收件箱为准"),
    "电话名单正好": (silent_phones_are_called, "名单上正好是短信没有确认的人，每人都已打通"),
    "人人按期得知": (everybody_told_in_time, "截止日前每人都有短信回执或电话记录"),
    "短信回执与收件箱一致": (receipts_agree, "确认送达的条数与沙箱一致"),
    "微信只发给有授权的人": (cards_only_with_a_grant, "有授权的都收到，没有授权的都没有"),
    "准考证正好": (tickets_are_right, "开考考次每个缴费的人一张，延期的没有"),
    "准考证可以打开": (tickets_open, "扫码显示有效，凭证件号末四位可下载"),
    "账目平衡": (accounts_balance, "每人到账金额等于应缴费用，没有缴费的为零"),
    "重复运行没有变化": (nothing_changes_when_run_again, "全部任务再运行一遍，数据和消息都没有变化"),
}


def run_checks(lived: Lived) -> tuple[Check, ...]:
    """All of them; one that fails names the first few faults and how many there are."""
    return tuple(_checked(name, finder, seen, lived) for name, (finder, seen) in CHECKS.items())


def _checked(name: str, finder: Finder, seen: str, lived: Lived) -> Check:
    faults = list(finder(lived))
    if not faults:
        return Check(name, True, seen)
    more = f"；等共{len(faults)}处" if len(faults) > _SHOWN else ""
    return Check(name, False, "；".join(islice(faults, _SHOWN)) + more)
