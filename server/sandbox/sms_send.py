"""SendSms: what concerns the whole call is refused as a whole, what concerns a number is answered beside that number."""

from collections.abc import Sequence
from typing import Any

from server.sandbox.handsets import Receipt
from server.sandbox.receipt_push import ReceiptLane
from server.sandbox.sms_text import CONTENT_LIMIT, fill, has_link, national, parts, placeholders, signed
from server.sandbox.tc3 import TencentError
from server.sandbox.world import World

NUMBERS_LIMIT = 200
CONTEXT_LIMIT = 512  # bytes, exclusive

Status = dict[str, object]


def send(world: World, receipts: ReceiptLane, wish: dict[str, Any]) -> list[Status]:
    """One entry of SendStatusSet for each number, in order. Raises TencentError when the call as a whole is refused."""
    numbers = _texts(wish, "PhoneNumberSet")
    if not numbers:
        raise TencentError("MissingParameter.EmptyPhoneNumberSet", "The phone number set is empty.")
    if len(numbers) > NUMBERS_LIMIT:
        raise TencentError("LimitExceeded.PhoneNumberCountLimit", "More than 200 phone numbers in one call.")
    values = _texts(wish, "TemplateParamSet")
    context = str(wish.get("SessionContext") or "")
    if len(context.encode()) >= CONTEXT_LIMIT:
        raise TencentError("InvalidParameter.InvalidParameters", "SessionContext must be shorter than 512 bytes.")
    template = world.settings.sms_templates.get(str(wish["TemplateId"]))
    complaint = _complaint(world, wish.get("SignName"), template, values)
    text = "" if template is None or complaint else signed(world.settings.sms_sign, fill(template, values))
    if len(text) > CONTENT_LIMIT:
        complaint = ("InvalidParameterValue.ContentLengthLimit", "the message is too long")
    return [_to_one(world, receipts, number, complaint, text, context) for number in numbers]


def _texts(wish: dict[str, Any], name: str) -> list[str]:
    value = wish.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TencentError("InvalidParameter", f"The parameter `{name}` must be an array of strings.")
    return value


def _complaint(world: World, sign: object, template: str | None, values: Sequence[str]) -> tuple[str, str] | None:
    """Code and Message for a signature, template or value that no number can be sent."""
    if sign != world.settings.sms_sign:
        return "FailedOperation.SignatureIncorrectOrUnapproved", "the signature is not approved or wrong"
    if template is None:
        return "FailedOperation.TemplateIncorrectOrUnapproved", "the template is not approved or wrong"
    if len(values) != len(placeholders(template)):
        return (
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
            "request content does not match the template content",
        )
    if any(has_link(value) for value in values):
        return "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", "no URL may stand in a template parameter"
    return None


def _to_one(
    world: World, receipts: ReceiptLane, number: str, complaint: tuple[str, str] | None, text: str, context: str
) -> Status:
    phone = national(number)
    if complaint is None and phone is None:
        complaint = _odd_number(number)
    if complaint is None and (fault := world.faults.take("SendSms", "error", [number], scope="each")):
        complaint = (str(fault.code), fault.message or str(fault.code))
    if complaint or phone is None:
        code, message = complaint or _odd_number(number)
        return _status("", number if phone is None else f"+86{phone}", 0, context, code, message)
    serial_no = f"2640:{world.serial()}"
    fee = parts(text)
    _hand_over(world, receipts, phone, text, serial_no, context, fee)
    return _status(serial_no, f"+86{phone}", fee, context, "Ok", "send success")


def _odd_number(number: str) -> tuple[str, str]:
    if number.startswith("+") and not number.startswith("+86"):
        return (
            "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
            "a mainland template cannot go to a phone abroad",
        )
    return "InvalidParameterValue.IncorrectPhoneNumber", "the phone number is wrong"


def _status(serial_no: str, number: str, fee: int, context: str, code: str, message: str) -> Status:
    return {
        "SerialNo": serial_no,
        "PhoneNumber": number,
        "Fee": fee,
        "SessionContext": context,
        "Code": code,
        "Message": message,
        "IsoCode": "CN" if serial_no else "",
    }


def _hand_over(
    world: World, receipts: ReceiptLane, phone: str, text: str, serial_no: str, context: str, fee: int
) -> None:
    """Show the message on the phone and let the phone confirm it, fail, or stay silent."""
    mode = _mode(world, phone)
    with world.lock:
        world.mailbox.add(
            channel="sms",
            to=phone,
            text=text,
            state={"ok": "delivered", "never": "unconfirmed", "fail": "failed"}[mode],
            phone=phone,
            serial_no=serial_no,
            session_context=context,
            parts=fee,
            carrier="tencent",
        )
        now = world.clock.now()
    if mode != "never":
        receipts.send(Receipt(phone, serial_no, now, now, mode == "ok", context))


def _mode(world: World, phone: str) -> str:
    for kind in ("never", "fail"):
        if world.faults.take("sms_receipt", kind, [phone]):
            return kind
    return world.handsets.mode(phone)
