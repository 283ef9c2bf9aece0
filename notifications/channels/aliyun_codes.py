"""Alibaba Cloud SMS's error codes, in the words of the channels' contract."""

from collections.abc import Mapping

from notifications.channels.contract import Outcome

# A code that stands here counts; else its family, the part before the dot; else the message may have gone.
# `isv.` is what the carrier says is our doing, and then nothing was sent; `isp.` is its own. Codes without either come
# from the gate before it. Source: the carrier's table of error codes and its advice on each.
OUTCOME_OF: Mapping[str, Outcome] = {
    "OK": Outcome.ACCEPTED,
    # Refused before anything was sent, and over soon.
    "Throttling": Outcome.RETRY_SOON,
    "isp.SYSTEM_ERROR": Outcome.RETRY_SOON,  # the carrier asks to call again
    # The text may have gone out before the answer was lost behind the gate; or the transport repeated our own request.
    "InternalError": Outcome.UNKNOWN,
    "ServiceUnavailable": Outcome.UNKNOWN,
    "SignatureNonceUsed": Outcome.UNKNOWN,
    "isp": Outcome.UNKNOWN,
    "isp.GATEWAY_ERROR": Outcome.UNKNOWN,
    # Limits of one number: so many a minute, an hour, a day.
    "isv.BUSINESS_LIMIT_CONTROL": Outcome.RETRY_LATER,
    # This number or this text.
    "isv.BLACK_KEY_CONTROL_LIMIT": Outcome.NOT_THIS_WAY,
    "isv.CUSTOMER_REFUSED": Outcome.NOT_THIS_WAY,
    "isv.MOBILE_NUMBER_ILLEGAL": Outcome.NOT_THIS_WAY,
    "isv.PARAM_LENGTH_LIMIT": Outcome.NOT_THIS_WAY,
    "isv.PARAM_NOT_SUPPORT_URL": Outcome.NOT_THIS_WAY,
    "isv.SMS_CONTENT_ILLEGAL": Outcome.NOT_THIS_WAY,
    "isv.TEMPLATE_PARAMS_ILLEGAL": Outcome.NOT_THIS_WAY,
    # Money, signature, template, rights, clock, or the way we ask: alike for every message.
    "Forbidden": Outcome.STOP,
    "IncompleteSignature": Outcome.STOP,
    "InvalidAccessKeyId": Outcome.STOP,
    "InvalidAction": Outcome.STOP,
    "InvalidParameter": Outcome.STOP,
    "InvalidTimeStamp": Outcome.STOP,
    "InvalidVersion": Outcome.STOP,
    "NoPermission": Outcome.STOP,
    "SignatureDoesNotMatch": Outcome.STOP,
    "isp.RAM_PERMISSION_DENY": Outcome.STOP,
    "isv": Outcome.STOP,
    "isv.ACCOUNT_ABNORMAL": Outcome.STOP,
    "isv.ACCOUNT_NOT_EXISTS": Outcome.STOP,
    "isv.AMOUNT_NOT_ENOUGH": Outcome.STOP,
    "isv.DAY_LIMIT_CONTROL": Outcome.STOP,
    "isv.DENY_IP_RANGE": Outcome.STOP,
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": Outcome.STOP,
    "isv.EXTEND_CODE_ERROR": Outcome.STOP,
    "isv.INVALID_JSON_PARAM": Outcome.STOP,
    "isv.INVALID_PARAMETERS": Outcome.STOP,
    "isv.MOBILE_COUNT_OVER_LIMIT": Outcome.STOP,
    "isv.MONTH_LIMIT_CONTROL": Outcome.STOP,
    "isv.OUT_OF_SERVICE": Outcome.STOP,
    "isv.PRODUCT_UNSUBSCRIBE": Outcome.STOP,
    "isv.PRODUCT_UN_SUBSCRIPT": Outcome.STOP,
    "isv.SMS_SIGNATURE_ILLEGAL": Outcome.STOP,
    "isv.SMS_SIGN_ILLEGAL": Outcome.STOP,
    "isv.SMS_TEMPLATE_ILLEGAL": Outcome.STOP,
    "isv.SMS_TEST_NUMBER_LIMIT": Outcome.STOP,
    "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT": Outcome.STOP,
    "isv.TEMPLATE_MISSING_PARAMETERS": Outcome.STOP,
}


def outcome_of(code: str) -> Outcome:
    """The outcome of a code of Alibaba's; `Outcome.UNKNOWN` for one that neither stands here nor has a known family."""
    return OUTCOME_OF.get(code) or OUTCOME_OF.get(code.partition(".")[0], Outcome.UNKNOWN)
