"""The floors: the least that any program would do for the same rows, calls or pages."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, jsonify, request
from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, String, Table, create_engine, insert

ROWS_OF_A_REGISTRATION = 7  # registration, its evidence, its move, audit, cause, notice, idempotency key

metadata = MetaData()
bare_rows = Table(
    "bare_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64)),
    Column("content", LargeBinary),
)


def bare_app(url: str) -> Flask:
    """One endpoint that parses JSON and writes as many rows as a registration does, in one commit."""
    engine: Engine = create_engine(url, pool_size=20)
    app = Flask(__name__)

    @app.post("/rows")
    def rows() -> tuple[Response, int]:
        name = request.get_json()["alternative"]
        with engine.begin() as connection:
            for _ in range(ROWS_OF_A_REGISTRATION):
                connection.execute(insert(bare_rows).values(name=name, content=b"x" * 200))
        return jsonify(ok=True), 201

    app.extensions["bare_engine"] = engine
    return app


@contextmanager
def slow_carrier(milliseconds: int) -> Iterator[str]:
    """An SMS carrier that says yes to everything after a while, any number at once: host and port."""
    answer = {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "", "Message": ""}], "RequestId": "r"}}
    loop = asyncio.new_event_loop()
    started = threading.Event()
    where: list[str] = []
    serial = iter(range(10**9))

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                await reader.readexactly(int(lengths[0].split(b":")[1]))
                await asyncio.sleep(milliseconds / 1000)
                answer["Response"]["SendStatusSet"][0]["SerialNo"] = str(next(serial))  # type: ignore[index]
                body = json.dumps(answer).encode()
                length = str(len(body)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length)
                writer.write(b"\r\n\r\n" + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=512)
        where.append(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        started.set()

    async def hang_up() -> None:
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield where[0]
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
