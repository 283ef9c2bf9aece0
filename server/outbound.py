"""Requests to vendors: whether one certainly never left this machine, which is what allows it to be sent again; and that
no address is ever logged with its query."""

import logging
import re
import ssl

import requests
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


def hide_queries() -> None:
    """Keep the queries of addresses out of the transport's log lines: some vendors want numbers and texts in them."""
    logging.getLogger("urllib3.connectionpool").addFilter(_WITHOUT_QUERY)  # one more time changes nothing


class _WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), ()
        return True


_QUERY = re.compile(r"\?\S+")
_WITHOUT_QUERY = _WithoutQuery()
