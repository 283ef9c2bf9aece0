"""Encryption at rest, blind indexes, and one-way codes: what keeps a stolen database from naming people."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# No o, i, l, 0, 1: a number is read out over the telephone and typed by people who are not at ease with it.
SPOKEN_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class SealBroken(Exception):
    """A value that this key never sealed, or not for this place."""


class FieldCipher:
    """AES-256-GCM with a key id in front, and a keyed one-way index with another key.

    keys: key id (0 to 255) to 32 bytes; the highest id seals, all of them open, so that keys can be renewed.
    """

    def __init__(self, keys: Mapping[int, bytes], index_key: bytes) -> None:
        if not keys or any(len(key) != 32 for key in keys.values()) or len(index_key) < 32:
            raise ValueError("keys must have 32 bytes")
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._current = max(keys)
        self._index_key = index_key

    def seal(self, value: bytes, place: str) -> bytes:
        nonce = os.urandom(12)
        return bytes([self._current]) + nonce + self._ciphers[self._current].encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        # a key id, a nonce of 12 bytes and a tag of 16 are there even around an empty value
        cipher = self._ciphers.get(sealed[0]) if len(sealed) >= 29 else None
        if cipher is None:
            raise SealBroken(place)
        try:
            return cipher.decrypt(sealed[1:13], sealed[13:], place.encode())
        except InvalidTag:
            raise SealBroken(place) from None

    def index(self, value: str, purpose: str) -> str:
        """A value's keyed fingerprint: equal values can be found, and nothing can be read back."""
        return hmac.new(self._index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """The fingerprint under which a random token is kept; a token of 128 bits or more needs no key."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A capability of 128 bits in 22 characters, fit for an address and for WeChat's scene of 32."""
    return secrets.token_urlsafe(16)


def spoken_code(length: int) -> str:
    """A random code that can be read out."""
    return "".join(secrets.choice(SPOKEN_ALPHABET) for _ in range(length))


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
