"""The API's OpenAPI document, made fit to generate a client from: real header names, every refusal, and a fixed order."""

from typing import Any

from miniapp_api.wire import Fault
from server.errors import ERRORS

Json = dict[str, Any]
PREFIX = "/api/v1/"
# What the library writes for refusals; ours have one shape, whatever the status.
_NOT_OURS = ("HTTPError", "ValidationError")


def finished(spec: Json | str) -> Json:
    """The document as it is given out. `spec` is what the library gathered from the routes; it is changed."""
    if isinstance(spec, str):
        raise TypeError("the document is made as JSON")
    spec["paths"] = {path: spec["paths"][path] for path in sorted(spec["paths"]) if path.startswith(PREFIX)}
    for path in spec["paths"].values():
        for operation in path.values():
            _finish(operation)
    schemas = {name: one for name, one in spec["components"]["schemas"].items() if name not in _NOT_OURS}
    schemas["Fault"] = _fault()
    spec["components"]["schemas"] = {name: schemas[name] for name in sorted(schemas)}
    spec["components"]["responses"] = {
        "Refused": _refusal("请求被拒绝，数据没有改变"),
        "Broken": _refusal("服务或微信暂时不可用"),
    }
    return spec


def _finish(operation: Json) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "header":  # the library names them by their Python fields
            parameter["name"] = parameter["name"].replace("_", "-").title()
        if parameter["schema"].get("type") == "integer":
            parameter["schema"] |= {"minimum": 1, "maximum": 2**53 - 1}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    answers = {status: one for status, one in operation["responses"].items() if status.startswith("2")}
    operation["responses"] = answers | {
        "4XX": {"$ref": "#/components/responses/Refused"},
        "5XX": {"$ref": "#/components/responses/Broken"},
    }


def _refusal(description: str) -> Json:
    fault = {"schema": {"$ref": "#/components/schemas/Fault"}}
    return {"description": description, "content": {"application/json": fault}}


def _fault() -> Json:
    schema = Fault.model_json_schema(mode="serialization")
    schema["properties"]["code"]["enum"] = sorted(ERRORS)
    return schema
