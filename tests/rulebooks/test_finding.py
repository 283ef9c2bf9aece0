"""Which rulebook is meant: a slug, slug@edition, or a file; whoever asks for what is not there learns what is."""

from pathlib import Path

import pytest

from server.rulebooks.finding import find
from server.rulebooks.loader import RulebookRefused
from tests.rulebooks.toml_text import save, table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two editions of one rulebook."""
    save(tmp_path, table(), "first.toml")
    save(tmp_path, table() | {"edition": 2, "replaces": 1}, "second.toml")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "edition", "found"),
    [
        ("technicians-2026", None, 2),
        ("technicians-2026", 1, 1),
        ("technicians-2026@1", None, 1),
        ("technicians-2026@2", 2, 2),
    ],
)
def test_a_slug_is_its_latest_edition_unless_another_is_asked_for(
    folder: Path, name: str, edition: int | None, found: int
) -> None:
    assert find(name, folder, edition).book.edition == found


@pytest.mark.parametrize("edition", [None, 1])
def test_a_file_is_read_whatever_the_folder_holds(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, edition: int | None
) -> None:
    path = save(tmp_path_factory.mktemp("desk"), table() | {"slug": "draft-2026"})
    assert find(str(path), folder, edition).book.slug == "draft-2026"


def faults(name: str, folder: Path, edition: int | None = None) -> list[str]:
    with pytest.raises(RulebookRefused) as refused:
        find(name, folder, edition)
    return refused.value.faults


@pytest.mark.parametrize(
    ("name", "edition", "fault"),
    [
        ("nobody-2026", None, "没有规则“nobody-2026”，已有的规则：technicians-2026"),
        ("nobody-2026@1", None, "没有规则“nobody-2026”，已有的规则：technicians-2026"),
        ("technicians-2026", 3, "规则 technicians-2026 没有第3版，已有第1版、第2版"),
        ("technicians-2026@3", None, "规则 technicians-2026 没有第3版，已有第1版、第2版"),
        ("technicians-2026@1", 2, "technicians-2026@1: 版次写了两个，只写一个"),
        ("technicians-2026@", None, "technicians-2026@: 版次须为整数，如 technicians-2026@1"),
        ("technicians-2026@one", None, "technicians-2026@one: 版次须为整数，如 technicians-2026@1"),
        ("technicians-2026@0", None, "technicians-2026@0: 版次须为整数，如 technicians-2026@1"),
        ("gone.toml", None, "gone.toml: 无法读取文件（No such file or directory）"),
        ("./gone", None, "gone: 无法读取文件（No such file or directory）"),
    ],
)
def test_what_is_not_there_is_refused_in_words(folder: Path, name: str, edition: int | None, fault: str) -> None:
    assert faults(name, folder, edition) == [fault]


def test_a_file_of_another_edition_than_asked_for_is_refused(folder: Path) -> None:
    assert faults(f"{folder}/second.toml", folder, 1) == ["second.toml: 是第2版，不是第1版"]


def test_a_folder_with_a_wrong_file_answers_for_none(folder: Path) -> None:
    save(folder, table() | {"slug": "other-2026", "year": "2026"}, "wrong.toml")
    assert faults("technicians-2026", folder) == ["wrong.toml: year: 须为整数"]
