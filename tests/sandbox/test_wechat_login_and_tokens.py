"""Login codes, phone codes and the two kinds of access token behave as WeChat's do."""

from typing import Any

import pytest

from tests.sandbox.conftest import APPID, SECRET, HandClock, Sandbox

STABLE = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}


def log_in(sandbox: Sandbox, code: str, **changes: str) -> Any:
    query = {"appid": APPID, "secret": SECRET, "js_code": code, "grant_type": "authorization_code"}
    return sandbox.get("/sns/jscode2session", **{**query, **changes})


def test_a_login_code_gives_openid_and_session_key_once(sandbox: Sandbox) -> None:
    made = sandbox.post("/sandbox/wechat/login")
    session = log_in(sandbox, made["code"])
    assert session["openid"] == made["openid"]
    assert len(session["session_key"]) == 24
    assert log_in(sandbox, made["code"])["errcode"] == 40029


def test_a_known_user_logs_in_again_under_the_same_openid(sandbox: Sandbox) -> None:
    first = sandbox.post("/sandbox/wechat/login")
    again = sandbox.post("/sandbox/wechat/login", {"openid": first["openid"]})
    assert again["code"] != first["code"]
    assert log_in(sandbox, again["code"])["openid"] == first["openid"]


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": "wxother"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "client_credential"}, 40002),
        ({"js_code": ""}, 41008),
        ({"js_code": "unheard-of"}, 40029),
    ],
)
def test_a_wrong_login_is_refused_with_its_code(sandbox: Sandbox, changes: dict[str, str], errcode: int) -> None:
    code = sandbox.post("/sandbox/wechat/login")["code"]
    assert log_in(sandbox, code, **changes)["errcode"] == errcode
    assert "openid" in log_in(sandbox, code), "a refused call must not use the code up"


def test_login_and_phone_codes_live_five_minutes(sandbox: Sandbox, clock: HandClock) -> None:
    code = sandbox.post("/sandbox/wechat/login")["code"]
    phone_code = sandbox.post("/sandbox/wechat/phone-code", {"phone": "13800138000"})["code"]
    clock.advance(minutes=5)
    assert log_in(sandbox, code)["errcode"] == 40029
    url = "/wxa/business/getuserphonenumber"
    assert sandbox.post(url, {"code": phone_code}, access_token=sandbox.token())["errcode"] == 40029


def test_a_phone_code_gives_the_number_once(sandbox: Sandbox) -> None:
    code = sandbox.post("/sandbox/wechat/phone-code", {"phone": "+8613800138000"})["code"]
    url, token = "/wxa/business/getuserphonenumber", sandbox.token()
    found = sandbox.post(url, {"code": code}, access_token=token)
    assert (found["errcode"], found["phone_info"]["purePhoneNumber"]) == (0, "13800138000")
    assert found["phone_info"]["watermark"]["appid"] == APPID
    assert sandbox.post(url, {"code": code}, access_token=token)["errcode"] == 40029
    assert sandbox.post(url, {"code": code}, access_token="wrong")["errcode"] == 40001
    assert sandbox.post(url, {"code": code})["errcode"] == 41001


def test_the_stable_token_stays_the_same_until_five_minutes_before_its_end(
    sandbox: Sandbox, clock: HandClock
) -> None:
    first = sandbox.post("/cgi-bin/stable_token", STABLE)
    assert first["expires_in"] == 7200
    clock.advance(seconds=6899)
    assert sandbox.post("/cgi-bin/stable_token", STABLE) == {"access_token": first["access_token"], "expires_in": 301}
    clock.advance(seconds=1)
    second = sandbox.post("/cgi-bin/stable_token", STABLE)
    assert second["access_token"] != first["access_token"]
    openid = sandbox.subscriber()
    assert sandbox.subscribe_send(openid, token=first["access_token"])["errcode"] == 0, "both work for five minutes"
    clock.advance(seconds=300)
    assert sandbox.subscribe_send(openid, token=first["access_token"])["errcode"] == 42001
    assert sandbox.subscribe_send(openid, token=second["access_token"])["errcode"] == 43101


def test_a_forced_refresh_kills_the_old_token_but_not_within_thirty_seconds(
    sandbox: Sandbox, clock: HandClock
) -> None:
    force = {**STABLE, "force_refresh": True}
    first = sandbox.token()
    second = sandbox.post("/cgi-bin/stable_token", force)["access_token"]
    assert second != first
    assert sandbox.subscribe_send("nobody", token=first)["errcode"] == 40001
    assert sandbox.post("/cgi-bin/stable_token", force)["access_token"] == second
    clock.advance(seconds=30)
    assert sandbox.post("/cgi-bin/stable_token", force)["access_token"] != second


def test_a_token_is_forced_twenty_times_a_day_at_most(sandbox: Sandbox, clock: HandClock) -> None:
    for _ in range(20):
        assert "access_token" in sandbox.post("/cgi-bin/stable_token", {**STABLE, "force_refresh": True})
        clock.advance(minutes=1)
    assert sandbox.post("/cgi-bin/stable_token", {**STABLE, "force_refresh": True})["errcode"] == 45009


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"appid": "x"}, 40013),
        ({"secret": "x"}, 40125),
        ({"grant_type": "x"}, 40002),
        ({"force_refresh": "yes"}, 47001),
    ],
)
def test_a_wrong_token_request_is_refused(sandbox: Sandbox, changes: dict[str, str], errcode: int) -> None:
    assert sandbox.post("/cgi-bin/stable_token", {**STABLE, **changes})["errcode"] == errcode


def test_classic_and_stable_tokens_do_not_touch_each_other(sandbox: Sandbox, clock: HandClock) -> None:
    stable = sandbox.token()
    first = sandbox.get("/cgi-bin/token", **STABLE)["access_token"]
    second = sandbox.get("/cgi-bin/token", **STABLE)["access_token"]
    assert len({stable, first, second}) == 3
    clock.advance(minutes=5)
    codes = [sandbox.subscribe_send("nobody", token=token)["errcode"] for token in (stable, first, second)]
    assert codes == [40003, 40001, 40003], "a classic token kills its forerunner after five minutes"


def test_revoked_tokens_are_no_longer_the_latest(sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.post("/sandbox/wechat/revoke-tokens")
    assert sandbox.subscribe_send("nobody", token=token)["errcode"] == 40001
    assert sandbox.token() != token
