"""`jiping mini-program`: the built mini-program with an institution's address and appid in it, or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.commands import mini_program
from server.commands.mini_program import BUILT, NO_APPID, NO_HOST

HOST, APPID = "https://example.org", "wx0123456789abcdef"


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small build, in the shape of the kit's."""
    folder = tmp_path / "mp-weixin"
    (folder / "pages" / "sittings").mkdir(parents=True)
    (folder / "app.json").write_text('{"pages": ["pages/sittings/index"]}', "utf-8")
    (folder / "platform.js").write_text(f'"use strict";exports.API_BASE="{NO_HOST}",exports.IN_WECHAT=!0;', "utf-8")
    (folder / "pages" / "sittings" / "index.wxml").write_text("<view>考次</view>", "utf-8")
    (folder / "project.config.json").write_text(f'{{\n  "appid": "{NO_APPID}"\n}}', "utf-8")
    monkeypatch.setattr(mini_program, "BUILT", folder)
    return folder


def jiping(folder: Path, host: str = HOST, appid: str = APPID) -> Result:
    return CliRunner().invoke(main, ["mini-program", str(folder), "--host", host, "--appid", appid])


def refused(done: Result, words: str) -> None:
    assert (done.exit_code, type(done.exception), done.stdout) == (1, SystemExit, "")
    assert words in done.stderr


def contents(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


@pytest.mark.parametrize("host", [HOST, "https://apply.jishi-xiehui.org.cn", "https://xn--fiq228c.xn--fiqs8s"])
def test_address_and_appid_stand_in_the_copy_and_all_else_is_as_built(build: Path, tmp_path: Path, host: str) -> None:
    before = contents(build)
    done = jiping(tmp_path / "new" / "upload", host)
    assert done.exit_code == 0, done.output
    made = contents(tmp_path / "new" / "upload")
    assert made["platform.js"] == f'"use strict";exports.API_BASE="{host}",exports.IN_WECHAT=!0;'
    assert made["project.config.json"] == f'{{\n  "appid": "{APPID}"\n}}'
    changed = {name for name in before if made[name] != before[name]}
    assert (set(made), changed) == (set(before), {"platform.js", "project.config.json"})
    assert contents(build) == before
    assert host in done.stdout
    assert "共4个文件" in done.stdout


@pytest.mark.parametrize(
    "host",
    [
        "http://example.org",
        "example.org",
        "https://example.org:443",
        "https://example.org/",
        "https://example.org/api",
        "https://example.org?x",
        "https://user@example.org",
        "https://localhost",
        "https://127.0.0.1",
        "https://技师协会.org",
        "https://Example.org",
        "https://-a.org",
        "https://example.org\n",
        'https://example.org";a="',
        NO_HOST,
        "",
    ],
)
def test_an_address_that_wechat_would_not_take_is_refused(build: Path, tmp_path: Path, host: str) -> None:
    refused(jiping(tmp_path / "upload", host), "--host：须为 https:// 加小写域名")
    assert not (tmp_path / "upload").exists()


@pytest.mark.parametrize(
    "appid", [NO_APPID, "wx0123456789abcde", "wx0123456789abcdeg", "wx0123456789ABCDEF", "0123456789abcdef01", ""]
)
def test_an_appid_of_another_form_is_refused(build: Path, tmp_path: Path, appid: str) -> None:
    refused(jiping(tmp_path / "upload", appid=appid), "--appid：须为 wx 加16位")
    assert not (tmp_path / "upload").exists()


def test_a_folder_with_something_in_it_is_left_alone(build: Path, tmp_path: Path) -> None:
    folder = tmp_path / "upload"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    refused(jiping(folder), "里已有文件")
    assert contents(folder) == {"mine.txt": "mine"}


def test_an_empty_folder_will_do(build: Path, tmp_path: Path) -> None:
    (tmp_path / "upload").mkdir()
    assert jiping(tmp_path / "upload").exit_code == 0


def test_a_file_is_no_folder(build: Path, tmp_path: Path) -> None:
    (tmp_path / "upload").write_text("mine", "utf-8")
    refused(jiping(tmp_path / "upload"), "是一个文件")
    refused(jiping(tmp_path / "upload" / "within"), "无法写入")


def test_where_nothing_is_built_it_says_how_to_come_by_it(build: Path, tmp_path: Path) -> None:
    (build / "app.json").unlink()
    refused(jiping(tmp_path / "upload"), "还没有构建小程序：发布包里带有")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("platform.js", 'exports.API_BASE="https://other.org"', "服务器地址的空位应有1处，实有0处"),
        ("platform.js", f'exports.API_BASE="{NO_HOST}";a="{NO_HOST}"', "服务器地址的空位应有1处，实有2处"),
        ("app.js", f'const a="{NO_HOST}"', "服务器地址的空位应有1处，实有2处"),
        ("project.config.json", '{"appid": "wx00000000000000aa"}', "AppID的空位应有1处，实有0处"),
        ("project.private.config.json", f'{{"appid": "{NO_APPID}"}}', "AppID的空位应有1处，实有2处"),
    ],
)
def test_a_build_that_is_somebodys_already_is_not_filled_in_again(
    build: Path, tmp_path: Path, name: str, text: str, words: str
) -> None:
    (build / name).write_text(text, "utf-8")
    refused(jiping(tmp_path / "upload"), words)
    assert not (tmp_path / "upload").exists()


def test_the_real_build_can_be_filled_in(tmp_path: Path) -> None:
    if not (BUILT / "app.json").exists():
        pytest.skip("the mini-program is not built: it needs Node.js 18 or later; then make test")
    done = jiping(tmp_path / "upload")
    assert done.exit_code == 0, done.output
    made = {path: path.read_bytes() for path in (tmp_path / "upload").rglob("*") if path.is_file()}
    assert not [path for path, content in made.items() if NO_HOST.encode() in content or NO_APPID.encode() in content]
    assert [path.name for path, content in made.items() if HOST.encode() in content] == ["platform.js"]
    assert [path.name for path, content in made.items() if APPID.encode() in content] == ["project.config.json"]
