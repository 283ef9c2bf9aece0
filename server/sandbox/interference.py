"""Letting a call be slow, refused, never answered, or done without an answer, as the faults in force say."""

import contextlib
import socket
from collections.abc import Callable, Collection

from flask import Response, request

from server.sandbox.faults import Fault, Faults


def answer(
    faults: Faults,
    operation: str,
    targets: Collection[str],
    work: Callable[[], Response],
    refuse: Callable[[Fault], Response],
) -> Response:
    """Do the work of one call unless a fault is in the way; `refuse` words a vendor's error."""
    if fault := faults.take(operation, "latency", targets):
        fault.lifted.wait(fault.seconds)
    if fault := faults.take(operation, "hang", targets):
        fault.lifted.wait(fault.seconds)
        return _cut()
    if fault := faults.take(operation, "error", targets):
        return refuse(fault)
    response = work()
    if faults.take(operation, "lost", targets):
        return _cut()
    return response


def _cut() -> Response:
    """Close the connection so that the caller gets no answer; the response returned goes nowhere.

    Raises RuntimeError under a server that does not show its socket: only werkzeug's does.
    """
    connection = request.environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        raise RuntimeError("the sandbox must be served by werkzeug to be able to drop connections")
    with contextlib.suppress(OSError):  # the caller may have gone first
        connection.shutdown(socket.SHUT_RDWR)
    return Response()
