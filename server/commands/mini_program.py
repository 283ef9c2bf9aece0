"""`jiping mini-program`: the mini-program as an institution uploads it, out of the one that is built for all of them."""

import re
from collections.abc import Mapping
from pathlib import Path

import click

#: where `make` builds it, and where a release carries it
BUILT = Path(__file__).parents[2] / "miniapp" / "dist" / "build" / "mp-weixin"
#: what stands in the build for the server's address (miniapp/.env), and for the appid (the kit's own word)
NO_HOST = "https://jiping.invalid"
NO_APPID = "touristappid"

# As WeChat's console takes it: https, a name with a top-level domain, nothing behind it. A Chinese name is in its xn-- form.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"https://(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})")
_APPID = re.compile(r"wx[0-9a-f]{16}")


class NotAsBuilt(Exception):
    """The build does not hold exactly one placeholder of each kind; the text says, for people, which and what to do."""


@click.command("mini-program")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", required=True, help="服务器的公开地址，如 https://协会域名，与服务器配置的 public_url 相同")
@click.option("--appid", required=True, help="小程序的 AppID，wx 加16位")
def mini_program(folder: Path, host: str, appid: str) -> None:
    """把构建好的小程序复制到一个文件夹，写上服务器地址和 AppID，供微信开发者工具上传（不需要 Node.js）。"""
    _refuse_wrong(folder, host, appid)
    files = built(BUILT)
    try:
        written = filled(files, host, appid)
    except NotAsBuilt as fault:
        raise click.ClickException(str(fault)) from None
    try:
        for name, content in written.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as fault:
        raise click.ClickException(f"无法写入 {folder}（{fault.strerror}），请换一个文件夹") from None
    click.echo(f"已存到 {folder}，共{len(written)}个文件")
    click.echo(f"  服务器地址  {host}  （须已填入微信公众平台的三项合法域名）")
    click.echo(f"  AppID      {appid}")
    click.echo("下一步：用微信开发者工具导入这个文件夹，看一遍，上传（docs/mini-program.md 第四节）")


def _refuse_wrong(folder: Path, host: str, appid: str) -> None:
    if not _HOST.fullmatch(host) or host.endswith(".invalid"):
        why = "须为 https:// 加小写域名，不带端口、路径和末尾的斜杠，如 https://example.org；中文域名请写 xn-- 开头的形式"
        raise click.ClickException(f"--host：{why}")
    if not _APPID.fullmatch(appid):
        raise click.ClickException("--appid：须为 wx 加16位数字或小写字母 a–f，在微信公众平台“开发设置”里复制")
    if folder.exists() and not folder.is_dir():
        raise click.ClickException(f"{folder} 是一个文件，请写一个新文件夹的名字")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} 里已有文件，为免混在一起，请写一个新文件夹的名字，或先清空它")


def built(folder: Path) -> dict[str, bytes]:
    """The build's files by their paths within it. Raises ClickException where there is none."""
    if not (folder / "app.json").is_file():
        why = "还没有构建小程序：发布包里带有；源码需要 Node.js 18 或更高版本，在 miniapp 目录中依次运行 npm ci 和 npm run build:mp-weixin"
        raise click.ClickException(why)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def filled(files: Mapping[str, bytes], host: str, appid: str) -> dict[str, bytes]:
    """The files with the address and the appid in the places left for them. Raises NotAsBuilt."""
    done = dict(files)
    for placeholder, value, what in ((NO_HOST, host, "服务器地址"), (NO_APPID, appid, "AppID")):
        place = only_place(done, placeholder, what)
        done[place] = done[place].replace(placeholder.encode(), value.encode())
    return done


def only_place(files: Mapping[str, bytes], placeholder: str, what: str) -> str:
    """The file in which a placeholder stands, once and nowhere else. Raises NotAsBuilt."""
    counts = {name: content.count(placeholder.encode()) for name, content in files.items()}
    places = [name for name, count in counts.items() if count]
    if sum(counts.values()) != 1:
        mend = "请用发布包里的小程序，或去掉 miniapp/.env.local 和环境变量 VITE_API_BASE、改回 src/manifest.json，重新构建"
        raise NotAsBuilt(f"构建好的小程序里，{what}的空位应有1处，实有{sum(counts.values())}处。{mend}")
    return places[0]
