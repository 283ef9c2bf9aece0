"""What somebody was told, to be read again."""

from apiflask import APIBlueprint
from flask import current_app

from miniapp_api.registrations_shown import NOTICE_NAMES
from miniapp_api.schemas import NoticeOut, NoticesOut
from miniapp_api.signed_in import account, auth
from notifications.wording.words import WORDINGS, sms_text
from server.config import Settings
from server.services.told import Told, my_notices

bp = APIBlueprint("notices", __name__, tag="通知")


@bp.get("/me/notices")
@bp.auth_required(auth)
@bp.output(NoticesOut)
def show_notices() -> NoticesOut:
    """What I was told about my registrations, the newest first, in the words of the SMS."""
    settings: Settings = current_app.extensions["jiping_settings"]
    return NoticesOut(notices=[_notice(one, settings.public_url) for one in my_notices(account().id)])


def _notice(told: Told, public_url: str) -> NoticeOut:
    text = sms_text(WORDINGS[told.kind, told.wording], told.facts, public_url)
    title = NOTICE_NAMES[told.kind]
    return NoticeOut(id=told.id, at=told.at, kind=told.kind.value, title=title, text=text, number=told.number)
