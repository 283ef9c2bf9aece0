"""The rulebooks of the running application, by slug and edition."""

from flask import current_app

from server.rulebooks.book import Rulebook
from server.rulebooks.loader import LoadedRulebook


class Catalogue:
    """Every edition that was loaded; registrations and sittings pin theirs."""

    def __init__(self, loaded: list[LoadedRulebook]) -> None:
        self.loaded = loaded
        self._books = {(one.book.slug, one.book.edition): one.book for one in loaded}

    def book(self, slug: str, edition: int) -> Rulebook:
        """A pinned edition. Raises KeyError where its file is gone: nothing that stands on it may go on."""
        return self._books[slug, edition]

    def newest(self) -> list[LoadedRulebook]:
        """The latest edition of each rulebook, from which sittings are made."""
        latest = {one.book.slug: one for one in sorted(self.loaded, key=lambda one: one.book.edition)}
        return list(latest.values())


def catalogue() -> Catalogue:
    """The catalogue of the running application."""
    current: Catalogue = current_app.extensions["jiping_catalogue"]
    return current
