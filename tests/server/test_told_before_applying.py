"""What each institution's candidates are told before they apply: how many it takes, and how certificates come. By its notice."""

import pytest

from server.domain.registrations import GROUP, MINI_PROGRAM, WINDOW
from server.domain.turnout_expected import expected
from server.rulebooks.book import Rulebook
from server.rulebooks.loader import load_all
from server.services.certificates import certificate_of, certificates_given

BOOKS: dict[str, Rulebook] = {one.book.slug: one.book for one in load_all()}


@pytest.mark.parametrize(
    ("slug", "month", "words"),
    [
        ("technicians-2026", 4, "缴费人数达到开考条件（现按30人计）才开考；不足的，集中于11月统一安排"),
        ("technicians-2026", 11, "11月是集中安排的考次，缴费的人不多也如期开考"),
        ("sccia-2026", 3, "缴费人数满30人才开考；不足的，集中于6月、12月统一安排"),
        ("sccia-2026", 6, "如期开考"),
        ("sisa-2026", 3, "顺延至下一考次"),
        ("sjtu-2026", 12, "顺延至下一考次"),
    ],
)
def test_how_many_it_takes_and_what_happens_otherwise(slug: str, month: int, words: str) -> None:
    said = expected(BOOKS[slug].turnout, month)
    assert words in said
    assert ("所缴费用继续有效" in said) != ("如期开考" in said)


@pytest.mark.parametrize(
    ("slug", "channel", "paper", "words"),
    [
        ("technicians-2026", MINI_PROGRAM, False, "电子证书"),
        ("technicians-2026", MINI_PROGRAM, True, "电子证书；另要纸质证书，用快递方式发放（快递费由参评人员自理）"),
        ("technicians-2026", GROUP, True, "电子证书；另要纸质证书，统一由申报单位领取"),
        ("sisa-2026", WINDOW, False, "纸质证书，由本人至业务受理点领取"),
        ("sisa-2026", GROUP, False, "纸质证书，由相应社会培训机构或职业院校统一领取"),
    ],
)
def test_how_the_certificate_comes(slug: str, channel: str, paper: bool, words: str) -> None:
    assert certificate_of(BOOKS[slug].certificates, channel, paper=paper) == words


def test_nobody_is_offered_an_electronic_one_where_there_is_none() -> None:
    for book in BOOKS.values():
        said = certificates_given(book.certificates)
        assert ("电子证书" in said) == book.certificates.electronic
