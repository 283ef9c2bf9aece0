"""How many rows of a table there are: what a test holds an effect against."""

from flask import Flask
from sqlalchemy import ColumnElement, func, select

from server.db import Base, reading


def rows(app: Flask, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    """The number of rows of this table for which all conditions hold."""
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
