"""What /m/ gives out: the built pages and nothing else of the machine, kept long where it cannot change."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.config import development

SCRIPT = "console.log('一')\n" * 200


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "h5"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>申报</title>", "utf-8")
    (folder / "assets" / "index-1a2b.js").write_text(SCRIPT, "utf-8")
    (folder / "sw.js").write_text("self.addEventListener('fetch', () => undefined)", "utf-8")
    (folder / "assets" / "notes.txt").write_text("ours", "utf-8")
    (tmp_path / "secret.json").write_text("{}", "utf-8")
    return folder


@pytest.fixture
def client(built: Path, tmp_path: Path) -> FlaskClient:
    return create_app(development(tmp_path / "var", phone_pages=str(built))).test_client()


def test_the_pages_open_under_a_policy_that_lets_nothing_foreign_in(client: FlaskClient) -> None:
    page = client.get("/m/")
    assert (page.status_code, page.mimetype, page.headers["Cache-Control"]) == (200, "text/html", "no-cache")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "http" not in policy
    assert "*" not in policy


def test_without_its_slash_the_address_is_mended(client: FlaskClient) -> None:
    answer = client.get("/m")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/m/")


def test_the_worker_is_asked_for_anew_each_time_and_rules_the_pages_alone(client: FlaskClient) -> None:
    worker = client.get("/m/sw.js")
    assert (worker.status_code, worker.mimetype, worker.headers["Cache-Control"]) == (
        200,
        "text/javascript",
        "no-cache",
    )
    assert "worker-src 'self';" in worker.headers["Content-Security-Policy"]
    assert "Service-Worker-Allowed" not in worker.headers, "its scope is the folder that it lies in"


def test_what_is_named_after_its_content_is_kept_for_a_year(client: FlaskClient) -> None:
    asset = client.get("/m/assets/index-1a2b.js")
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asset.mimetype == "text/javascript"


def test_scripts_come_packed_to_those_who_can_unpack(client: FlaskClient) -> None:
    plain = client.get("/m/assets/index-1a2b.js")
    packed = client.get("/m/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == SCRIPT.encode()
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) * 10 < len(plain.data)


def test_an_index_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/m/").headers["ETag"]
    assert client.get("/m/", headers={"If-None-Match": tag}).status_code == 304


def test_pages_built_anew_are_shown_at_once(client: FlaskClient, built: Path) -> None:
    client.get("/m/")
    (built / "index.html").write_text("<!doctype html><title>更新</title>", "utf-8")
    assert "更新" in client.get("/m/").text


@pytest.mark.parametrize(
    "name", ["../secret.json", "%2e%2e/secret.json", "assets/../../secret.json", "assets/notes.txt"]
)
def test_nothing_else_of_the_machine_is_given_out(client: FlaskClient, name: str) -> None:
    assert client.get(f"/m/{name}").status_code == 404


def test_a_wrong_address_leads_to_the_first_page(client: FlaskClient) -> None:
    answer = client.get("/m/nothing.html")
    assert answer.status_code == 404
    assert 'href="/m/"' in answer.text


def test_where_nothing_is_built_the_page_says_what_to_do(tmp_path: Path) -> None:
    client = create_app(development(tmp_path / "var", phone_pages=str(tmp_path / "none"))).test_client()
    answer = client.get("/m/")
    assert answer.status_code == 404
    assert "小程序" in answer.text
    assert "make run" in answer.text
