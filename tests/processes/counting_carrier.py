"""An SMS carrier (Tencent's interface) made for numbers: it keeps nothing but how often each of our references came."""

import asyncio
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ACTION = b"x-tc-action:"
LENGTH = b"content-length:"


class CountingCarrier:
    """Says yes to every text, and knows afterwards of each phone what it took. `arrived` is by our reference."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        self.asked = 0
        self.address = ""
        self._taken: dict[str, list[dict[str, object]]] = defaultdict(list)

    def answer(self, action: str, wish: dict[str, Any]) -> dict[str, object]:
        """What one call is answered; it has arrived when this is asked."""
        if action == "SendSms":
            reference, [phone] = wish["SessionContext"], wish["PhoneNumberSet"]
            self.arrived[reference] += 1
            serial = f"2640:{reference}"
            self._taken[phone].append(_receipt(reference, serial, phone))
            return {"SendStatusSet": [{"SerialNo": serial, "PhoneNumber": phone, "Code": "Ok", "Message": ""}]}
        if action == "PullSmsSendStatusByPhoneNumber":
            self.asked += 1
            return {"PullSmsSendStatusSet": self._taken.get(wish["PhoneNumber"], [])}
        return {"PullSmsSendStatusSet": []}

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the other side is gone."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
                action = next(line for line in head if line.startswith(ACTION))[len(ACTION) :].strip()
                length = next(line for line in head if line.startswith(LENGTH))[len(LENGTH) :]
                wish = json.loads(await reader.readexactly(int(length)))
                said = {"Response": {"RequestId": "r"} | self.answer(_ACTIONS[action], wish)}
                body = json.dumps(said).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ")
                writer.write(str(len(body)).encode() + b"\r\n\r\n" + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


_ACTIONS = {
    name.lower().encode(): name for name in ("SendSms", "PullSmsSendStatus", "PullSmsSendStatusByPhoneNumber")
}


def _receipt(reference: str, serial: str, phone: str) -> dict[str, object]:
    return {
        "UserReceiveTime": int(time.time()),
        "SerialNo": serial,
        "PhoneNumber": phone,
        "ReportStatus": "SUCCESS",
        "Description": "DELIVRD",
        "SessionContext": reference,
    }


@contextmanager
def counting_carrier() -> Iterator[CountingCarrier]:
    """One that listens on this machine while the block lasts."""
    carrier, loop, started = CountingCarrier(), asyncio.new_event_loop(), threading.Event()

    servers: list[asyncio.Server] = []

    async def serve() -> None:
        servers.append(await asyncio.start_server(carrier.talk, "127.0.0.1", 0, backlog=512))
        carrier.address = f"127.0.0.1:{servers[0].sockets[0].getsockname()[1]}"
        started.set()

    async def hang_up() -> None:
        servers[0].close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield carrier
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
