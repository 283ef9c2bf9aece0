"""WeChat's links into the mini-program (URL Link), one for each page that a message may lead to."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.models.columns import Instant


class WechatLink(Base):
    """The link of one page, which many people may use until it ends. It holds nothing of anybody."""

    __tablename__ = "wechat_link"

    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: the page of the mini-program that it was made for: another than the table names now is made anew
    path: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
