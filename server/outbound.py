"""Requests to vendors: whether one certainly never left this machine, which is what allows it to be sent again; and that
no address is ever logged with its query."""

import logging
import re
import ssl
from collections.abc import Mapping

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import MaxRetryError, NewConnectionError
from urllib3.exceptions import SSLError as TransportSSLError


def certainly_not_sent(fault: BaseException | None) -> bool:
    """True only when an exception of `requests` proves that no byte of the request reached the vendor.

    The proofs are: the name did not resolve, the connection was refused or not made in time, the proxy was not reached,
    the vendor's certificate was not trusted. Whatever happened after a connection stood (reset, silence, half an answer)
    proves nothing, because the vendor may have acted before it fell silent.
    """
    if isinstance(fault, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if not isinstance(fault, requests.exceptions.ConnectionError) or not fault.args:
        return False
    cause = fault.args[0]
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    if isinstance(reason, TransportSSLError):
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, NewConnectionError)


class PlainSession:
    """What the kits of vendors need of a session of `requests`, and nothing besides: no redirect is followed, no cookie kept,
    and neither a .netrc nor the environment changes the request. For a call of one kind this is half of a session's work.

    Each has connections of its own; a proxy goes only where the kit names one.
    """

    def __init__(self) -> None:
        self._adapter = HTTPAdapter()

    def request(
        self,
        *,
        method: str,
        url: str,
        data: str | bytes | None,
        headers: Mapping[str, str],
        proxies: Mapping[str, str] | None,
        verify: bool | str,
        timeout: tuple[float, float],
        stream: bool,
    ) -> requests.Response:
        """Raises requests.RequestException, and TooManyRedirects for any redirect: the vendor may have acted before it."""
        prepared = requests.PreparedRequest()  # as the kit made it: but for the length nothing is left to prepare
        body = data.encode() if isinstance(data, str) else data or b""
        prepared.method, prepared.url, prepared.body = method, url, body
        prepared.headers = CaseInsensitiveDict({**headers, "Content-Length": str(len(body))})
        response = self._adapter.send(prepared, stream, timeout, verify, proxies=dict(proxies or {}))
        if response.is_redirect:
            response.close()
            raise requests.TooManyRedirects
        return response


def hide_queries() -> None:
    """Keep the queries of addresses out of the transport's log lines: some vendors want numbers and texts in them."""
    logging.getLogger("urllib3.connectionpool").addFilter(_WITHOUT_QUERY)  # one more time changes nothing


class _WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
        return True


_QUERY = re.compile(r"\?\S+")
_WITHOUT_QUERY = _WithoutQuery()
