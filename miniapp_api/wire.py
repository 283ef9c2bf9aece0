"""The base of everything that the API takes and gives. Unknown fields are refused, and no rejected value is ever echoed."""

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Wire(BaseModel):
    """Base of everything on the wire; a wrong output must not print the person it was about."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Asked(Wire):
    """Base of what a phone sends."""

    @field_validator("*")
    @classmethod
    def _no_invisible_commands(cls, value: object) -> object:
        """No keyboard writes a control character, and PostgreSQL keeps no NUL."""
        if isinstance(value, str) and _CONTROL.search(value):
            raise ValueError("control character")
        return value


class Fault(Wire):
    """Every error has this shape."""

    code: str = Field(description="稳定的错误代码")
    message: str = Field(description="给用户看的中文说明")
    fields: dict[str, str] = Field(default={}, description="有误的字段和原因")
    reasons: list[dict[str, str]] = Field(default=[], description="不符合条件的全部原因")
