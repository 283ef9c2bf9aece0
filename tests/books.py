"""The rulebooks that come along, read once: a test that asks nothing about reading them need not wait for it."""

from functools import cache

from server.rulebooks.loader import LoadedRulebook, load_all

TECHNICIANS = "technicians-2026"


@cache
def shipped() -> list[LoadedRulebook]:
    """All of them."""
    return load_all()


@cache
def technicians() -> list[LoadedRulebook]:
    """The one institution that takes individuals in its mini-program: 9 sittings where all together have over 200."""
    return [one for one in shipped() if one.book.slug == TECHNICIANS]
