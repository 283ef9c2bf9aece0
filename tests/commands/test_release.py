"""What a release holds, and that whoever unpacks it needs no Node."""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.app import create_app
from server.commands import release as module
from server.commands.mini_program import NO_HOST
from server.commands.release import H5, MINI, RELEASED, ROOT, CannotRelease, release, require_committed, write
from server.config import development

TOOLS = ("sh", "bash", "make", "find", "sha256sum", "shasum", "id", "touch", "mkdir", "rm", "test", "cat", "true")
FROM_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


def run(*words: str | Path, within: Path, **environment: str) -> str:
    """What it prints. These tests may be run by `make` themselves; whoever unpacks a release calls it from a shell."""
    shell = {name: value for name, value in os.environ.items() if name not in FROM_MAKE}
    done = subprocess.run(
        [str(word) for word in words],
        check=True,
        cwd=within,
        env={**shell, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout + done.stderr


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)


# --- of the sources and the build that are here


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / H5 / "index.html").exists() or not (ROOT / MINI / "app.json").exists():
        pytest.skip(
            "the phone pages and the mini-program are not built: they need Node.js 18 or later; then make test"
        )
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout: a release is made of what is committed")
    return write(ROOT, tmp_path_factory.mktemp("release"))


def unpack(archive: Path, folder: Path) -> None:
    """As somebody does who has fetched it."""
    subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True, timeout=60)


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    unpack(archive, tmp_path)
    (folder,) = tmp_path.glob("jiping-*")
    return folder


def members(archive: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(archive) as tar:
        return {one.name: one for one in tar.getmembers()}


def test_it_holds_what_is_committed_and_what_is_built_and_nothing_else(archive: Path) -> None:
    assert re.fullmatch(r"jiping-\d+\.\d+\.\d+\.tar\.gz", archive.name)
    top = archive.name.removesuffix(".tar.gz")
    names = {name.removeprefix(f"{top}/") for name in members(archive)}
    committed = set(run("git", "ls-tree", "-r", "-z", "--name-only", "HEAD", within=ROOT).rstrip("\0").split("\0"))
    assert names >= committed
    assert {f"{H5}index.html", f"{H5}sw.js", f"{MINI}app.json", f"{MINI}platform.js", RELEASED} <= names
    others = names - committed - {RELEASED}
    assert {name for name in others if not name.startswith((H5, MINI))} == set()
    strange = re.compile(r"node_modules/|(^|/)var/|\.local$|\.map$|secrets?\.json$|\.sqlite|\.venv|\.git/")
    assert [name for name in names if strange.search(name)] == []


def test_it_says_nothing_of_who_made_it_where_and_when(archive: Path, tmp_path: Path) -> None:
    moment = int(run("git", "log", "-1", "--format=%ct", within=ROOT))
    found = members(archive).values()
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in found} == {(0, 0, "", "", moment)}
    assert {stat.S_IMODE(one.mode) for one in found} == {0o644, 0o755}
    assert {one.type for one in found} == {tarfile.REGTYPE}
    assert str(ROOT).encode() not in gzip_free(archive)
    assert write(ROOT, tmp_path).read_bytes() == archive.read_bytes()


def gzip_free(archive: Path) -> bytes:
    with tarfile.open(archive) as tar:
        return b"".join((tar.extractfile(one) or pytest.fail(one.name)).read() for one in tar)


def test_the_pages_of_an_unpacked_release_are_served(unpacked: Path, tmp_path: Path) -> None:
    app = create_app(development(tmp_path / "var", phone_pages=str(unpacked / H5)))
    page = app.test_client().get("/m/")
    assert page.status_code == 200
    script = re.findall(r'src="\./(assets/[^"]+\.js)"', page.text)[0]
    assert app.test_client().get(f"/m/{script}").mimetype == "text/javascript"
    assert app.test_client().get("/m/sw.js").status_code == 200


def test_the_mini_program_of_a_release_is_of_no_institution(unpacked: Path) -> None:
    assert NO_HOST in (unpacked / MINI / "platform.js").read_text("utf-8")


# --- on the machine of whoever unpacks it


@pytest.fixture
def machine(unpacked: Path, tmp_path: Path) -> Callable[..., str]:
    """`make` in the unpacked release, where all but the client is set up; without Node, or with one that writes down what
    it is asked for."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    program(tools / "apt-get", "#!/bin/sh\necho apt-get $*\n")
    for name in ("jiping", "python"):
        program(unpacked / ".venv" / "bin" / name, f"#!/bin/sh\necho {name} $*\n")
    for name in ("ruff", "mypy"):
        program(unpacked / ".venv" / "bin" / name, "#!/bin/sh\n")
    for stamp in ("ready", "fonts-seen", "browser-seen"):
        (unpacked / ".venv" / stamp).touch()

    def make(target: str, *, node: bool = False) -> str:
        if node:
            program(tools / "node", "#!/bin/sh\nexit 0\n")
            program(tools / "npm", "#!/bin/sh\necho npm $* >&2\n")
        return run("make", target, within=unpacked, PATH=str(tools))

    return make


@pytest.mark.parametrize("node", [False, True], ids=["without Node", "with Node"])
def test_make_run_uses_the_pages_as_they_came(machine: Callable[..., str], node: bool) -> None:
    assert machine("run", node=node) == "jiping run\n"


def test_that_a_copy_made_all_files_new_changes_nothing(machine: Callable[..., str], unpacked: Path) -> None:
    for path in (unpacked / "miniapp" / "src").rglob("*"):
        path.touch()
    assert machine("run", node=True) == "jiping run\n"


def change_a_page(unpacked: Path) -> None:
    page = unpacked / "miniapp" / "src" / "pages" / "me" / "index.vue"
    page.write_text(page.read_text("utf-8") + "\n<!-- ours -->\n", "utf-8")


def lose_a_built_file(unpacked: Path) -> None:
    next((unpacked / H5 / "assets").glob("pages-ticket-*.js")).unlink()


@pytest.mark.parametrize("deed", [change_a_page, lose_a_built_file])
def test_whoever_changes_something_builds_with_node(
    machine: Callable[..., str], unpacked: Path, deed: Callable[[Path], None]
) -> None:
    deed(unpacked)
    told = machine("run", node=True)
    assert "npm ci " in told
    assert "npm run -s build:h5" in told
    assert told.endswith("jiping run\n") or "jiping run\n" in told
    assert "build:h5" not in machine("run", node=True), "once is enough"


def test_whoever_changes_something_without_node_is_told_that_the_old_pages_stay(
    machine: Callable[..., str], unpacked: Path, tmp_path: Path
) -> None:
    (tmp_path / "tools" / "id").unlink()
    program(tmp_path / "tools" / "id", "#!/bin/sh\necho 1000\n")  # nobody who may install packages
    change_a_page(unpacked)
    assert "现在用的还是发布包带来的" in machine("run")


@pytest.mark.parametrize("target", ["test", "check"])
def test_without_node_tests_and_checks_run_and_say_what_is_skipped(machine: Callable[..., str], target: str) -> None:
    told = machine(target)
    assert "客户端自己的检查和模拟运行跳过" in told
    assert "没有构建" not in told
    assert "apt-get" not in told
    assert ("python -m pytest" in told) == (target == "test")


def test_with_node_tests_fetch_packages_and_build_nothing(machine: Callable[..., str]) -> None:
    told = machine("test", node=True)
    assert told.count("npm ci ") == 2
    assert "build:" not in told


def test_cleaning_leaves_what_the_release_brought(machine: Callable[..., str], unpacked: Path) -> None:
    machine("clean")
    assert (unpacked / H5 / "index.html").is_file()
    assert not (unpacked / ".venv").exists()


# --- of a small checkout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if shutil.which("git") is None:
        pytest.skip("no git on this machine")
    for key in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(key, raising=False)
    root = tmp_path / "checkout"
    for name, text in {
        "pyproject.toml": '[project]\nversion = "1.2.3"\n',
        ".gitignore": "dist/\n",
        "miniapp/src/main.ts": "a",
        "miniapp/tests/a.test.ts": "a",
        "miniapp/.env": "a",
        "说明.md": "a",
        f"{H5}index.html": "<!doctype html>",
        f"{MINI}app.json": "{}",
        f"{MINI}platform.js": f'a="{NO_HOST}"',
        f"{MINI}project.config.json": '"touristappid"',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    run("git", "init", "-q", within=root)
    run("git", "add", "-A", within=root)
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    run("git", *who, "commit", "-q", "-m", "a", within=root)
    return root


def test_what_decides_a_build_and_what_was_built_are_listed_with_their_digests(
    checkout: Path, tmp_path: Path
) -> None:
    unpack(write(checkout, tmp_path), tmp_path)
    listed = dict(line.split("  ")[::-1] for line in (tmp_path / "jiping-1.2.3" / RELEASED).read_text().splitlines())
    built = {f"{H5}index.html", f"{MINI}app.json", f"{MINI}platform.js", f"{MINI}project.config.json"}
    assert set(listed) == built | {"miniapp/src/main.ts", "miniapp/.env"}
    assert listed["miniapp/src/main.ts"] == hashlib.sha256(b"a").hexdigest()


@pytest.mark.parametrize(("name", "text"), [("miniapp/src/main.ts", "b"), ("说明.md", "b"), ("new.txt", "b")])
def test_what_is_not_committed_stops_it(checkout: Path, name: str, text: str) -> None:
    require_committed(checkout)
    (checkout / name).write_text(text, "utf-8")
    with pytest.raises(CannotRelease, match=f"有改动没有提交，不能制作发布包：{name}。请先提交"):
        require_committed(checkout)


def test_a_folder_within_another_checkout_is_none(checkout: Path) -> None:
    (checkout / "dist" / "jiping").mkdir(parents=True)
    with pytest.raises(CannotRelease, match="不是 git 检出的源码"):
        require_committed(checkout / "dist" / "jiping")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (f"{MINI}platform.js", 'a="https://example.org"', "服务器地址的空位应有1处，实有0处"),
        (f"{MINI}project.config.json", '"wx0123456789abcdef"', "AppID的空位应有1处，实有0处"),
        (f"{H5}assets/a.js", "{root}/miniapp/src/main.ts", "这台机器的路径或调试文件，不能发布：miniapp/dist/build/h5/assets/a.js"),
        (f"{H5}assets/a.js.map", "{{}}", "这台机器的路径或调试文件"),
    ],
)  # fmt: skip
def test_a_build_that_is_somebodys_is_not_released(
    checkout: Path, tmp_path: Path, name: str, text: str, words: str
) -> None:
    (checkout / name).parent.mkdir(exist_ok=True)
    (checkout / name).write_text(text.replace("{root}", str(checkout)), "utf-8")
    with pytest.raises(CannotRelease, match=words):
        write(checkout, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_a_build_it_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    (checkout / H5 / "index.html").unlink()
    with pytest.raises(CannotRelease, match="make release"):
        write(checkout, tmp_path / "out")


def test_it_says_where_the_archive_is_and_its_digest(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROOT", checkout)
    assert CliRunner().invoke(release, ["--check"]).output == ""
    told = CliRunner().invoke(release, ["--into", str(tmp_path / "out")])
    path = tmp_path / "out" / "jiping-1.2.3.tar.gz"
    assert told.exit_code == 0, told.output
    assert str(path) in told.stdout
    assert hashlib.sha256(path.read_bytes()).hexdigest() in told.stdout
    (checkout / "new.txt").write_text("b", "utf-8")
    refused = CliRunner().invoke(release, ["--check"])
    assert (refused.exit_code, "有改动没有提交" in refused.stderr) == (1, True)
