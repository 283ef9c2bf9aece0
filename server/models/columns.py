"""Columns that many tables share."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import mapped_column

from server.db import UtcDateTime

# SQLite numbers rows by itself only in a column called INTEGER.
Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Number = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Short = Annotated[str, mapped_column(String(64))]
Text = Annotated[str, mapped_column(String(500))]
JsonValue = JSON
