"""`jiping run`, `serve`, `sandbox`, `database`, `clock`: the processes of an installation, and its time machine."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import click
from werkzeug.serving import make_server

from miniapp_api.phone_pages import ADDRESS, are_built
from server import schema
from server.clock import MovedClock
from server.commands.alarms import say_alarms
from server.commands.context import application, in_application, now
from server.config import Settings, load_settings
from server.documents.qr import qr_terminal
from server.domain.days import SHANGHAI, local_day, start_of
from server.local import sandbox_settings
from server.sandbox.app import create_sandbox
from server.services.alarms import alarms
from server.services.making_sittings import load_sittings
from server.services.sitting_list import all_sittings, applies_on_the_phone

_INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


# Of one web process.
_CONNECTIONS = 4096


def _settings() -> Settings:
    settings: Settings = application().extensions["jiping_settings"]
    return settings


@click.command()
@in_application
def run() -> None:
    """在这台机器上全部运行：网站、定时任务、沙箱（Ctrl-C 停止）。"""
    settings = _settings()
    if settings.mode == "production":
        raise click.ClickException("正式环境请分别运行 jiping serve 和 python -m scheduler")
    _require_free_ports(settings)
    schema.upgrade(application())
    load_sittings(now())
    _begin_where_something_is_open(settings)
    address = urlsplit(settings.public_url)
    commands = {
        "web": _web(address.port or 8000, 1),
        "scheduler": [sys.executable, "-m", "scheduler"],
        "sandbox": [sys.executable, "-m", "server.cli", "sandbox"],
    }
    # Each in a group of its own: Ctrl-C reaches this process alone, and it stops the others in order.
    running = {name: subprocess.Popen(command, start_new_session=True) for name, command in commands.items()}
    try:
        _say_addresses(settings)
        say_alarms(alarms(now(), starting=True))
        _until_one_ends(running)
    finally:
        _stop(running)


def _require_free_ports(settings: Settings) -> None:
    for url in (settings.public_url, settings.sandbox_url):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", urlsplit(url).port or 80))
            except OSError:
                why = "的端口已被占用：可能已经在运行，或用 JIPING_PORT 换一个端口"
                raise click.ClickException(f"{url} {why}") from None


def _begin_where_something_is_open(settings: Settings) -> None:
    """On a first start after the last window in which one may apply on the phone, begin with the first of them: there is
    nothing to try else."""
    path = settings.clock_file
    rows = [(row, decision) for row, decision in all_sittings() if applies_on_the_phone(row)]
    over = all(row.apply_last < local_day(now()) for row, _ in rows)
    if path is None or path.exists() or not rows or not over or any(decision for _, decision in rows):
        return
    first = min(row.apply_first for row, _ in rows)
    MovedClock(path).go_from(start_of(first) + timedelta(hours=9))


def _say_addresses(settings: Settings) -> None:
    api = f"{settings.public_url}/api/v1/sittings"
    sittings = all_sittings()
    click.echo(f"\n技评 Jiping 已启动，规则 {len({row.rulebook for row, _ in sittings})} 套，考次 {len(sittings)} 个")
    click.echo(f"  接口        {settings.public_url}/api/v1/openapi.json")
    click.echo(f"  考次        {api}")
    click.echo(f"  沙箱收件箱  {settings.sandbox_url}/  （所有短信和微信通知都在这里）")
    click.echo(
        f"  时钟        {now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}  （用 jiping clock set '日期 时:分' 往后拨）"
    )
    if are_built(settings):
        click.echo(f"  手机页面    {settings.public_url}{ADDRESS}")
        click.echo("  扫码打开手机页面（本机地址）：")
        click.echo(qr_terminal(f"{settings.public_url}{ADDRESS}"))
    else:
        click.echo("  手机页面    还没有构建：安装 Node.js 18 或更高版本和 npm 后重新运行 make run")
    click.echo("Ctrl-C 停止\n")


def _until_one_ends(running: dict[str, subprocess.Popen[bytes]]) -> None:
    stopped = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not stopped:
        for name, process in running.items():
            if process.poll() is not None:
                raise click.ClickException(f"{name} 已退出（{process.returncode}），全部停止")
        time.sleep(0.3)


def _stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _web(port: int, workers: int, host: str = "127.0.0.1") -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asginl",
        "--http",
        "1",
        "--no-ws",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        # A connection that says nothing costs little and is soon closed, so that many of them are needed to fill the door.
        "--backlog",
        str(_CONNECTIONS),
        "--backpressure",
        str(_CONNECTIONS),
        "--http1-header-read-timeout",
        "10000",
        # One that is told to stop while it starts may miss it.
        "--workers-kill-timeout",
        "15",
        "--no-access-log",
        "--log-level",
        "error",
        "server.wsgi:door",
    ]


def _allow_files(wanted: int) -> None:
    """Let each process open so many files, where the system allows it: every connection is one, and many begin with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", type=int, default=8000)
@click.option("--workers", type=int, default=2)
@in_application
def serve(host: str, port: int, workers: int) -> None:
    """只运行网站。"""
    load_sittings(now())
    say_alarms(alarms(now()))
    command = _web(port, workers, host)
    _allow_files(2 * _CONNECTIONS)
    os.execv(command[0], command)


@click.command()
@in_application
def sandbox() -> None:
    """只运行沙箱：微信和短信的替身，带收件箱。"""
    settings = _settings()
    if not settings.sandbox_url:
        raise click.ClickException("没有设置沙箱地址；正式环境不能使用沙箱")
    address = urlsplit(settings.sandbox_url)
    clock: MovedClock = application().extensions["jiping_clock"]
    vendors = create_sandbox(sandbox_settings(settings, settings.public_url), clock)
    make_server("127.0.0.1", address.port or 8001, vendors, threaded=True).serve_forever()


@click.group()
def database() -> None:
    """数据库。"""


@database.command("upgrade")
@in_application
def database_upgrade() -> None:
    """建立或升级数据表。"""
    schema.upgrade(application())
    click.echo("数据库已是最新")


@database.command("revise")
@click.argument("number")
@click.argument("message")
@in_application
def database_revise(number: str, message: str) -> None:
    """写出新的迁移（开发用）。"""
    schema.revise(application(), number, message)


@click.group()
def clock() -> None:
    """时间机器：只在非正式环境。"""


def _moved() -> MovedClock:
    path = load_settings().clock_file
    if path is None:
        raise click.ClickException("正式环境不能调整时钟")
    return MovedClock(path)


@clock.command("show")
def clock_show() -> None:
    """现在几点。"""
    click.echo(f"{_moved().now().astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}")


@clock.command("set")
@click.argument("instant", type=_INSTANT)
@click.option("--still", is_flag=True, help="停在这一刻，不再走动")
def clock_set(instant: datetime, still: bool) -> None:
    """把时钟拨到某时（上海时间），从那里继续走。"""
    local = instant.replace(tzinfo=SHANGHAI)
    moved = _moved()
    if still:
        moved.stand_at(local)
    else:
        moved.go_from(local)
    click.echo(f"{moved.now().astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}")


@clock.command("reset")
def clock_reset() -> None:
    """拨回真实时间。"""
    _moved().reset()
    clock_show.callback()  # type: ignore[misc] # click keeps the function there
