"""The application, put together: settings, database, rulebooks, vendors, front doors, error pages."""

import json
import re
from collections.abc import Mapping
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Flask, Response, jsonify, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from miniapp_api import (
    forms,
    institutions,
    me,
    notices,
    page_link,
    phone_pages,
    registrations,
    sittings,
    ticket_link,
)
from miniapp_api.document import finished
from miniapp_api.wire import Wire
from notifications import receipts_api
from notifications.channels.aliyun_sms import AliyunSmsChannel, AliyunSmsSettings
from notifications.channels.contract import Channel
from notifications.channels.plain_words import PlainWords
from notifications.channels.tencent_sms import TencentSmsChannel, TencentSmsSettings
from notifications.channels.two_carriers import TwoCarriers
from notifications.channels.wechat import WeChatChannel
from notifications.dispatch.dispatcher import Dispatcher
from server.clock import Clock, MovedClock
from server.config import Settings
from server.db import db
from server.domain.notices import ChannelName
from server.errors import ERRORS, Problem
from server.headers import protect
from server.logs import set_up
from server.privacy import FieldCipher
from server.rulebooks.catalogue import Catalogue
from server.rulebooks.loader import LoadedRulebook, load_all
from server.services.wechat_tokens import DatabaseTokenStore
from server.wechat import WeChat, WeChatSettings
from server.whole_requests import REFUSED

log = structlog.get_logger(__name__)
LARGEST_REQUEST = 11 * 1024 * 1024


def create_app(settings: Settings, rulebooks: list[LoadedRulebook] | None = None) -> Flask:
    """The whole application. Raises RulebookRefused: a wrong rulebook stops the start, and a folder without any."""
    app = APIFlask(__name__, title="技评 Jiping", version="1", spec_path="/api/v1/openapi.json", docs_path=None)
    set_up(json_lines=settings.mode == "production")
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "AUTO_404_RESPONSE": False,
        "AUTO_OPERATION_ID": True,
    }
    app.json = Json(app)
    app.url_map.converters["int"] = RowNumber
    clock = MovedClock(settings.clock_file) if settings.clock_file else Clock()
    app.extensions["jiping_settings"] = settings
    app.extensions["jiping_clock"] = clock
    app.extensions["jiping_cipher"] = FieldCipher(settings.field_keys, settings.index_key)
    app.extensions["jiping_catalogue"] = Catalogue(_rulebooks(settings) if rulebooks is None else rulebooks)
    wanted = WeChatSettings(settings.wechat_appid, settings.wechat_secret, settings.wechat_api_base)
    app.extensions["jiping_wechat"] = WeChat(wanted, DatabaseTokenStore(settings.wechat_appid, clock), clock.now)
    db.init_app(app)
    app.spec_processor(finished)
    for door in (me, sittings, registrations, forms, notices, institutions):
        app.register_blueprint(door.bp, url_prefix="/api/v1")
    app.register_blueprint(ticket_link.bp)
    app.register_blueprint(page_link.bp)
    app.register_blueprint(phone_pages.bp)
    app.register_blueprint(receipts_api.bp)
    app.add_url_rule("/health", view_func=lambda: Response("ok\n", mimetype="text/plain"))
    _answer_errors(app)
    protect(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign] # as its documentation says
    return app


def _rulebooks(settings: Settings) -> list[LoadedRulebook]:
    """Those of the folder that the settings name, or those that come along."""
    return load_all() if settings.rulebooks is None else load_all(settings.rulebooks)


def openapi_document(app: Flask) -> str:
    """The API's description (OpenAPI 3.1) as it stands in docs/openapi.json: JSON, always in the same order."""
    if not isinstance(app, APIFlask):
        raise TypeError("only the whole application knows its routes")
    with app.app_context():
        return json.dumps(app.spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Json(DefaultJSONProvider):
    """JSON with Chinese as it is, which refuses brackets deeper than Python can follow like any other bad JSON."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **options: Any) -> Any:
        try:
            return super().loads(s, **options)
        except RecursionError:
            raise ValueError("too deep") from None


class RowNumber(IntegerConverter):
    """A row's number in an address: one that no database can hold is an address that does not exist."""

    regex = r"\d{1,15}"


def _engine_options(url: str) -> dict[str, Any]:
    hidden = {"hide_parameters": True}  # a failed statement is logged, and its values are people
    if url.startswith("sqlite"):
        return hidden
    return hidden | {"pool_size": 20, "max_overflow": 40, "pool_pre_ping": True}


def make_dispatcher(app: Flask, senders: int = 32) -> Dispatcher:
    """The dispatcher of this installation, with its vendors."""
    settings: Settings = app.extensions["jiping_settings"]
    templates: Mapping[ChannelName, Mapping[str, str]] = {
        ChannelName.SMS: settings.sms_templates,
        ChannelName.WECHAT: settings.wechat_templates,
    }
    return Dispatcher(app, app.extensions["jiping_clock"], _channels(app, settings), templates, senders)


def _channels(app: Flask, settings: Settings) -> Mapping[ChannelName, Channel]:
    tencent = TencentSmsSettings(
        secret_id=settings.sms_secret_id,
        secret_key=settings.sms_secret_key,
        sdk_app_id=settings.sms_sdk_app_id,
        sign_name=settings.sms_sign,
        endpoint=settings.sms_endpoint,
        protocol=settings.sms_protocol,
    )
    wechat = WeChatChannel(app.extensions["jiping_wechat"], settings.wechat_state)
    sms: Channel = TencentSmsChannel(tencent)
    if settings.aliyun_sms_key_id:
        clock: Clock = app.extensions["jiping_clock"]
        sms = TwoCarriers(sms, _second_carrier(settings), clock.now)
    return {ChannelName.SMS: PlainWords(sms), ChannelName.WECHAT: wechat}


def _second_carrier(settings: Settings) -> Channel:
    return AliyunSmsChannel(
        AliyunSmsSettings(
            key_id=settings.aliyun_sms_key_id,
            key_secret=settings.aliyun_sms_key_secret,
            sign_name=settings.aliyun_sms_sign,
            templates=settings.aliyun_sms_templates,
            endpoint=settings.aliyun_sms_endpoint,
        )
    )


# --- errors: one shape, Chinese words, stable codes, and never a value that somebody sent

_BY_STATUS = {
    400: "bad_request",
    401: "sign_in_needed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "body_kind_wrong",
    422: "fields_wrong",
}
_WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}
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


def _schema_names(model: type[Wire]) -> set[str]:
    return set(model.model_fields).union(*(_schema_names(one) for one in model.__subclasses__()))


_FIELD_NAMES = _schema_names(Wire)


def _answer_errors(app: APIFlask) -> None:
    @app.errorhandler(Problem)
    def problem(fault: Problem) -> tuple[Response, int]:
        return _fault(fault.code, fault.text, fault.fields, fault.facts.get("reasons", [])), fault.status

    @app.before_request
    def arrived_whole() -> None:
        if REFUSED in request.environ:
            raise Problem(request.environ[REFUSED])

    @app.before_request
    def no_control_characters() -> None:
        if not request.path.isprintable():
            raise Problem("not_found")

    @app.before_request
    def in_its_own_kind() -> None:
        # Another site's page may send text or a form from its visitor's browser, but asks before it sends JSON.
        kind = _kind_of_body(app)
        sent = request.content_length or request.headers.get("Transfer-Encoding")
        if kind and sent and request.mimetype != kind:
            raise Problem("body_kind_wrong")

    @app.error_processor
    def refused(error: HTTPError) -> tuple[dict[str, Any], int, Any]:
        detail = error.detail if isinstance(error.detail, dict) else {}
        parts = {place: part for place, part in detail.items() if isinstance(part, dict)}
        code = _code(error.status_code, parts)
        fields = {_field_name(name): _field_text(texts) for part in parts.values() for name, texts in part.items()}
        body = {"code": code, "message": ERRORS[code][1], "fields": fields, "reasons": []}
        return body, error.status_code, error.headers

    @app.errorhandler(Exception)
    def broken(fault: Exception) -> tuple[Response, int]:
        log.error("request.failed", path=request.url_rule.rule if request.url_rule else "", exc_info=fault)
        return _fault("server_fault", ERRORS["server_fault"][1], {}, []), 500


def _kind_of_body(app: APIFlask) -> str:
    """The type of content that the door asked for takes; "" where it takes none, or looks by itself."""
    view = app.view_functions.get(request.endpoint or "")
    return str(getattr(view, "_spec", {}).get("content_type") or "") if request.method in _WITH_BODY else ""


def _fault(code: str, message: str, fields: dict[str, str], reasons: list[Any]) -> Response:
    return jsonify(code=code, message=message, fields=fields, reasons=reasons)


def _code(status: int, parts: Mapping[str, Mapping[str, Any]]) -> str:
    """The code of a request that was refused before any use case saw it; `parts` are its wrong fields by place."""
    if "headers" in parts:
        return "idempotency_key_needed"
    if "file" in {name for place in ("files", "form_and_files") for name in parts.get(place, {})}:
        return "upload_missing"
    if status == 413 and request.mimetype == "multipart/form-data":
        return "upload_too_big"
    return _BY_STATUS.get(status, "bad_request")


def _field_name(path: str) -> str:
    """Where a wrong value stood. What we did not name ourselves is somebody's input, and is not said back."""
    known = (part if part in _FIELD_NAMES or re.fullmatch(r"[0-9]{1,2}", part) else "*" for part in path.split("."))
    return ".".join(known)


def _field_text(texts: object) -> str:
    first = str(texts[0]) if isinstance(texts, list) and texts else ""
    return next((ours for theirs, ours in _FIELD_TEXTS if first.startswith(theirs)), "填写不正确")
