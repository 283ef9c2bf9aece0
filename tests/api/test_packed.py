"""The list of sittings is long and the same for everybody: it comes packed. What is somebody's own does not."""

import gzip
from pathlib import Path

from server.local import local_stack
from tests.api.conftest import MORNING, Newcomer
from tests.books import shipped
from tests.people import SAID


def test_the_list_of_sittings_is_small_on_the_way(sqlite_url: str, tmp_path: Path) -> None:
    with local_stack(tmp_path, migrated=True, books=shipped(), began=MORNING, database_url=sqlite_url) as stack:
        client = stack.app.test_client()
        plain = client.get("/api/v1/sittings")
        packed = client.get("/api/v1/sittings", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) * 10 < len(plain.data)


def test_what_is_somebodys_own_is_not_packed(newcomer: Newcomer) -> None:
    phone = newcomer()
    april = phone.sitting("2026-04")["id"]
    assert phone.call("GET", "sittings").headers["Content-Encoding"] == "gzip", "it is the same for whoever asks"
    assert "Content-Encoding" not in phone.call("GET", "me").headers
    assert "Content-Encoding" not in phone.call("POST", f"sittings/{april}/eligibility", json=SAID).headers
