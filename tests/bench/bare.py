"""The floors: the least that any program would do for the same rows, calls or pages."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

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
    """An SMS carrier that says yes to everything after a while, any number at once: host and port. It is a process of its
    own, or it would take its share of the time of whoever is measured."""
    apart = get_context("spawn")
    here, there = apart.Pipe()
    process = apart.Process(target=_carry, args=(milliseconds, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _carry(milliseconds: int, talk: Connection) -> None:
    answer = {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "", "Message": ""}], "RequestId": "r"}}
    serial = iter(range(10**9))

    async def talk_to(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
        server = await asyncio.start_server(talk_to, "127.0.0.1", 0, backlog=512)
        talk.send(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await server.serve_forever()

    asyncio.run(serve())
