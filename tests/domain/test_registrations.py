"""Every action from every status: moved, already so, or refused. The table here was written by hand from RULES.md."""

import pytest

from server.domain.registrations import LIVE, STATUS_NAMES, Action, MoveRefused, Status, move, possible

# One row a status; in each cell the status that follows, "=" where that already holds, "-" where it is refused.
COLUMNS = (
    *("approve", "return", "reject", "amend", "pay", "withdraw", "expire", "conclude"),
    *("mark_absent", "unmark_absent", "book_again", "forfeit"),
)
TABLE = {
    "submitted": ("approved", "returned", "rejected", "=", "-", "withdrawn", "expired", "-", "-", "-", "-", "-"),
    "returned": ("-", "=", "-", "submitted", "-", "withdrawn", "expired", "-", "-", "-", "-", "-"),
    "approved": ("=", "-", "-", "-", "paid", "withdrawn", "expired", "-", "-", "-", "-", "-"),
    "paid": ("-", "-", "-", "-", "=", "withdrawn", "-", "concluded", "absent", "-", "=", "-"),
    "rejected": ("-", "-", "=", "-", "-", "-", "-", "-", "-", "-", "-", "-"),
    "withdrawn": ("-", "-", "-", "-", "-", "=", "-", "-", "-", "-", "-", "-"),
    "expired": ("-", "-", "-", "-", "paid", "-", "=", "-", "-", "-", "-", "-"),
    "concluded": ("-", "-", "-", "-", "-", "-", "-", "=", "absent", "=", "-", "-"),
    "absent": ("-", "-", "-", "-", "-", "-", "-", "-", "=", "concluded", "paid", "forfeited"),
    "forfeited": ("-", "-", "-", "-", "-", "-", "-", "-", "-", "concluded", "-", "="),
}
CELLS = [
    pytest.param(status, action, after, id=f"{status}-{action}")
    for status, row in TABLE.items()
    for action, after in zip(COLUMNS, row, strict=True)
]


def test_the_table_has_every_status_and_every_action() -> None:
    assert set(TABLE) == {one.value for one in Status}
    assert set(COLUMNS) == {one.value for one in Action}


@pytest.mark.parametrize(("status", "action", "after"), CELLS)
def test_the_move(status: str, action: str, after: str) -> None:
    if after == "-":
        with pytest.raises(MoveRefused, match=f"^{action} from {status}$"):
            move(Status(status), Action(action))
    else:
        assert move(Status(status), Action(action)) == (None if after == "=" else Status(after))


@pytest.mark.parametrize("status", TABLE)
def test_the_buttons_are_the_moves(status: str) -> None:
    changes = [Action(one) for one, after in zip(COLUMNS, TABLE[status], strict=True) if after not in {"=", "-"}]
    assert list(possible(Status(status))) == changes


def test_only_what_still_needs_somebody_is_live() -> None:
    assert {one.value for one in LIVE} == {"submitted", "returned", "approved", "paid"}


def test_what_is_over_stays_over_save_money_that_came_in_time_and_what_is_found_of_who_came() -> None:
    over = set(Status) - LIVE
    assert [(status, possible(status)) for status in Status if status in over and possible(status)] == [
        (Status.EXPIRED, (Action.PAY,)),
        (Status.CONCLUDED, (Action.MARK_ABSENT,)),
        (Status.ABSENT, (Action.UNMARK_ABSENT, Action.BOOK_AGAIN, Action.FORFEIT)),
        (Status.FORFEITED, (Action.UNMARK_ABSENT,)),
    ]


def test_every_status_has_a_chinese_name() -> None:
    assert set(STATUS_NAMES) == set(Status)
