"""WeChat's access token in the database: shared by all processes, renewed by one at a time."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update

from server.clock import Clock
from server.db import insert_new, reading, transaction
from server.models import WechatToken
from server.wechat import StoredToken


class DatabaseTokenStore:
    """A TokenStore on the table `wechat_token`; each method is one short transaction."""

    def __init__(self, appid: str, clock: Clock) -> None:
        self._appid, self._clock = appid, clock

    def read(self) -> StoredToken | None:
        with reading() as session:
            row = session.get(WechatToken, self._appid)
            if row is None or row.value is None or row.expires_at is None:
                return None
            return StoredToken(row.value, row.expires_at)

    def claim_refresh(self, holder: str, lease: timedelta) -> bool:
        now = self._clock.now()
        self._make_row()
        with transaction() as session:
            ended = or_(WechatToken.refreshing_until.is_(None), WechatToken.refreshing_until <= now)
            free = or_(ended, WechatToken.refresher == holder)
            claimed = session.execute(
                update(WechatToken)
                .where(WechatToken.appid == self._appid, free)
                .values(refresher=holder, refreshing_until=now + lease)
                .returning(WechatToken.appid)
            )
            return claimed.first() is not None

    def save(self, holder: str, value: str, expires_at: datetime) -> None:
        with transaction() as session:
            row = session.get(WechatToken, self._appid, with_for_update=True)
            standing = row is not None and row.refresher == holder and row.refreshing_until is not None
            if row is not None and standing and row.refreshing_until > self._clock.now():  # type: ignore[operator] # not None, see above
                row.value, row.expires_at = value, expires_at

    def release(self, holder: str) -> None:
        with transaction() as session:
            session.execute(
                update(WechatToken)
                .where(WechatToken.appid == self._appid, WechatToken.refresher == holder)
                .values(refresher=None, refreshing_until=None)
            )

    def _make_row(self) -> None:
        with transaction() as session:
            insert_new(session, WechatToken, appid=self._appid)
