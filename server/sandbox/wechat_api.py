"""api.weixin.qq.com: login, tokens, phone number and subscription messages, at the platform's own paths."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.sandbox import subscribe
from server.sandbox.faults import Fault
from server.sandbox.interference import answer
from server.sandbox.subscribe import WeChatError
from server.sandbox.tokens import ForcesSpentError
from server.sandbox.wechat_push import EventLane
from server.sandbox.world import World


def wechat_blueprint(world: World, events: EventLane) -> Blueprint:
    """The routes of the WeChat side."""
    blueprint = Blueprint("wechat", __name__)

    @blueprint.get("/sns/jscode2session")
    def jscode2session() -> Response:
        owner = world.people.owner_of(request.args.get("js_code", ""))
        response = _guarded(world, "jscode2session", [owner] if owner else [], lambda: _log_in(world))
        response.mimetype = "text/plain"  # what the platform calls this JSON
        return response

    @blueprint.get("/cgi-bin/token")
    def token() -> Response:
        return _guarded(world, "token", [], lambda: _classic(world))

    @blueprint.post("/cgi-bin/stable_token")
    def stable_token() -> Response:
        return _guarded(world, "stable_token", [], lambda: _stable(world))

    @blueprint.post("/wxa/business/getuserphonenumber")
    def phone_number() -> Response:
        return _guarded(world, "getuserphonenumber", [], lambda: _phone(world))

    @blueprint.post("/cgi-bin/message/subscribe/send")
    def subscribe_send() -> Response:
        def work() -> dict[str, object]:
            _check_token(world)
            return {"errcode": 0, "errmsg": "ok", "msgid": subscribe.send(world, events, _body())}

        return _guarded(world, "subscribe_send", _recipients(), work)

    @blueprint.post("/wxa/generate_urllink")
    def generate_urllink() -> Response:
        return _guarded(world, "generate_urllink", [], lambda: _url_link(world))

    @blueprint.get("/link/<code>")
    def open_link(code: str) -> tuple[Response, int]:
        return _opened(world.links.open(code))

    return blueprint


def _guarded(world: World, operation: str, targets: list[str], work: Callable[[], dict[str, object]]) -> Response:
    def attempt() -> Response:
        try:
            return jsonify(work())
        except WeChatError as error:
            return _refusal(error.errcode, error.errmsg)

    def refuse(fault: Fault) -> Response:
        return _refusal(int(fault.code), fault.message or _WORDING.get(int(fault.code), "system error"))

    return answer(world.faults, operation, targets, attempt, refuse)


_WORDING = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40029: "invalid code",
    40037: "invalid template_id",
    40165: "invalid weapp pagepath",
    40164: "invalid ip 127.0.0.1, not in whitelist",
    40226: "code blocked",
    41030: "invalid page",
    42001: "access_token expired",
    43101: "user refuse to accept the msg",
    43107: "ability is banned",
    43108: "concurrent sends to one user",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45168: "sensitive word in the message",
    47003: "argument invalid!",
}


def _refusal(errcode: int, errmsg: str) -> Response:
    rid = f"{int(time.time()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return jsonify({"errcode": errcode, "errmsg": f"{errmsg} rid: {rid}"})


def _body() -> dict[str, Any]:
    """The request's JSON, whatever its Content-Type says: clients send none. Raises WeChatError 47001."""
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise WeChatError(47001, "data format error") from error
    if not isinstance(body, dict):
        raise WeChatError(47001, "data format error")
    return body


def _recipients() -> list[str]:
    try:
        touser = _body().get("touser")
    except WeChatError:
        return []  # the work itself says what is wrong with the body
    return [touser] if isinstance(touser, str) else []


def _check_account(world: World, appid: object, secret: object) -> None:
    if appid != world.settings.appid:
        raise WeChatError(40013, "invalid appid")
    if secret != world.settings.app_secret:
        raise WeChatError(40125, "invalid appsecret")


def _check_token(world: World) -> None:
    token = request.args.get("access_token", "")
    if not token:
        raise WeChatError(41001, "access_token missing")
    if refusal := world.tokens.refusal(token):
        raise WeChatError(refusal, _WORDING[refusal])


def _url_link(world: World) -> dict[str, object]:
    """As the platform wants it: a page with its slash and without a query, and thirty days at most."""
    _check_token(world)
    body = _body()
    path, query, days = body.get("path"), body.get("query", ""), body.get("expire_interval")
    if not isinstance(path, str) or "?" in path or not path.startswith("/pages/"):
        raise WeChatError(40165, _WORDING[40165])
    if not isinstance(query, str) or len(query) > 1024:
        raise WeChatError(40212, "invalid query")
    if body.get("env_version", "release") not in ("release", "trial", "develop"):
        raise WeChatError(85402, "invalid env_version")
    if body.get("expire_type") != 1 or isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 30:
        raise WeChatError(85401, "invalid expire_interval")
    return {"errcode": 0, "errmsg": "ok", "url_link": f"{request.host_url}link/{world.links.make(path, days)}"}


def _opened(path: str | None) -> tuple[Response, int]:
    """What a phone without the sandbox's WeChat would see: which page opens, or that the link is over."""
    if path is None:
        return Response("链接已失效", mimetype="text/plain"), 410
    return Response(f"微信在这里打开小程序页面 {path}", mimetype="text/plain"), 200


def _log_in(world: World) -> dict[str, object]:
    _check_account(world, request.args.get("appid"), request.args.get("secret"))
    if request.args.get("grant_type") != "authorization_code":
        raise WeChatError(40002, "invalid grant_type")
    if not request.args.get("js_code"):
        raise WeChatError(41008, "missing code")
    found = world.people.log_in(request.args["js_code"])
    if found is None:
        raise WeChatError(40029, "invalid code")
    openid, session_key = found
    return {"session_key": session_key, "openid": openid}


def _classic(world: World) -> dict[str, object]:
    _check_account(world, request.args.get("appid"), request.args.get("secret"))
    if request.args.get("grant_type") != "client_credential":
        raise WeChatError(40002, "invalid grant_type")
    token, seconds = world.tokens.classic()
    return {"access_token": token, "expires_in": seconds}


def _stable(world: World) -> dict[str, object]:
    body = _body()
    _check_account(world, body.get("appid"), body.get("secret"))
    if body.get("grant_type") != "client_credential":
        raise WeChatError(40002, "invalid grant_type")
    force = body.get("force_refresh", False)
    if not isinstance(force, bool):
        raise WeChatError(47001, "data format error")
    try:
        token, seconds = world.tokens.stable(force)
    except ForcesSpentError as error:
        raise WeChatError(45009, "reach max api daily quota limit") from error
    return {"access_token": token, "expires_in": seconds}


def _phone(world: World) -> dict[str, object]:
    _check_token(world)
    code = _body().get("code")
    phone = world.people.phone_of(code) if isinstance(code, str) else None
    if phone is None:
        raise WeChatError(40029, "invalid code")
    stamp = {"timestamp": int(world.clock.now().timestamp()), "appid": world.settings.appid}
    info = {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": stamp}
    return {"errcode": 0, "errmsg": "ok", "phone_info": info}
