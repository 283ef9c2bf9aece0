"""Links into the mini-program (URL Link): made ahead of time by a job, so that whoever opens an address waits for nobody."""

from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import select

from server.config import Settings
from server.db import insert_new, reading, transaction
from server.domain.pages import PATHS, Page, phone_page
from server.models import WechatLink
from server.wechat import FaultKind, WeChat, WeChatFault

#: WeChat lets a link live thirty days at most; it is made anew while a third of them is left, so that a week of faults harms nobody
LASTS = timedelta(days=30)
RENEW_BEFORE = timedelta(days=10)
# One that ends while somebody taps leads to an error page of WeChat's.
_SAFE_BEFORE_END = timedelta(hours=1)
_VERSIONS = {"formal": "release", "trial": "trial", "developer": "develop"}

log = structlog.get_logger(__name__)


def wechat() -> WeChat:
    client: WeChat = current_app.extensions["jiping_wechat"]
    return client


def destination(name: str, now: datetime) -> str:
    """Where /go/<name> leads: into the mini-program where a good link is stored, else to the phone page. Asks nobody."""
    try:
        page = Page(name)
    except ValueError:
        return phone_page(None)
    with reading() as session:
        stored = session.get(WechatLink, page.value)
    good = stored is not None and stored.path == PATHS[page] and stored.expires_at - now > _SAFE_BEFORE_END
    return stored.url if stored is not None and good else phone_page(page)


def renew_due(now: datetime) -> int:
    """Make the links that are missing, lead to another page than they should, or end soon; the number made.

    A fault leaves the old ones as they are. One that would meet every link ends the round: a silent WeChat costs one time-out
    an hour, not one for each page.
    """
    settings: Settings = current_app.extensions["jiping_settings"]
    made = 0
    for page in _due(now):
        try:
            url = wechat().url_link(f"/{PATHS[page]}", LASTS.days, _VERSIONS.get(settings.wechat_state, "release"))
        except WeChatFault as fault:
            log.error("page_link.not_made", page=page.value, code=fault.code, kind=fault.kind.value)
            if fault.kind is not FaultKind.WRONG_TEMPLATE:
                break
        else:
            _store(page, url, now)
            made += 1
    return made


def _due(now: datetime) -> list[Page]:
    with reading() as session:
        stored = {one.page: one for one in session.scalars(select(WechatLink))}
    return [page for page in Page if _is_due(page, stored.get(page.value), now)]


def _is_due(page: Page, stored: WechatLink | None, now: datetime) -> bool:
    return stored is None or stored.path != PATHS[page] or stored.expires_at - now < RENEW_BEFORE


def _store(page: Page, url: str, now: datetime) -> None:
    """`now` is before the link was asked for: it lives at least as long as is written down."""
    made = {"path": PATHS[page], "url": url, "made_at": now, "expires_at": now + LASTS}
    with transaction() as session:
        if not insert_new(session, WechatLink, page=page.value, **made):
            row = session.get_one(WechatLink, page.value, with_for_update=True)
            for name, value in made.items():
                setattr(row, name, value)
