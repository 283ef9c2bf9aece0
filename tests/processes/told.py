"""What reached people's phones, held against what the database knows of it."""

from collections import Counter

import requests
from sqlalchemy import select

from server.db import reading
from server.domain.notices import ChannelName
from server.local import LocalStack
from server.models import Account, Delivery, Notice, Registration

# What a killed sender leaves of the messages that it was sending: open, or found to be in doubt.
IN_DOUBT = {"sending", "unknown"}


def arrived(stack: LocalStack) -> Counter[str]:
    """The number of texts on each phone."""
    messages = requests.get(f"{stack.sandbox}/sandbox/messages", timeout=30).json()
    return Counter(one["to"] for one in messages if one["channel"] == "sms")


def states(stack: LocalStack) -> dict[str, str]:
    """The state of each phone's text."""
    rows = (
        select(Account.phone, Delivery.state)
        .join(Registration, Registration.account_id == Account.id)
        .join(Notice, Notice.registration_id == Registration.id)
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(Delivery.channel == ChannelName.SMS.value)
    )
    with stack.app.app_context(), reading() as session:
        return {str(phone): state for phone, state in session.execute(rows)}


def receipts_in(stack: LocalStack) -> None:
    """All receipts that are on their way have come."""
    requests.post(f"{stack.sandbox}/sandbox/drain", json={}, timeout=60).raise_for_status()


def assert_each_told_once(stack: LocalStack, people: int, most_in_doubt: int) -> None:
    """Nobody got two; whoever got none stands as in doubt, and those are no more than were being sent at the kills."""
    texts, known = arrived(stack), states(stack)
    assert len(known) == people
    assert set(texts.values()) <= {1}, "somebody was told twice"
    without = {phone for phone in known if texts[phone] == 0}
    assert {known[phone] for phone in without} <= IN_DOUBT
    assert len(without) <= most_in_doubt
