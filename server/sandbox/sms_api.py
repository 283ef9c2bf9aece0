"""sms.tencentcloudapi.com: one address, API 3.0, the action in a header, and HTTP 200 for errors too."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.sandbox import sms_send
from server.sandbox.faults import Fault
from server.sandbox.interference import answer
from server.sandbox.receipt_push import ReceiptLane
from server.sandbox.sms_text import national
from server.sandbox.tc3 import TencentError, verify
from server.sandbox.world import World

VERSION = "2021-01-11"
REGIONS = ("ap-beijing", "ap-guangzhou", "ap-nanjing")
PULL_LIMIT = 100
PULL_SECONDS = 7 * 86400  # receipts are kept for a week

# Each action's parameters; True stands for a required one.
PARAMETERS = {
    "SendSms": {
        "PhoneNumberSet": True,
        "SmsSdkAppId": True,
        "TemplateId": True,
        "SignName": False,
        "TemplateParamSet": False,
        "ExtendCode": False,
        "SessionContext": False,
        "SenderId": False,
    },
    "PullSmsSendStatus": {"Limit": True, "SmsSdkAppId": True},
    "PullSmsSendStatusByPhoneNumber": {
        "BeginTime": True,
        "Offset": True,
        "Limit": True,
        "PhoneNumber": True,
        "SmsSdkAppId": True,
        "EndTime": False,
    },
}


def sms_blueprint(world: World, receipts: ReceiptLane) -> Blueprint:
    """The routes of the SMS side."""
    blueprint = Blueprint("sms", __name__)

    @blueprint.post("/")
    def gateway() -> Response:
        try:
            verify(request, world.settings.sms_secret_id, world.settings.sms_secret_key)
            action = _action()
            wish = _wish(action)
        except TencentError as error:
            return _refusal(error.code, error.message)
        return answer(world.faults, action, _numbers(wish), lambda: _perform(world, receipts, action, wish), _fault)

    return blueprint


def _perform(world: World, receipts: ReceiptLane, action: str, wish: dict[str, Any]) -> Response:
    actions: dict[str, Callable[[], dict[str, object]]] = {
        "SendSms": lambda: {"SendStatusSet": sms_send.send(world, receipts, wish)},
        "PullSmsSendStatus": lambda: {"PullSmsSendStatusSet": _pull(world, wish)},
        "PullSmsSendStatusByPhoneNumber": lambda: {"PullSmsSendStatusSet": _pull_by_number(world, wish)},
    }
    try:
        if wish["SmsSdkAppId"] != world.settings.sms_sdk_app_id:
            raise TencentError("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId is not of this account.")
        return _respond(actions[action]())
    except TencentError as error:
        return _refusal(error.code, error.message)


def _respond(content: dict[str, object]) -> Response:
    return jsonify({"Response": {**content, "RequestId": str(uuid.uuid4())}})


def _refusal(code: str, message: str) -> Response:
    return _respond({"Error": {"Code": code, "Message": message}})


def _fault(fault: Fault) -> Response:
    return _refusal(str(fault.code), fault.message or "switched on in the sandbox")


def _action() -> str:
    action, version = request.headers.get("X-TC-Action"), request.headers.get("X-TC-Version")
    region = request.headers.get("X-TC-Region")
    for name, value in (("Action", action), ("Version", version), ("Region", region)):
        if not value:
            raise TencentError("MissingParameter", f"The request is missing a required parameter `{name}`.")
    if action not in PARAMETERS:
        raise TencentError("InvalidAction", f"The request action={action} is invalid or not found.")
    if version != VERSION:
        raise TencentError("NoSuchVersion", f"The request version={version} is invalid or not found.")
    if region not in REGIONS:
        raise TencentError("UnsupportedRegion", f"The region {region} is not supported.")
    return action


def _wish(action: str) -> dict[str, Any]:
    """The call's parameters, known and complete. Raises TencentError."""
    try:
        wish = json.loads(request.get_data())
    except ValueError as error:
        raise TencentError("InvalidParameter", "The request body is not JSON.") from error
    if not isinstance(wish, dict):
        raise TencentError("InvalidParameter", "The request body is not a JSON object.")
    for name in wish:
        if name not in PARAMETERS[action]:
            raise TencentError("UnknownParameter", f"The parameter `{name}` is not recognized.")
    for name, required in PARAMETERS[action].items():
        if required and wish.get(name) is None:
            raise TencentError("MissingParameter", f"The request is missing a required parameter `{name}`.")
    return wish


def _numbers(wish: dict[str, Any]) -> list[str]:
    numbers = wish.get("PhoneNumberSet", [wish.get("PhoneNumber")])
    return [number for number in numbers if isinstance(number, str)] if isinstance(numbers, list) else []


def _whole(wish: dict[str, Any], name: str, low: int, high: int, code: str) -> int:
    value = wish[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise TencentError(code, f"The value of parameter `{name}` is not valid.")
    return value


def _limit(wish: dict[str, Any]) -> int:
    return _whole(wish, "Limit", 1, PULL_LIMIT, "InvalidParameterValue.LimitVerifyFail")


def _pull(world: World, wish: dict[str, Any]) -> list[dict[str, object]]:
    return [receipt.pulled() for receipt in world.handsets.pull(_limit(wish))]


def _pull_by_number(world: World, wish: dict[str, Any]) -> list[dict[str, object]]:
    limit = _limit(wish)
    offset = _whole(wish, "Offset", 0, 10**6, "InvalidParameterValue.OffsetVerifyFail")
    now = int(world.clock.now().timestamp())
    begin = _whole(wish, "BeginTime", now - PULL_SECONDS, 10**11, "InvalidParameterValue.BeginTimeVerifyFail")
    end = now
    if wish.get("EndTime") is not None:
        end = _whole(wish, "EndTime", begin, 10**11, "InvalidParameterValue.EndTimeVerifyFail")
    phone = national(wish["PhoneNumber"]) if isinstance(wish["PhoneNumber"], str) else None
    if phone is None:
        raise TencentError("InvalidParameterValue.IncorrectPhoneNumber", "the phone number is wrong")
    found = world.handsets.receipts_of(phone, begin, end + 1)
    return [receipt.pulled() for receipt in found[offset : offset + limit]]
