"""The doors through which carriers bring receipts. They answer at once and only record; bad pushes change nothing."""

from datetime import datetime

from flask import Blueprint, Response, abort, current_app, jsonify, request

from notifications.channels import aliyun_receipts, tencent_receipts
from notifications.channels.two_carriers import SECOND, marked
from notifications.channels.wechat_push import GrantEvent, PushSettings, SentEvent, open_push, verify_get
from notifications.receipts import apply_receipts
from server.clock import Clock
from server.config import Settings
from server.domain.notices import ChannelName
from server.privacy import same
from server.services.granting import note_event

bp = Blueprint("receipts", __name__, url_prefix="/receipts")


@bp.post("/sms/<secret>")
def sms(secret: str) -> Response:
    """Tencent's receipts. They bear no signature, so the path itself is the secret, and unknown numbers are ignored."""
    if not same(secret, _settings().sms_receipt_path):
        abort(404)
    try:
        receipts = tencent_receipts.parse_receipts(request.get_data())
    except ValueError:
        abort(400)
    apply_receipts(ChannelName.SMS.value, receipts, _now())
    return jsonify(result=0, errmsg="OK")


@bp.post("/sms-aliyun/<secret>")
def sms_aliyun(secret: str) -> Response:
    """Alibaba's receipts, without a signature as well; where there is no second carrier there is no such door."""
    path = _settings().aliyun_sms_receipt_path
    if not path or not same(secret, path):
        abort(404)
    try:
        receipts = aliyun_receipts.parse_receipts(request.get_data())
    except ValueError:
        abort(400)
    apply_receipts(ChannelName.SMS.value, [marked(SECOND, receipt) for receipt in receipts], _now())
    return jsonify(code=0, msg="OK")


@bp.get("/wechat")
def wechat_check() -> Response:
    """WeChat's console asks whether we are who we say."""
    echo = verify_get(_settings().wechat_push_token, request.args)
    return Response(echo, mimetype="text/plain") if echo is not None else abort(403)


@bp.post("/wechat")
def wechat_push() -> Response:
    """WeChat's events: what came of messages, and taps on subscriptions."""
    settings = _settings()
    keys = PushSettings(settings.wechat_appid, settings.wechat_push_token, settings.wechat_push_aes_key)
    push = open_push(keys, request.args, request.get_data(), _now())
    if push is None:
        abort(403)
    for event in push.events:
        _take(event, _now())
    return Response("success", mimetype="text/plain")


def _take(event: SentEvent | GrantEvent, now: datetime) -> None:
    if isinstance(event, SentEvent):
        apply_receipts(ChannelName.WECHAT.value, [event.receipt()], now)
    else:
        note_event(event.openid, event.template_id, event.answer.value, event.event_key, event.at, now)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["jiping_settings"]
    return settings


def _now() -> datetime:
    clock: Clock = current_app.extensions["jiping_clock"]
    return clock.now()
