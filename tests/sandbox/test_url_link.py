"""The sandbox makes links as WeChat does, and refuses what WeChat refuses."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import HandClock, Sandbox

GOOD: dict[str, Any] = {
    "path": "/pages/registrations/index",
    "query": "",
    "env_version": "release",
    "expire_type": 1,
    "expire_interval": 30,
}


def made(sandbox: Sandbox, **changes: Any) -> Any:
    return sandbox.post("/wxa/generate_urllink", GOOD | changes, access_token=sandbox.token())


def test_a_link_opens_its_page_for_anybody_until_it_ends(sandbox: Sandbox, clock: HandClock) -> None:
    link = made(sandbox)["url_link"]
    for _ in range(2):
        opened = requests.get(link, timeout=5)
        assert (opened.status_code, GOOD["path"] in opened.text) == (200, True)
    clock.advance(days=30)
    assert requests.get(link, timeout=5).status_code == 410


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"path": "pages/registrations/index"}, 40165),
        ({"path": "/pages/registration/index?number=1"}, 40165),
        ({"path": 7}, 40165),
        ({"query": "a" * 1025}, 40212),
        ({"env_version": "formal"}, 85402),
        ({"expire_type": 0}, 85401),
        ({"expire_interval": 31}, 85401),
        ({"expire_interval": 0}, 85401),
        ({"expire_interval": "30"}, 85401),
    ],
)
def test_what_wechat_refuses_is_refused(sandbox: Sandbox, changes: dict[str, Any], errcode: int) -> None:
    assert made(sandbox, **changes)["errcode"] == errcode


def test_without_a_good_token_there_is_no_link(sandbox: Sandbox) -> None:
    assert sandbox.post("/wxa/generate_urllink", GOOD)["errcode"] == 41001
    assert sandbox.post("/wxa/generate_urllink", GOOD, access_token="wrong")["errcode"] == 40001


def test_faults_hit_it_too(sandbox: Sandbox) -> None:
    sandbox.fault("generate_urllink", "error", code=45009, times=1)
    assert [made(sandbox)["errcode"] for _ in range(2)] == [45009, 0]
