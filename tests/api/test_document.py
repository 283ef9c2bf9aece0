"""The OpenAPI document tells clients the truth, and the copy in docs/ is the one that is served."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
from schemathesis.specs.openapi.definitions import OPENAPI_31

from server.app import openapi_document
from server.errors import ERRORS
from server.local import LocalStack

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"
IDENTIFIES = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@pytest.fixture
def document(house: LocalStack) -> dict[str, Any]:
    served = requests.get(f"{house.web}/api/v1/openapi.json", timeout=10)
    assert served.headers["Content-Type"] == "application/json"
    told: dict[str, Any] = served.json()
    return told


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": one for path, ways in document["paths"].items() for method, one in ways.items()
    }


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    jsonschema_rs.validator_for(OPENAPI_31).validate(document)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_the_document_has_every_route_and_none_besides(house: LocalStack, document: dict[str, Any]) -> None:
    routes = {
        method + " " + re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule)
        for rule in house.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != "/api/v1/openapi.json"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert set(operations(document)) == routes


def test_every_operation_documents_refusals_in_the_one_shape(document: dict[str, Any]) -> None:
    for name, one in operations(document).items():
        refusals = {status: answer for status, answer in one["responses"].items() if not status.startswith("2")}
        assert {status: answer["$ref"].rsplit("/", 1)[1] for status, answer in refusals.items()} == {
            "4XX": "Refused",
            "5XX": "Broken",
        }, name
        assert any(status.startswith("2") for status in one["responses"]), name
    fault = document["components"]["schemas"]["Fault"]
    assert set(fault["properties"]) == {"code", "message", "fields", "reasons"}
    assert fault["properties"]["code"]["enum"] == sorted(ERRORS)


def test_what_is_personal_asks_for_the_token(document: dict[str, Any]) -> None:
    unguarded = {name for name, one in operations(document).items() if "security" not in one}
    assert unguarded == {
        "POST /api/v1/sign-in",
        "POST /api/v1/sign-in/code",
        "POST /api/v1/sign-in/phone",
        "GET /api/v1/institutions",
        "GET /api/v1/sittings",
        "GET /api/v1/sittings/{sitting_id}",
    }


def test_the_header_of_a_registration_is_named_as_it_is_sent(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/v1/registrations"]["post"]["parameters"]
    assert [(one["in"], one["name"], one["required"]) for one in parameters] == [("header", "Idempotency-Key", True)]


def test_bodies_are_required_and_pictures_are_pictures(document: dict[str, Any]) -> None:
    bodies = [one["requestBody"] for one in operations(document).values() if "requestBody" in one]
    assert len(bodies) > 8
    assert all(body["required"] for body in bodies)
    pdf = document["paths"]["/api/v1/registrations/{number}/ticket.pdf"]["get"]["responses"]["200"]
    assert list(pdf["content"]) == ["application/pdf"]


def test_no_example_is_somebody(document: dict[str, Any]) -> None:
    assert IDENTIFIES.findall(json.dumps(document, ensure_ascii=False)) == []


def test_the_copy_in_docs_is_what_the_application_says_of_itself(house: LocalStack) -> None:
    assert KEPT.read_text("utf-8") == openapi_document(house.app), "renew it: jiping openapi > docs/openapi.json"


def test_what_is_served_is_the_copy(document: dict[str, Any]) -> None:
    assert document == json.loads(KEPT.read_text("utf-8"))
