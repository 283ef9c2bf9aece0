"""dysmsapi.aliyuncs.com: calls in the RPC style, the action in a header and all else in the address.

It shares its port with the first SMS carrier, whose address is "/" as well: the header tells them apart.
"""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.sandbox.acs3 import AliyunError, Nonces, verify
from server.sandbox.aliyun_book import AliyunLane, Text
from server.sandbox.faults import Fault
from server.sandbox.interference import answer
from server.sandbox.sms_text import has_link, national, parts, signed
from server.sandbox.world import World

VERSION = "2017-05-25"
NUMBERS_LIMIT = 1000
VALUE_LIMIT = 35  # characters of one variable
PAGE_LIMIT = 50

# Each action's parameters; True stands for a required one.
PARAMETERS = {
    "SendSms": {
        "PhoneNumbers": True,
        "SignName": True,
        "TemplateCode": True,
        "TemplateParam": False,
        "SmsUpExtendCode": False,
        "OutId": False,
    },
    "QuerySendDetails": {
        "PhoneNumber": True,
        "SendDate": True,
        "PageSize": True,
        "CurrentPage": True,
        "BizId": False,
    },
}

_VARIABLE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]*)\}")


def aliyun_blueprint(world: World) -> Blueprint:
    """The second carrier, at the same address as the first."""
    blueprint = Blueprint("aliyun", __name__)
    lane, nonces = AliyunLane(world), Nonces()

    @blueprint.before_app_request
    def gateway() -> Response | None:
        if request.method != "POST" or request.path != "/" or "x-acs-action" not in request.headers:
            return None
        try:
            settings = world.settings
            if not settings.aliyun_key_id:
                raise AliyunError("InvalidAccessKeyId.NotFound", "The sandbox has no second carrier.", 404)
            with world.lock:
                verify(request, settings.aliyun_key_id, settings.aliyun_key_secret, nonces)
            action = _action()
            wish = _wish(action)
        except AliyunError as error:
            return _refusal(error)
        numbers = (wish.get("PhoneNumbers") or wish["PhoneNumber"]).split(",")
        return answer(world.faults, f"Aliyun{action}", numbers, lambda: _perform(world, lane, action, wish), _fault)

    return blueprint


def _perform(world: World, lane: AliyunLane, action: str, wish: dict[str, str]) -> Response:
    actions: dict[str, Callable[[], dict[str, object]]] = {
        "SendSms": lambda: _send(world, lane, wish),
        "QuerySendDetails": lambda: _details(world, wish),
    }
    try:
        return _respond({"Code": "OK", "Message": "OK", **actions[action]()}, 200)
    except AliyunError as error:
        return _refusal(error)


def _respond(content: dict[str, object], status: int) -> Response:
    response = jsonify({**content, "RequestId": str(uuid.uuid4()).upper()})
    response.status_code = status
    return response


def _refusal(error: AliyunError) -> Response:
    content: dict[str, object] = {"Code": error.code, "Message": error.message}
    if error.status == 200:
        return _respond(content, 200)
    return _respond(
        {**content, "HostId": "dysmsapi.aliyuncs.com", "Recommend": "https://error-center.aliyun.com"}, error.status
    )


def _fault(fault: Fault) -> Response:
    code = str(fault.code)
    return _refusal(AliyunError(code, fault.message or "switched on in the sandbox", _status(code)))


def _status(code: str) -> int:
    """What the carrier itself refuses comes with 200, what the gate before it refuses with an error's status."""
    if code.startswith(("isv.", "isp.")):
        return 200
    return {"InternalError": 500, "ServiceUnavailable": 503}.get(code, 400)


def _action() -> str:
    action, version = request.headers["x-acs-action"], request.headers["x-acs-version"]
    if action not in PARAMETERS:
        raise AliyunError("InvalidAction.NotFound", "Specified api is not found.", 404)
    if version != VERSION:
        raise AliyunError("InvalidVersion", "Specified parameter Version is not valid.")
    return action


def _wish(action: str) -> dict[str, str]:
    """The call's parameters. Raises AliyunError."""
    for name, required in PARAMETERS[action].items():
        if required and not request.args.get(name):
            raise AliyunError(f"Missing{name}", f"{name} is mandatory for this action.")
    return {name: request.args[name] for name in PARAMETERS[action] if name in request.args}


def _send(world: World, lane: AliyunLane, wish: dict[str, str]) -> dict[str, object]:
    phones = [national(number) for number in wish["PhoneNumbers"].split(",")]
    if len(phones) > NUMBERS_LIMIT:
        raise AliyunError("isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制", 200)
    known = [phone for phone in phones if phone is not None]
    if len(known) < len(phones):
        raise AliyunError("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误", 200)
    if wish["SignName"] != world.settings.aliyun_sign:
        raise AliyunError("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法", 200)
    content = signed(world.settings.aliyun_sign, _filled(world, wish))
    biz_id = f"{world.serial()}^0"
    for phone in known:
        _hand_over(world, lane, phone, content, biz_id, wish)
    return {"BizId": biz_id}


def _filled(world: World, wish: dict[str, str]) -> str:
    template = world.settings.aliyun_templates.get(wish["TemplateCode"])
    if template is None:
        raise AliyunError("isv.SMS_TEMPLATE_ILLEGAL", "短信模版不合法", 200)
    values = _values(wish.get("TemplateParam") or "{}")
    wanted = _VARIABLE.findall(template)
    if not set(wanted) <= set(values):
        raise AliyunError("isv.TEMPLATE_MISSING_PARAMETERS", "模版缺少变量", 200)
    for name in wanted:
        if not 1 <= len(values[name]) <= VALUE_LIMIT:
            raise AliyunError("isv.PARAM_LENGTH_LIMIT", "参数超过长度限制", 200)
        if has_link(values[name]):
            raise AliyunError("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入URL", 200)
    return _VARIABLE.sub(lambda match: values[match[1]], template)


def _values(text: str) -> dict[str, str]:
    try:
        values: Any = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise AliyunError("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值", 200)
    return values


def _hand_over(world: World, lane: AliyunLane, phone: str, content: str, biz_id: str, wish: dict[str, str]) -> None:
    """Show the message on the phone and let the phone confirm it, fail, or stay silent."""
    mode = _mode(world, phone)
    out_id, fee = wish.get("OutId", ""), parts(content)
    with world.lock:
        world.mailbox.add(
            channel="sms",
            to=phone,
            text=content,
            state={"ok": "delivered", "never": "unconfirmed", "fail": "failed"}[mode],
            phone=phone,
            serial_no=biz_id,
            session_context=out_id,
            parts=fee,
            carrier="aliyun",
        )
        now = world.clock.now()
        text = Text(biz_id, out_id, phone, wish["TemplateCode"], content, fee, now, mode == "ok")
        world.aliyun.add(text)
    if mode != "never":
        lane.send(text)


def _mode(world: World, phone: str) -> str:
    for kind in ("never", "fail"):
        if world.faults.take("aliyun_receipt", kind, [phone]):
            return kind
    return world.handsets.mode(phone)


def _details(world: World, wish: dict[str, str]) -> dict[str, object]:
    phone, size, page = national(wish["PhoneNumber"]), wish["PageSize"], wish["CurrentPage"]
    if phone is None:
        raise AliyunError("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误", 200)
    counted = size.isdecimal() and page.isdecimal() and 1 <= int(size) <= PAGE_LIMIT and int(page) >= 1
    if not counted or not re.fullmatch(r"\d{8}", wish["SendDate"]):
        raise AliyunError("isv.INVALID_PARAMETERS", "参数异常", 200)
    found = world.aliyun.find(phone, wish["SendDate"], wish.get("BizId", ""))
    first = (int(page) - 1) * int(size)
    rows = [text.asked() for text in found[first : first + int(size)]]
    return {"TotalCount": len(found), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
