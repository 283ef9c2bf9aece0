"""Every key and every fixed value has a Chinese name, and no name is left over."""

import pytest

from server.rulebooks.names import KEY_NAMES, VALUE_NAMES
from tests.rulebooks.samples import SAMPLES
from tests.rulebooks.vocabulary import fixed_values, keys, tables


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.__name__)
def test_every_key_of_a_table_has_a_name(table: type) -> None:
    assert set(KEY_NAMES[table]) == set(keys(table))


def test_no_table_is_named_that_no_rulebook_has() -> None:
    assert set(KEY_NAMES) == set(tables())


def test_every_fixed_value_has_a_name_and_no_other_has() -> None:
    assert {key: set(names) for key, names in VALUE_NAMES.items()} == fixed_values()


def test_no_two_values_of_a_key_have_one_name() -> None:
    for names in VALUE_NAMES.values():
        told = [name for value, name in names.items() if value != "works_or_intends"]
        assert len(set(told)) == len(told)


def test_the_samples_of_the_tests_use_every_table() -> None:
    """Or a kind of rule could be left out of what is shown, and no test would see it."""
    used: set[type] = set()

    def visit(node: object) -> None:
        if isinstance(node, tuple):
            for one in node:
                visit(one)
        elif type(node) in KEY_NAMES:
            used.add(type(node))
            for name in KEY_NAMES[type(node)]:
                visit(getattr(node, name))

    for book in SAMPLES.values():
        visit(book)
    assert used == set(tables())
