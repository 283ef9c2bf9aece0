"""The benchmarks themselves are run by `make bench` alone; that the one that goes through the API is let in is seen here."""

from tests.bench.__main__ import registrations


def test_the_benchmark_of_registrations_is_refused_nothing(postgres_server: str) -> None:
    registrations(postgres_server, count=2)  # raises where one is refused
