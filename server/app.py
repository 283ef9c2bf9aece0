"""The application, put together: settings, database, rulebooks, vendors, front doors, error pages."""

from collections.abc import Mapping
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Flask, Response, jsonify, request
from werkzeug.middleware.proxy_fix import ProxyFix

from miniapp_api import me, registrations, sittings, ticket_link
from notifications import receipts_api
from notifications.channels.contract import Channel
from notifications.channels.tencent_sms import TencentSmsChannel, TencentSmsSettings
from notifications.channels.wechat import WeChatChannel
from notifications.dispatch.dispatcher import Dispatcher
from server.clock import Clock, MovedClock
from server.config import Settings
from server.db import db
from server.domain.notices import ChannelName
from server.errors import ERRORS, Problem
from server.logs import set_up
from server.privacy import FieldCipher
from server.rulebooks.catalogue import Catalogue
from server.rulebooks.loader import LoadedRulebook, load_all
from server.services.wechat_tokens import DatabaseTokenStore
from server.wechat import WeChat, WeChatSettings

log = structlog.get_logger(__name__)
LARGEST_REQUEST = 6 * 1024 * 1024


def create_app(settings: Settings, rulebooks: list[LoadedRulebook] | None = None) -> Flask:
    """The whole application. Raises RulebookRefused: a wrong rulebook stops the start."""
    app = APIFlask(__name__, title="技评 Jiping", version="1", spec_path="/api/v1/openapi.json", docs_path=None)
    set_up(json_lines=settings.mode == "production")
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "AUTO_404_RESPONSE": False,
    }
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # Flask's default provider
    app.json.sort_keys = False  # type: ignore[attr-defined] # likewise
    clock = MovedClock(settings.clock_file) if settings.clock_file else Clock()
    app.extensions["jiping_settings"] = settings
    app.extensions["jiping_clock"] = clock
    app.extensions["jiping_cipher"] = FieldCipher(settings.field_keys, settings.index_key)
    app.extensions["jiping_catalogue"] = Catalogue(load_all() if rulebooks is None else rulebooks)
    wanted = WeChatSettings(settings.wechat_appid, settings.wechat_secret, settings.wechat_api_base)
    app.extensions["jiping_wechat"] = WeChat(wanted, DatabaseTokenStore(settings.wechat_appid, clock), clock.now)
    db.init_app(app)
    app.spec_processor(_real_header_names)
    for door in (me, sittings, registrations):
        app.register_blueprint(door.bp, url_prefix="/api/v1")
    app.register_blueprint(ticket_link.bp)
    app.register_blueprint(receipts_api.bp)
    app.add_url_rule("/health", view_func=lambda: Response("ok\n", mimetype="text/plain"))
    _answer_errors(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign] # as its documentation says
    return app


def _real_header_names(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
    """The library names header parameters by their Python fields; a client sends the header."""
    if isinstance(spec, str):
        return spec
    operations = [one for path in spec["paths"].values() for one in path.values() if isinstance(one, dict)]
    for parameter in (one for operation in operations for one in operation.get("parameters", [])):
        if parameter.get("in") == "header":
            parameter["name"] = "-".join(part.capitalize() for part in parameter["name"].split("_"))
    return spec


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {}
    return {"pool_size": 20, "max_overflow": 40, "pool_pre_ping": True}


def make_dispatcher(app: Flask, senders: int = 32) -> Dispatcher:
    """The dispatcher of this installation, with its vendors."""
    settings: Settings = app.extensions["jiping_settings"]
    templates: Mapping[ChannelName, Mapping[str, str]] = {
        ChannelName.SMS: settings.sms_templates,
        ChannelName.WECHAT: settings.wechat_templates,
    }
    return Dispatcher(app, app.extensions["jiping_clock"], _channels(app, settings), templates, senders)


def _channels(app: Flask, settings: Settings) -> Mapping[ChannelName, Channel]:
    sms = TencentSmsSettings(
        secret_id=settings.sms_secret_id,
        secret_key=settings.sms_secret_key,
        sdk_app_id=settings.sms_sdk_app_id,
        sign_name=settings.sms_sign,
        endpoint=settings.sms_endpoint,
        protocol=settings.sms_protocol,
    )
    wechat = WeChatChannel(app.extensions["jiping_wechat"], settings.wechat_state)
    return {ChannelName.SMS: TencentSmsChannel(sms), ChannelName.WECHAT: wechat}


# --- errors: one shape, Chinese words, stable codes, and never a value that somebody sent

_BY_STATUS = {
    400: "bad_request",
    401: "sign_in_needed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "bad_request",
    422: "fields_wrong",
}
_FIELD_TEXTS = (
    ("Field required", "请填写"),
    ("Extra inputs", "不认识这一项"),
    ("Input should be a valid date", "请填写正确的日期"),
    ("Input should be a valid integer", "请填写整数"),
    ("Input should be greater", "数值太小"),
    ("Input should be less", "数值太大"),
    ("String should have at least", "内容太短"),
    ("String should have at most", "内容太长"),
    ("List should have at most", "数量太多"),
    ("Input should be '", "请从给出的选项中选择"),
)


def _answer_errors(app: APIFlask) -> None:
    @app.errorhandler(Problem)
    def problem(fault: Problem) -> tuple[Response, int]:
        return _fault(fault.code, fault.text, fault.fields, fault.facts.get("reasons", [])), fault.status

    @app.error_processor
    def refused(error: HTTPError) -> tuple[dict[str, Any], int, Any]:
        code = _BY_STATUS.get(error.status_code, "bad_request")
        detail = error.detail if isinstance(error.detail, dict) else {}
        fields = {
            str(name): _field_text(texts)
            for part in detail.values()
            if isinstance(part, dict)
            for name, texts in part.items()
        }
        body = {"code": code, "message": ERRORS[code][1], "fields": fields, "reasons": []}
        return body, error.status_code, error.headers

    @app.errorhandler(Exception)
    def broken(fault: Exception) -> tuple[Response, int]:
        log.error("request.failed", path=request.url_rule.rule if request.url_rule else "", exc_info=fault)
        return _fault("server_fault", ERRORS["server_fault"][1], {}, []), 500


def _fault(code: str, message: str, fields: dict[str, str], reasons: list[Any]) -> Response:
    return jsonify(code=code, message=message, fields=fields, reasons=reasons)


def _field_text(texts: object) -> str:
    first = str(texts[0]) if isinstance(texts, list) and texts else ""
    return next((ours for theirs, ours in _FIELD_TEXTS if first.startswith(theirs)), "填写不正确")
