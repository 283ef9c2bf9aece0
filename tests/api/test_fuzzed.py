"""Requests made up from the OpenAPI document, right and wrong ones: never a breakdown, always what the document promises."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from server.local import LocalStack
from tests.people import Phone

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"  # held to be what is served by test_document
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]
EXAMPLES = 25
LABELS = [
    f"{method.upper()} {path}"
    for path, ways in json.loads(DOCUMENT.read_text("utf-8"))["paths"].items()
    for method in ways
]


@cache
def operations() -> dict[str, Any]:
    load_all_checks()
    schema = schemathesis.openapi.from_path(str(DOCUMENT))
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {one.label: one for one in found}


@pytest.fixture(scope="module")
def someone(_installation: LocalStack) -> Phone:
    """Somebody with a registration, whose number stands in for a third of the made-up ones."""
    phone = Phone(_installation).ready(1)
    phone.register("2026-04")
    return phone


@pytest.mark.parametrize("label", LABELS)
def test_an_operation_keeps_its_promises_whatever_is_sent(house: LocalStack, someone: Phone, label: str) -> None:
    operation = operations()[label]
    modes = [
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(*modes), mine=st.sampled_from([True, False, False]))
    def every_promise(case: Any, mine: bool) -> None:
        if mine and "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = someone.number
        answer = case.call(base_url=house.web, headers={"Authorization": f"Bearer {token(house, someone)}"})
        case.validate_response(answer, checks=CHECKS)

    every_promise()


def token(house: LocalStack, someone: Phone) -> str:
    """A token that is good: a made-up request may have signed out."""
    if someone.call("GET", "me").status_code == 401:
        someone.sign_in(someone.openid)
    return someone.token
