"""The one client of WeChat's server interface: wechatpy, with its traps closed.

What is changed of wechatpy 1.8.18, and why: its base address is written in three places (a test or a proxy would miss
two); it fetches the classic token, which each fetch takes from the other processes; it sends a token with the login,
which needs none; it repeats a refused call without a bound; a token fetch has no time-out; a POST has no content type; an
answer that is not JSON counts as success; and its exceptions carry the URL with the secret.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from server.outbound import certainly_not_sent
from server.wechat.faults import TOKEN_REFUSED, FaultKind, WeChatFault, fault_of, field_fault
from server.wechat.tokens import StoredToken, TokenKeeper, TokenStore

CONNECTIONS = 64
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ADDRESS = re.compile(r"[!-~]{1,500}")


@dataclass(frozen=True)
class WeChatSettings:
    """`timeout` is (connect, silence while reading) in seconds, for each of the at most five requests behind one send."""

    appid: str
    secret: str = field(repr=False)
    api_base: str = "https://api.weixin.qq.com"
    timeout: tuple[float, float] = (3.0, 6.0)

    def __post_init__(self) -> None:
        if not self.api_base.startswith(("https://", "http://")):
            raise ValueError("WeChat's base address must begin with https:// or http://")


@dataclass(frozen=True)
class Identity:
    """Who has logged in to the mini-program. The session_key (会话密钥) of the answer is not kept anywhere."""

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)


class WeChat:
    """The calls that the product makes. Safe for many threads. Every failure is a `WeChatFault`."""

    def __init__(self, settings: WeChatSettings, tokens: TokenStore, now: Callable[[], datetime]) -> None:
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_drop_query)
        self._settings = settings
        self._now = now
        lease = timedelta(seconds=sum(settings.timeout) + 10)
        self._tokens = TokenKeeper(tokens, self._fetch_token, lease, now)
        self._http = _HardenedClient(settings, self._tokens)

    def code_to_identity(self, js_code: str) -> Identity:
        """Who holds the code of wx.login (good for five minutes and one use). Needs no access token."""
        answer = self._tried(lambda: self._http.wxa.code_to_session(js_code), {})
        if isinstance(answer, WeChatFault):
            raise answer
        unionid = answer.get("unionid")
        return Identity(_text(answer, "openid"), unionid if isinstance(unionid, str) and unionid else None)

    def phone_number(self, code: str) -> str:
        """The user's mainland mobile number, 11 digits, for a code of getPhoneNumber (five minutes, one use, billed).

        `FaultKind.FOREIGN_NUMBER` for any other number: neither the rules' SMS nor the carrier's template reaches it.
        """
        info = self._with_token("wxa/business/getuserphonenumber", {"code": code}).get("phone_info")
        if not isinstance(info, dict):
            raise WeChatFault(FaultKind.UNKNOWN, "unreadable")
        mark = info.get("watermark")
        if not isinstance(mark, dict) or mark.get("appid") != self._settings.appid:
            raise WeChatFault(FaultKind.CODE_USED_OR_WRONG, "other appid")
        number = _text(info, "purePhoneNumber")
        if str(info.get("countryCode")) != "86" or _MOBILE.fullmatch(number) is None:
            raise WeChatFault(FaultKind.FOREIGN_NUMBER, "not a mainland mobile number")
        return number

    def send_subscribe(self, openid: str, template_id: str, page: str, data: Mapping[str, str], state: str) -> str:
        """Send one subscription message (订阅消息) and give its msgid, which the later push event names.

        `data` maps a field (`thing1`) to its text; `state` is miniprogram_state: formal, trial or developer.
        """
        body: dict[str, object] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
            "miniprogram_state": state,
            "lang": "zh_CN",
        }
        if page:
            body["page"] = page
        return str(self._with_token("cgi-bin/message/subscribe/send", body, data).get("msgid", ""))

    def url_link(self, path: str, days: int, version: str) -> str:
        """A link (URL Link) that opens a page of the mini-program from anywhere, for many people, until so many days are over.

        `path` begins with a slash and names a page of the released version; days are at most 30; `version` is release, trial
        or develop. It holds no query: what leads everybody to one place says nothing of anybody.
        """
        body = {"path": path, "query": "", "env_version": version, "expire_type": 1, "expire_interval": days}
        link = _text(self._with_token("wxa/generate_urllink", body), "url_link")
        # People are sent there: it is WeChat's word, but no word of anything than an address is passed on.
        if not link.startswith(f"{urlsplit(self._settings.api_base).scheme}://") or not _ADDRESS.fullmatch(link):
            raise WeChatFault(FaultKind.UNKNOWN, "unreadable")
        return link

    def _with_token(
        self, path: str, body: Mapping[str, object], fields: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Call with the access token; once more, and only once, with another token if WeChat refuses this one."""
        token = self._tokens.current()
        answer = self._tried(lambda: self._http.call(path, body, token), fields or {})
        if isinstance(answer, WeChatFault) and answer.code in _REFUSED_CODES:
            token = self._tokens.instead_of(token)
            answer = self._tried(lambda: self._http.call(path, body, token), fields or {})
        if isinstance(answer, WeChatFault):
            raise answer
        return answer

    def _fetch_token(self, force: bool) -> StoredToken:
        asked_at = self._now()
        body = {
            "grant_type": "client_credential",
            "appid": self._settings.appid,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        answer = self._tried(lambda: self._http.call("cgi-bin/stable_token", body, token=None), {})
        if isinstance(answer, WeChatFault):
            raise _token_fault(answer)
        value, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(lasts, int) or lasts <= 0:
            raise WeChatFault(FaultKind.BUSY, "token unreadable")
        return StoredToken(value, asked_at + timedelta(seconds=lasts))

    @staticmethod
    def _tried(call: Callable[[], object], fields: Mapping[str, str]) -> dict[str, Any] | WeChatFault:
        """The answer's JSON object or the fault, returned and not raised, so that no library exception is its context."""
        try:
            answer = call()
        except requests.RequestException as fault:
            if certainly_not_sent(fault):
                return WeChatFault(FaultKind.BUSY, "connect")
            return WeChatFault(FaultKind.UNKNOWN, "read")
        except WeChatClientException as fault:
            return _refusal(fault, fields)
        except (ValueError, TypeError, RecursionError):  # an errcode that is no number, or JSON without a floor
            return WeChatFault(FaultKind.UNKNOWN, "unreadable")
        return answer if isinstance(answer, dict) else WeChatFault(FaultKind.UNKNOWN, "unreadable")


class _HardenedClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy with bounded requests, our base address everywhere, and the token of the keeper."""

    def __init__(self, settings: WeChatSettings, tokens: TokenKeeper) -> None:
        super().__init__(settings.appid, settings.secret, auto_retry=False)
        self._base = settings.api_base.rstrip("/") + "/"
        self.API_BASE_URL = self._base + "cgi-bin/"
        self.wxa.API_BASE_URL = self._base
        self._keeper = tokens
        adapter = _BoundedAdapter(settings.timeout)
        self._http.mount("https://", adapter)
        self._http.mount("http://", adapter)

    def call(self, path: str, body: Mapping[str, object], token: str | None) -> object:
        """POST a JSON body to a path under the base address."""
        # wechatpy adds its token to parameters that are a dict, and to nothing else.
        params: object = () if token is None else {"access_token": token}
        return self._request("post", path, api_base_url=self._base, params=params, data=dict(body))

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> object:
        if url_or_endpoint.startswith("sns/"):
            kwargs["params"] = tuple(kwargs["params"].items())
        if "data" in kwargs:
            kwargs.setdefault("headers", {"Content-Type": "application/json"})
        # A secret in a body or query must not follow a redirect to another host.
        kwargs["allow_redirects"] = False
        return super()._request(method, url_or_endpoint, **kwargs)

    def fetch_access_token(self) -> None:
        """Renew through the keeper: the library's own way fetches the classic token from a fixed address."""
        self._keeper.current()

    @property
    def access_token(self) -> str:
        return self._keeper.current()


class _BoundedAdapter(HTTPAdapter):
    """Gives every request the settings' time-outs: the library names none, and would ignore its own for tokens."""

    def __init__(self, timeout: tuple[float, float]) -> None:
        super().__init__(pool_maxsize=CONNECTIONS)
        self._timeout = timeout

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # all but the request are keywords here
        return super().send(request, **{**kwargs, "timeout": self._timeout})


_REFUSED_CODES = frozenset(str(code) for code in TOKEN_REFUSED)


def _refusal(fault: WeChatClientException, fields: Mapping[str, str]) -> WeChatFault:
    if fault.errcode is None:
        # A gateway that answers 5xx may have passed the request on before it lost the answer.
        return WeChatFault(FaultKind.UNKNOWN, f"http {fault.response.status_code}")
    if fault.errcode == 47003:
        return field_fault(str(fault.errmsg), fields)
    return fault_of(fault.errcode)


def _token_fault(fault: WeChatFault) -> WeChatFault:
    """A fault of fetching a token, in the words of the call that needed it and was therefore never sent."""
    if fault.kind is FaultKind.UNKNOWN:
        return WeChatFault(FaultKind.BUSY, f"token {fault.code}")
    if fault.kind is FaultKind.TOKEN_TROUBLE:  # here 40001 means the secret
        return WeChatFault(FaultKind.MISCONFIGURED, f"token {fault.code}")
    return WeChatFault(fault.kind, f"token {fault.code}")


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WeChatFault(FaultKind.UNKNOWN, "unreadable")
    return value


def _drop_query(record: logging.LogRecord) -> bool:
    """Take the query off every address that urllib3 logs: it holds the secret, the code or the token."""
    if isinstance(record.args, tuple):
        record.args = tuple(part.partition("?")[0] if isinstance(part, str) else part for part in record.args)
    return True
