"""The moves of a registration (申报): one literal table of what may happen to it, and to what it leads.

Postponement is not here: it changes the sitting that a registration points at, not its status.
"""

from enum import StrEnum


class Status(StrEnum):
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 待补正
    APPROVED = "approved"  # 待缴费
    PAID = "paid"  # 已缴费
    REJECTED = "rejected"  # 审核不通过
    WITHDRAWN = "withdrawn"  # 已退出
    EXPIRED = "expired"  # 逾期失效: not reviewed, mended or paid in time
    CONCLUDED = "concluded"  # 评价已结束
    ABSENT = "absent"  # 缺考: the sitting was held, and its candidate did not come
    FORFEITED = "forfeited"  # 视作放弃: not assessed within the time that the fee is good for


class Action(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    AMEND = "amend"
    PAY = "pay"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CONCLUDE = "conclude"
    MARK_ABSENT = "mark_absent"
    UNMARK_ABSENT = "unmark_absent"
    BOOK_AGAIN = "book_again"
    FORFEIT = "forfeit"


STATUS_NAMES = {
    Status.SUBMITTED: "待审核",
    Status.RETURNED: "待补正",
    Status.APPROVED: "待缴费",
    Status.PAID: "已缴费",
    Status.REJECTED: "审核不通过",
    Status.WITHDRAWN: "已退出",
    Status.EXPIRED: "逾期失效",
    Status.CONCLUDED: "评价已结束",
    Status.ABSENT: "缺考",
    Status.FORFEITED: "视作放弃",
}

# By which channel somebody applied (申报方式): oneself on the phone or at the window, or through a training body or school.
MINI_PROGRAM, WINDOW, GROUP = "mini_program", "window", "group"
INDIVIDUAL = (MINI_PROGRAM, WINDOW)

LIVE = frozenset({Status.SUBMITTED, Status.RETURNED, Status.APPROVED, Status.PAID})

MOVES: dict[tuple[Status, Action], Status] = {
    (Status.SUBMITTED, Action.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Action.RETURN): Status.RETURNED,
    (Status.SUBMITTED, Action.REJECT): Status.REJECTED,
    (Status.SUBMITTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Action.EXPIRE): Status.EXPIRED,
    (Status.RETURNED, Action.AMEND): Status.SUBMITTED,
    (Status.RETURNED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.RETURNED, Action.EXPIRE): Status.EXPIRED,
    (Status.APPROVED, Action.PAY): Status.PAID,
    (Status.APPROVED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.APPROVED, Action.EXPIRE): Status.EXPIRED,
    # Money that reached the account in time but was recorded after the sweep gives the place back.
    (Status.EXPIRED, Action.PAY): Status.PAID,
    (Status.PAID, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.PAID, Action.CONCLUDE): Status.CONCLUDED,
    # The list of who came may reach the clerk before the sitting is closed, or after.
    (Status.PAID, Action.MARK_ABSENT): Status.ABSENT,
    (Status.CONCLUDED, Action.MARK_ABSENT): Status.ABSENT,
    (Status.ABSENT, Action.BOOK_AGAIN): Status.PAID,
    (Status.ABSENT, Action.FORFEIT): Status.FORFEITED,
    # Somebody who was there after all, whenever the mistake is found.
    (Status.ABSENT, Action.UNMARK_ABSENT): Status.CONCLUDED,
    (Status.FORFEITED, Action.UNMARK_ABSENT): Status.CONCLUDED,
}

# An action whose result already holds changes nothing and is no error: a double tap, a repeated callback.
RESULTS: dict[Action, Status] = {
    Action.APPROVE: Status.APPROVED,
    Action.RETURN: Status.RETURNED,
    Action.REJECT: Status.REJECTED,
    Action.AMEND: Status.SUBMITTED,
    Action.PAY: Status.PAID,
    Action.WITHDRAW: Status.WITHDRAWN,
    Action.EXPIRE: Status.EXPIRED,
    Action.CONCLUDE: Status.CONCLUDED,
    Action.MARK_ABSENT: Status.ABSENT,
    Action.UNMARK_ABSENT: Status.CONCLUDED,
    Action.BOOK_AGAIN: Status.PAID,
    Action.FORFEIT: Status.FORFEITED,
}


class MoveRefused(Exception):
    """The table has no such move."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{action.value} from {status.value}")
        self.status, self.action = status, action


def move(status: Status, action: Action) -> Status | None:
    """The status after an action, or None where its result already holds. Raises MoveRefused."""
    if (status, action) in MOVES:
        return MOVES[status, action]
    if RESULTS[action] is status:
        return None
    raise MoveRefused(status, action)


def possible(status: Status) -> tuple[Action, ...]:
    """What may be done from here: the buttons on phone and console come from this."""
    return tuple(action for action in Action if (status, action) in MOVES)
