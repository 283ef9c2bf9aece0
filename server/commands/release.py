"""`make release`: one archive of what is committed, with the phone pages and the mini-program built.

Whoever unpacks it needs no Node. The same commit and the same build make the same archive, byte by byte.
"""

import gzip
import hashlib
import io
import subprocess
import tarfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

import click

from server.commands.mini_program import NO_APPID, NO_HOST, NotAsBuilt, only_place

ROOT = Path(__file__).parents[2]
H5, MINI = "miniapp/dist/build/h5/", "miniapp/dist/build/mp-weixin/"
#: lists the digests of what was built and of what it was built from, for `sha256sum -c`: the Makefile asks it
RELEASED = "miniapp/dist/RELEASED"
_EXECUTABLE, _PLAIN = 0o755, 0o644

Files = dict[str, tuple[bytes, int]]


class CannotRelease(Exception):
    """Why there can be no release, in words for people."""


@click.command()
@click.option("--check", is_flag=True, help="只看能不能制作，不写文件")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "dist", help="放在哪个文件夹"
)
def release(check: bool, into: Path) -> None:
    """制作发布包：已提交的源码，加上构建好的手机页面和小程序。"""
    try:
        require_committed(ROOT)
        if check:
            return
        path = write(ROOT, into)
    except CannotRelease as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"发布包  {path}  （{path.stat().st_size / 1e6:.1f} MB）")
    click.echo(f"SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


def require_committed(root: Path) -> None:
    """Raises CannotRelease where this is no checkout of its own, or holds what is not committed."""
    if Path(_git(root, "rev-parse", "--show-toplevel").decode().strip()) != root.resolve():
        raise CannotRelease("这里不是 git 检出的源码，不能制作发布包")
    changed = _git(root, "-c", "core.quotePath=false", "status", "--porcelain").decode().splitlines()
    if changed:
        names = "、".join(line[3:] for line in changed[:5]) + ("等" if len(changed) > 5 else "")
        raise CannotRelease(f"有改动没有提交，不能制作发布包：{names}。请先提交，或撤销改动")


def write(root: Path, into: Path) -> Path:
    """The archive of HEAD and of the build that lies beside it; its path. Raises CannotRelease."""
    sources = committed(root)
    built = carried(root)
    files = sources | built
    files[RELEASED] = (_digests(sources, built), _PLAIN)
    version = tomllib.loads(sources["pyproject.toml"][0].decode())["project"]["version"]
    name = f"jiping-{version}"
    moment = int(_git(root, "log", "-1", "--format=%ct"))
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{name}.tar.gz"
    path.write_bytes(_packed({f"{name}/{inside}": file for inside, file in files.items()}, moment))
    return path


def committed(root: Path) -> Files:
    """The files of HEAD by their paths. Raises CannotRelease where one is no plain file."""
    found: Files = {}
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "--format=tar", "HEAD"))) as tar:
        for one in tar:
            content = tar.extractfile(one) if one.isfile() else None
            if content is not None:
                found[one.name] = (content.read(), _EXECUTABLE if one.mode & 0o100 else _PLAIN)
            elif not one.isdir():
                raise CannotRelease(f"{one.name} 不是普通文件，发布包里不能有")
    return found


def carried(root: Path) -> Files:
    """What was built, of no institution and of no machine. Raises CannotRelease."""
    found: Files = {}
    for folder, first in ((H5, "index.html"), (MINI, "app.json")):
        if not (root / folder / first).is_file():
            raise CannotRelease(f"还没有构建 {folder}：请运行 make release，需要 Node.js 18 或更高版本和 npm")
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                found[path.relative_to(root).as_posix()] = (path.read_bytes(), _PLAIN)
    _require_nobodys(root, {name: content for name, (content, _) in found.items()})
    return found


def _require_nobodys(root: Path, built: Mapping[str, bytes]) -> None:
    mini = {name: content for name, content in built.items() if name.startswith(MINI)}
    try:
        only_place(mini, NO_HOST, "服务器地址")
        only_place(mini, NO_APPID, "AppID")
    except NotAsBuilt as fault:
        raise CannotRelease(str(fault)) from None
    here = str(root.resolve()).encode()
    telling = [name for name, content in built.items() if here in content or name.endswith(".map")]
    if telling:
        raise CannotRelease(f"构建结果里有这台机器的路径或调试文件，不能发布：{'、'.join(telling[:5])}")


def _digests(sources: Files, built: Files) -> bytes:
    """Of what decides what is built, and of what was: a line each, as `sha256sum -c` reads them."""
    deciding = {name: file for name, file in sources.items() if _decides(name)}
    lines = [
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, (content, _) in sorted((deciding | built).items())
    ]
    return "".join(lines).encode()


def _decides(name: str) -> bool:
    """Is this a file that the build reads? The client's tests, simulation and measurements are not."""
    if name in {"miniapp/README.md", "miniapp/vitest.config.ts"}:
        return False
    return name.startswith(("miniapp/src/", "miniapp/tools/")) or Path(name).parent == Path("miniapp")


def _packed(files: Files, moment: int) -> bytes:
    """An archive that holds nothing of who made it, where and when; `moment` is the commit's."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, (content, mode) in sorted(files.items()):
            one = tarfile.TarInfo(name)
            one.size, one.mode, one.mtime = len(content), mode, moment
            tar.addfile(one, io.BytesIO(content))
    return out.getvalue()


def _git(root: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], check=False, capture_output=True)  # noqa: S603, S607 -- our own words
    except FileNotFoundError:
        raise CannotRelease("没有安装 git，不能制作发布包") from None
    if done.returncode != 0:
        raise CannotRelease("这里不是 git 检出的源码，不能制作发布包")
    return done.stdout


if __name__ == "__main__":
    release()
