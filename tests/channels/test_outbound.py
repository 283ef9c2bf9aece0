"""Which faults prove that a request never left: only those before a connection stood."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, ReadTimeoutError, SSLError

from server.outbound import certainly_not_sent
from tests.channels.recorder import Recorder, answer

POOL = HTTPConnectionPool("127.0.0.1")


def fault_of(url: str, proxies: dict[str, str] | None = None) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as caught:
        requests.post(url, b"text", timeout=(0.3, 0.3), proxies=proxies)
    return caught.value


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_refused_connection_is_a_proof() -> None:
    assert certainly_not_sent(fault_of(f"http://127.0.0.1:{closed_port()}/"))


def test_a_name_that_does_not_resolve_is_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    assert certainly_not_sent(fault_of("http://vendor.invalid/"))


def test_a_connection_that_is_not_made_in_time_is_a_proof() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(3)]
        for each in crowd:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        fault = fault_of(f"http://127.0.0.1:{full.getsockname()[1]}/")
        for each in crowd:
            each.close()
    assert isinstance(fault, requests.ConnectTimeout)
    assert certainly_not_sent(fault)


def test_a_proxy_that_cannot_be_reached_is_a_proof() -> None:
    proxy = f"http://127.0.0.1:{closed_port()}"
    fault = fault_of("https://vendor.invalid/", {"http": proxy, "https": proxy})
    assert isinstance(fault, requests.exceptions.ProxyError)
    assert certainly_not_sent(fault)


@contextmanager
def impostor(folder: Path) -> Iterator[int]:
    """A TLS server whose certificate nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vendor.invalid")])
    begins = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "impostor.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,))
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(5)
        assert not thread.is_alive()


def test_a_certificate_that_is_not_trusted_is_a_proof(tmp_path: Path) -> None:
    with impostor(tmp_path) as port:
        fault = fault_of(f"https://127.0.0.1:{port}/")
    assert isinstance(fault, requests.exceptions.SSLError)
    assert certainly_not_sent(fault)


@pytest.mark.parametrize(
    "reply",
    [
        None,
        b"",
        b"no http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        answer(b"", "307 Temporary Redirect\r\nLocation: nonsense://"),
    ],
)
def test_nothing_after_a_connection_stood_is_a_proof(reply: bytes | None) -> None:
    with Recorder(lambda request: reply) as recorder:
        assert not certainly_not_sent(fault_of(f"http://127.0.0.1:{recorder.port}/"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: None,
        lambda: OSError("connection refused"),
        requests.ConnectionError,
        lambda: requests.ConnectionError("Failed to establish a new connection"),
        requests.Timeout,
        lambda: requests.ConnectionError(MaxRetryError(POOL, "/", ReadTimeoutError(POOL, "/", "silence"))),
        lambda: requests.exceptions.SSLError(MaxRetryError(POOL, "/", SSLError(ssl.SSLError("bad record mac")))),
    ],
)
def test_words_and_faults_that_may_come_after_sending_are_no_proof(make: Callable[[], BaseException | None]) -> None:
    assert not certainly_not_sent(make())
