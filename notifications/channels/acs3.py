"""Alibaba Cloud's request signature, version 3 (ACS3-HMAC-SHA256): the headers that prove a call to be ours."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
PATH = "/"  # where calls in the RPC style go, all of them


@dataclass(frozen=True)
class Key:
    """An AccessKey of the account."""

    id: str = field(repr=False)
    secret: str = field(repr=False)


def query_string(parameters: Mapping[str, str]) -> str:
    """Parameters as they are signed and as they stand in the address: sorted, every byte but the unreserved escaped."""
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in sorted(parameters.items()))


def signed_headers(
    key: Key, *, host: str, action: str, version: str, query: str, at: datetime, nonce: str
) -> dict[str, str]:
    """The headers of one POST without a body. `query` is that of the address, `at` is real time: the carrier refuses what
    is fifteen minutes off, and a nonce that it has seen before."""
    payload = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": payload,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = "\n".join(("POST", PATH, query, lines, names, payload))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key.secret.encode(), to_sign.encode(), "sha256").hex()
    headers["Authorization"] = f"{ALGORITHM} Credential={key.id},SignedHeaders={names},Signature={signature}"
    return headers


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
