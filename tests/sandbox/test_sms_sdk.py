"""Tencent's own client, pointed at the sandbox, gets what it would get from Tencent."""

from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient

from tests.sandbox.conftest import HandClock, Sandbox

# The vendor's client calls a function that Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")

PHONE = "+8613800138000"


def client(sandbox: Sandbox, key_id: str = "AKIDsandbox", key: str = "sms-secret") -> Any:
    http = HttpProfile(protocol="http", endpoint=sandbox.url.removeprefix("http://"), reqTimeout=10)
    return SmsClient(Credential(key_id, key), "ap-nanjing", ClientProfile(httpProfile=http))


def request(**changes: Any) -> Any:
    wish = {
        "PhoneNumberSet": [PHONE],
        "SmsSdkAppId": "1400006666",
        "SignName": "上海技评",
        "TemplateId": "100",
        "TemplateParamSet": ["电工三级", "11月14日"],
        "SessionContext": "notice-1",
    }
    request = models.SendSmsRequest()
    request._deserialize({name: value for name, value in {**wish, **changes}.items() if value is not None})
    return request


def error_of(sandbox: Sandbox, **changes: Any) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        client(sandbox).SendSms(request(**changes))
    assert caught.value.get_request_id()
    return str(caught.value.get_code())


def test_a_message_is_accepted_and_shown(sandbox: Sandbox) -> None:
    [status] = client(sandbox).SendSms(request()).SendStatusSet
    assert (status.Code, status.Message, status.IsoCode, status.Fee) == ("Ok", "send success", "CN", 1)
    assert (status.PhoneNumber, status.SessionContext) == (PHONE, "notice-1")
    [message] = sandbox.get("/sandbox/messages", to=PHONE)
    assert message["text"] == "【上海技评】您申报的电工三级已延期至11月14日，请登录小程序查看。"
    assert (message["to"], message["serial_no"]) == ("13800138000", status.SerialNo)


@pytest.mark.parametrize("number", ["13800138000", "+8613800138000", "8613800138000", "008613800138000"])
def test_every_spelling_of_a_number_reaches_the_same_phone(sandbox: Sandbox, number: str) -> None:
    [status] = client(sandbox).SendSms(request(PhoneNumberSet=[number])).SendStatusSet
    assert status.PhoneNumber == PHONE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SignName": "别的签名"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"SignName": None}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"TemplateId": "999"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        ({"TemplateParamSet": ["一"]}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ({"TemplateParamSet": None}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        (
            {"TemplateParamSet": ["a", "https://jiping.example/t"]},
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        ),
        ({"TemplateParamSet": ["a", "见jiping.cn/t"]}, "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"),
        ({"TemplateParamSet": ["a", "字" * 500]}, "InvalidParameterValue.ContentLengthLimit"),
        ({"PhoneNumberSet": ["12345678901"]}, "InvalidParameterValue.IncorrectPhoneNumber"),
        ({"PhoneNumberSet": ["+85291234567"]}, "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"),
    ],
)
def test_what_concerns_a_number_is_said_beside_it(sandbox: Sandbox, changes: dict[str, Any], code: str) -> None:
    [status] = client(sandbox).SendSms(request(**changes)).SendStatusSet
    assert (status.Code, status.SerialNo, status.Fee, status.IsoCode) == (code, "", 0, "")
    assert sandbox.get("/sandbox/messages") == []


def test_one_wrong_number_does_not_stop_the_others(sandbox: Sandbox) -> None:
    statuses = client(sandbox).SendSms(request(PhoneNumberSet=["13800138000", "1", "13800138001"])).SendStatusSet
    assert [status.Code == "Ok" for status in statuses] == [True, False, True]
    assert len(sandbox.get("/sandbox/messages")) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SmsSdkAppId": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
        ({"TemplateId": None}, "MissingParameter"),
        ({"PhoneNumberSet": []}, "MissingParameter.EmptyPhoneNumberSet"),
        ({"PhoneNumberSet": [PHONE] * 201}, "LimitExceeded.PhoneNumberCountLimit"),
        ({"SessionContext": "字" * 171}, "InvalidParameter.InvalidParameters"),
    ],
)
def test_what_concerns_the_call_refuses_it(sandbox: Sandbox, changes: dict[str, Any], code: str) -> None:
    assert error_of(sandbox, **changes) == code


def test_two_hundred_numbers_go_in_one_call(sandbox: Sandbox) -> None:
    numbers = [f"+86138{number:08}" for number in range(200)]
    statuses = client(sandbox).SendSms(request(PhoneNumberSet=numbers)).SendStatusSet
    assert [status.PhoneNumber for status in statuses] == numbers
    assert len({status.SerialNo for status in statuses}) == 200


@pytest.mark.parametrize(
    ("length", "fee"),
    [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)],
)
def test_a_message_is_billed_by_seventy_and_sixty_seven(sandbox: Sandbox, length: int, fee: int) -> None:
    frame = len("【上海技评】通知：")
    value = "字" * max(length - frame, 1)
    [status] = client(sandbox).SendSms(request(TemplateId="300", TemplateParamSet=[value])).SendStatusSet
    assert status.Fee == fee


def test_the_keys_must_be_the_accounts_keys(sandbox: Sandbox) -> None:
    for keys, code in [
        (("AKIDother", "sms-secret"), "AuthFailure.SecretIdNotFound"),
        (("AKIDsandbox", "wrong"), "AuthFailure.SignatureFailure"),
    ]:
        with pytest.raises(TencentCloudSDKException) as caught:
            client(sandbox, *keys).SendSms(request())
        assert caught.value.get_code() == code


def by_number(clock: HandClock, **changes: Any) -> Any:
    now = int(clock.now().timestamp())
    wish = {"BeginTime": now - 60, "Offset": 0, "Limit": 100, "PhoneNumber": PHONE, "SmsSdkAppId": "1400006666"}
    request = models.PullSmsSendStatusByPhoneNumberRequest()
    request._deserialize({**wish, **changes})
    return request


def test_receipts_of_a_number_can_be_asked_for_again_and_again(sandbox: Sandbox, clock: HandClock) -> None:
    [sent] = client(sandbox).SendSms(request()).SendStatusSet
    sandbox.drain()
    for _ in range(2):
        [receipt] = client(sandbox).PullSmsSendStatusByPhoneNumber(by_number(clock)).PullSmsSendStatusSet
        assert (receipt.SerialNo, receipt.ReportStatus, receipt.Description) == (sent.SerialNo, "SUCCESS", "DELIVRD")
        assert (receipt.PhoneNumber, receipt.SubscriberNumber) == (PHONE, "13800138000")
        assert (receipt.SessionContext, receipt.UserReceiveTime) == ("notice-1", int(clock.now().timestamp()))
    clock.advance(minutes=2)
    late = by_number(clock)
    assert client(sandbox).PullSmsSendStatusByPhoneNumber(late).PullSmsSendStatusSet == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Limit": 101}, "InvalidParameterValue.LimitVerifyFail"),
        ({"Offset": -1}, "InvalidParameterValue.OffsetVerifyFail"),
        ({"BeginTime": 1}, "InvalidParameterValue.BeginTimeVerifyFail"),
        ({"EndTime": 1}, "InvalidParameterValue.EndTimeVerifyFail"),
        ({"PhoneNumber": "1"}, "InvalidParameterValue.IncorrectPhoneNumber"),
    ],
)
def test_a_wrong_enquiry_is_refused(sandbox: Sandbox, clock: HandClock, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        client(sandbox).PullSmsSendStatusByPhoneNumber(by_number(clock, **changes))
    assert caught.value.get_code() == code
