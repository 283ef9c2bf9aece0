"""The levers of the sandbox, for people and tests on this machine: users, taps, phones, faults, messages."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.sandbox.faults import BadFaultError
from server.sandbox.handsets import MODES
from server.sandbox.people import Account
from server.sandbox.sms_text import national
from server.sandbox.wechat_push import EventLane
from server.sandbox.world import World

DRAIN_SECONDS = 30.0
USERS_LIMIT = 100_000


class ControlError(ValueError):
    """A control call that makes no sense; answered with 400 and the text."""


def control_blueprint(world: World, events: EventLane) -> Blueprint:
    """The routes under /sandbox/."""
    blueprint = Blueprint("control", __name__, url_prefix="/sandbox")

    @blueprint.errorhandler(ControlError)
    @blueprint.errorhandler(BadFaultError)
    def complain(error: ValueError) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    _add_wechat(blueprint, world, events)
    _add_faults(blueprint, world)
    _add_messages(blueprint, world)
    return blueprint


def _add_wechat(blueprint: Blueprint, world: World, events: EventLane) -> None:
    @blueprint.post("/wechat/login")
    def login() -> Response:
        body = _object()
        account = world.people.create(_text(body, "openid", ""), _phone_in(body, required=False))
        return jsonify({"code": world.people.login_code(account.openid), "openid": account.openid})

    @blueprint.post("/wechat/phone-code")
    def phone_code() -> Response:
        return jsonify({"code": world.people.phone_code(_phone_in(_object(), required=True) or "")})

    @blueprint.post("/wechat/users")
    def users() -> Response:
        count = _object().get("count")
        if not isinstance(count, int) or not 1 <= count <= USERS_LIMIT:
            raise ControlError(f"count must be a whole number from 1 to {USERS_LIMIT}")
        return jsonify([world.people.create().openid for _ in range(count)])

    @blueprint.post("/wechat/tap")
    def tap() -> Response:
        body = _json()
        wishes = body if isinstance(body, list) else [body]
        taps = [_tap(world, wish) for wish in wishes]  # all are judged before the first one counts
        results = [_apply_tap(world, events, *checked) for checked in taps]
        return jsonify(results if isinstance(body, list) else results[0])

    @blueprint.post("/wechat/revoke-tokens")
    def revoke_tokens() -> Response:
        world.tokens.revoke_all()
        return jsonify({"revoked": True})


def _add_faults(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/faults")
    def faults() -> Response:
        return jsonify([fault.as_json() for fault in world.faults.list()])

    @blueprint.post("/faults")
    def switch_on() -> tuple[Response, int]:
        return jsonify(world.faults.add(_object()).as_json()), 201

    @blueprint.delete("/faults")
    def switch_off() -> Response:
        return jsonify({"lifted": world.faults.lift(_whole("id"))})

    @blueprint.post("/sms/phones/<phone>")
    def phone_mode(phone: str) -> Response:
        number, mode = national(phone), _text(_object(), "mode", "")
        if number is None or mode not in MODES:
            raise ControlError(f"need a mainland mobile number and a mode of {', '.join(MODES)}")
        world.handsets.set_mode(number, mode)
        return jsonify({"phone": number, "mode": mode})


def _add_messages(blueprint: Blueprint, world: World) -> None:
    @blueprint.get("/messages")
    def messages() -> Response:
        found = world.mailbox.select(request.args.get("to"), _whole("since") or 0, _whole("newest"))
        response = jsonify(found)
        # A page that watches must learn that what it shows was thrown away.
        response.headers["X-Sandbox-Generation"] = world.mailbox.generation
        return response

    @blueprint.delete("/messages")
    def clear() -> Response:
        return jsonify({"deleted": world.mailbox.clear()})

    @blueprint.post("/drain")
    def drain() -> tuple[Response, int]:
        seconds = _object().get("timeout", DRAIN_SECONDS)
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 600:
            raise ControlError("timeout must be 0 to 600 seconds")
        left = world.courier.drain(seconds)
        return jsonify({"empty": left == 0, "left": left}), 200 if left == 0 else 504


def _json() -> Any:
    data = request.get_data()
    try:
        return json.loads(data) if data else {}
    except ValueError as error:
        raise ControlError("the body is not JSON") from error


def _object() -> dict[str, Any]:
    body = _json()
    if not isinstance(body, dict):
        raise ControlError("the body is not a JSON object")
    return body


def _text(body: dict[str, Any], name: str, default: str) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise ControlError(f"{name} must be a text")
    return value


def _whole(name: str) -> int | None:
    value = request.args.get(name)
    if value is None:
        return None
    if not value.isdecimal():
        raise ControlError(f"{name} must be a whole number")
    return int(value)


def _phone_in(body: dict[str, Any], *, required: bool) -> str | None:
    value = body.get("phone")
    if value is None and not required:
        return None
    phone = national(value) if isinstance(value, str) else None
    if phone is None:
        raise ControlError("phone must be a mainland mobile number")
    return phone


def _tap(world: World, wish: object) -> tuple[Account, list[str], str]:
    """One user's answer to one popup: the account, the templates it showed, and accept or reject."""
    if not isinstance(wish, dict):
        raise ControlError("a tap is an object with openid, template_id and answer")
    account = world.people.account(_text(wish, "openid", ""))
    shown = wish.get("template_id")
    template_ids = [str(known) for known in (shown if isinstance(shown, list) else [shown])]
    answer = wish.get("answer", "accept")
    if account is None:
        raise ControlError("openid is unknown")
    if not 1 <= len(template_ids) <= 3 or any(known not in world.settings.templates for known in template_ids):
        raise ControlError("template_id must be one to three known templates")
    if answer not in ("accept", "reject"):
        raise ControlError("answer must be accept or reject")
    return account, template_ids, answer


def _apply_tap(
    world: World, events: EventLane, account: Account, template_ids: list[str], answer: str
) -> dict[str, object]:
    if answer == "accept":
        world.people.grant(account, template_ids)
    entries = [{"TemplateId": known, "SubscribeStatusString": answer, "PopupScene": "0"} for known in template_ids]
    events.send(account.openid, "subscribe_msg_popup_event", entries)
    return {"openid": account.openid, "credits": {known: account.credits[known] for known in template_ids}}
