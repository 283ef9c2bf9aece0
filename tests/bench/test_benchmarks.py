"""The benchmarks themselves are run by `make bench` alone; that the one that goes through the API is let in is seen here."""

import pytest

from tests.bench.__main__ import registrations


def test_the_benchmark_of_registrations_registers(postgres_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    registrations(postgres_server, count=2)
    assert "ratio" in capsys.readouterr().out
