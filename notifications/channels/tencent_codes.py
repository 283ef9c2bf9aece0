"""Tencent Cloud SMS's error codes, in the words of the channels' contract."""

import re
from collections.abc import Mapping

from notifications.channels.contract import Outcome

# A code that stands here counts; else its family, the part before the dot; else the message may have gone.
# Source: the error codes of SendSms and of the cloud's interface in general, and the carrier's advice on each.
OUTCOME_OF: Mapping[str, Outcome] = {
    "Ok": Outcome.ACCEPTED,
    # Refused before anything was sent, and over soon.
    "RequestLimitExceeded": Outcome.RETRY_SOON,
    "ServiceUnavailable": Outcome.RETRY_SOON,
    "InternalError.OtherError": Outcome.RETRY_SOON,
    # The text may have gone out before the answer was lost behind Tencent's gate.
    "InternalError": Outcome.UNKNOWN,
    "InternalError.Timeout": Outcome.UNKNOWN,
    "InternalError.SendAndRecvFail": Outcome.UNKNOWN,
    "InternalError.ParseBackendResponseFail": Outcome.UNKNOWN,
    # Limits of one number, and hours of the day.
    "LimitExceeded": Outcome.RETRY_LATER,
    "LimitExceeded.PhoneNumberThirtySecondLimit": Outcome.RETRY_LATER,
    "LimitExceeded.PhoneNumberOneHourLimit": Outcome.RETRY_LATER,
    "LimitExceeded.PhoneNumberDailyLimit": Outcome.RETRY_LATER,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": Outcome.RETRY_LATER,
    "LimitExceeded.DeliveryFrequencyLimit": Outcome.RETRY_LATER,
    "FailedOperation.MarketingSendTimeConstraint": Outcome.RETRY_LATER,
    # This number or this text.
    "FailedOperation": Outcome.NOT_THIS_WAY,
    "FailedOperation.PhoneNumberInBlacklist": Outcome.NOT_THIS_WAY,
    "FailedOperation.PhoneNumberParseFail": Outcome.NOT_THIS_WAY,
    "FailedOperation.ContainSensitiveWord": Outcome.NOT_THIS_WAY,
    "InvalidParameter.DirtyWordFound": Outcome.NOT_THIS_WAY,
    "InvalidParameterValue": Outcome.NOT_THIS_WAY,
    "InvalidParameterValue.IncorrectPhoneNumber": Outcome.NOT_THIS_WAY,
    "InvalidParameterValue.ContentLengthLimit": Outcome.NOT_THIS_WAY,
    "InvalidParameterValue.TemplateParameterLengthLimit": Outcome.NOT_THIS_WAY,
    "InvalidParameterValue.TemplateParameterFormatError": Outcome.NOT_THIS_WAY,
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": Outcome.NOT_THIS_WAY,
    "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone": Outcome.NOT_THIS_WAY,
    # Money, signature, template, rights, clock, or the way we ask: alike for every message.
    "AuthFailure": Outcome.STOP,
    "FailedOperation.FailResolvePacket": Outcome.STOP,
    "FailedOperation.InsufficientBalanceInSmsPackage": Outcome.STOP,
    "FailedOperation.JsonParseFail": Outcome.STOP,
    "FailedOperation.MissingSignature": Outcome.STOP,
    "FailedOperation.MissingSignatureList": Outcome.STOP,
    "FailedOperation.MissingTemplateList": Outcome.STOP,
    "FailedOperation.SignatureIncorrectOrUnapproved": Outcome.STOP,
    "FailedOperation.TemplateIdNotExist": Outcome.STOP,
    "FailedOperation.TemplateIncorrectOrUnapproved": Outcome.STOP,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": Outcome.STOP,
    "FailedOperation.TemplateUnapprovedOrNotExist": Outcome.STOP,
    "InternalError.JsonParseFail": Outcome.STOP,
    "InternalError.RequestTimeException": Outcome.STOP,
    "InternalError.RestApiInterfaceNotExist": Outcome.STOP,
    "InternalError.SigFieldMissing": Outcome.STOP,
    "InternalError.SigVerificationFail": Outcome.STOP,
    "InvalidAction": Outcome.STOP,
    "InvalidCredential": Outcome.STOP,  # the kit's own word for an empty or padded key
    "InvalidParameter": Outcome.STOP,
    "InvalidParameterValue.SdkAppIdNotExist": Outcome.STOP,
    "InvalidRequest": Outcome.STOP,
    "IpInBlacklist": Outcome.STOP,
    "IpNotInWhitelist": Outcome.STOP,
    "LimitExceeded.AppDailyLimit": Outcome.STOP,
    "LimitExceeded.AppGlobalDailyLimit": Outcome.STOP,
    "LimitExceeded.AppMainlandChinaDailyLimit": Outcome.STOP,
    "LimitExceeded.DailyLimit": Outcome.STOP,
    "LimitExceeded.PhoneNumberCountLimit": Outcome.STOP,
    "MissingParameter": Outcome.STOP,
    "NoSuchVersion": Outcome.STOP,
    "UnauthorizedOperation": Outcome.STOP,
    "UnknownParameter": Outcome.STOP,
    "UnsupportedOperation": Outcome.STOP,
    "UnsupportedProtocol": Outcome.STOP,
    "UnsupportedRegion": Outcome.STOP,
}

_CODE = re.compile(r"[A-Za-z0-9_.]{1,80}", re.ASCII)


def outcome_of(code: str) -> Outcome:
    """The outcome of a code of Tencent's; `Outcome.UNKNOWN` for one that neither stands here nor has a known family."""
    return OUTCOME_OF.get(code) or OUTCOME_OF.get(code.partition(".")[0], Outcome.UNKNOWN)


def as_code(text: object) -> str:
    """A code as it may be stored: a word without room for a number or a name, or `unreadable`."""
    return text if isinstance(text, str) and _CODE.fullmatch(text) else "unreadable"
