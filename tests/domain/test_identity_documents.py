"""Documents and phones as people type them. No number here is anybody's: each is a specimen or has a region of no place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.identity import (
    DOCUMENT_NAMES,
    BadIdentity,
    DocumentType,
    check_digit,
    masked_name,
    masked_number,
    masked_phone,
    read_document,
    read_phone,
)

TODAY = date(2026, 3, 1)
ID, PERMIT = DocumentType.ID_CARD, DocumentType.HK_MACAO_PERMIT
TAIWAN, GREEN, PASSPORT = DocumentType.TAIWAN_PERMIT, DocumentType.FOREIGN_PERMANENT, DocumentType.PASSPORT
SPECIMEN = "11010519491231002X"  # of the national standard


def numbered(born: str, order: str = "002") -> str:
    """A number with a birthday of one's choice and a right check digit."""
    seventeen = f"999999{born}{order}"
    return seventeen + check_digit(seventeen)


@pytest.mark.parametrize(
    ("kind", "typed", "number", "born", "sex"),
    [
        (ID, SPECIMEN, SPECIMEN, date(1949, 12, 31), "女"),
        (ID, "11010519491231002x", SPECIMEN, date(1949, 12, 31), "女"),
        (ID, "１１０１０５１９４９１２３１００２Ｘ", SPECIMEN, date(1949, 12, 31), "女"),
        (ID, "11010519491231002ｘ", SPECIMEN, date(1949, 12, 31), "女"),
        (ID, " 110105 19491231\u3000002X\n", SPECIMEN, date(1949, 12, 31), "女"),
        (ID, "\u202d11010519491231002X\u202c", SPECIMEN, date(1949, 12, 31), "女"),
        (ID, "110105491231002", SPECIMEN, date(1949, 12, 31), "女"),
        (ID, numbered("20080229"), numbered("20080229"), date(2008, 2, 29), "女"),
        (ID, numbered("20000229", "013"), numbered("20000229", "013"), date(2000, 2, 29), "男"),
        (ID, numbered("20260301"), numbered("20260301"), TODAY, "女"),
        (ID, numbered("19000101"), numbered("19000101"), date(1900, 1, 1), "女"),
        (ID, "810000199408230021", "810000199408230021", date(1994, 8, 23), "女"),
        (ID, "82000019900919001X", "82000019900919001X", date(1990, 9, 19), "男"),
        (ID, "830000199201300022", "830000199201300022", date(1992, 1, 30), "女"),
        (PERMIT, "h12345678", "H12345678", None, None),
        (PERMIT, "Ｍ1234567801", "M1234567801", None, None),
        (TAIWAN, "1234 5678", "12345678", None, None),
        (GREEN, "911124198108030024", "911124198108030024", date(1981, 8, 3), "女"),
        (GREEN, "usa310081080302", "USA310081080302", None, None),
        (PASSPORT, "e12345678", "E12345678", None, None),
        (PASSPORT, "AB1234", "AB1234", None, None),
    ],
)
def test_a_document_is_made_canonical(
    kind: DocumentType, typed: str, number: str, born: date | None, sex: str | None
) -> None:
    document = read_document(kind, typed, TODAY)
    assert (document.number, document.born, document.sex) == (number, born, sex)


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (ID, "", "document_shape"),
        (ID, "11010519491231002", "document_shape"),
        (ID, "11010519491231002X1", "document_shape"),
        (ID, "1101051949123100XX", "document_shape"),
        (ID, "01010519491231002X", "document_shape"),
        (ID, "11010519491231002A", "document_shape"),
        (ID, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "document_shape"),
        (ID, "٩٩٩٩٩٩٤٩١٢٣١٠٠٢", "document_shape"),
        (ID, "110105194912310021", "id_card_check"),
        (ID, "11010519491231003X", "id_card_check"),
        (ID, "11010519941231002X", "id_card_check"),
        (ID, numbered("20070229"), "id_card_date"),
        (ID, numbered("19000229"), "id_card_date"),
        (ID, numbered("19991301"), "id_card_date"),
        (ID, numbered("19990931"), "id_card_date"),
        (ID, numbered("19990900"), "id_card_date"),
        (ID, numbered("20260302"), "id_card_date"),
        (ID, numbered("18991231"), "id_card_date"),
        (ID, numbered("00000101"), "id_card_date"),
        (ID, "110105491331002", "id_card_date"),
        (PERMIT, "A12345678", "document_shape"),
        (PERMIT, "H1234567", "document_shape"),
        (PERMIT, "H123456789", "document_shape"),
        (TAIWAN, "1234567", "document_shape"),
        (TAIWAN, "T1234567", "document_shape"),
        (GREEN, "911124198108030025", "id_card_check"),
        (GREEN, "811124198108030024", "document_shape"),
        (GREEN, "US1234567890123", "document_shape"),
        (PASSPORT, "AB12", "document_shape"),
        (PASSPORT, "AB-12345", "document_shape"),
        (PASSPORT, "护照12345", "document_shape"),
    ],
)
def test_a_document_that_cannot_be_is_refused(kind: DocumentType, typed: str, code: str) -> None:
    with pytest.raises(BadIdentity) as refused:
        read_document(kind, typed, TODAY)
    assert refused.value.code == code


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(born: date, order: int, place: int, off: int) -> None:
    good = numbered(f"{born:%Y%m%d}", f"{order:03d}")
    symbols = "0123456789X" if place == 17 else "0123456789"
    wrong = symbols[(symbols.index(good[place]) + off) % len(symbols)]
    assert read_document(ID, good, TODAY).born == born
    with pytest.raises(BadIdentity):
        read_document(ID, good[:place] + wrong + good[place + 1 :], TODAY)


@given(st.sampled_from(DocumentType), st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(kind: DocumentType, typed: str) -> None:
    try:
        document = read_document(kind, typed, TODAY)
    except BadIdentity:
        return
    assert document.number.isascii()
    assert read_document(kind, document.number, TODAY) == document


def test_a_refusal_and_a_printed_document_do_not_tell_the_number() -> None:
    with pytest.raises(BadIdentity) as refused:
        read_document(ID, "110105194912310021", TODAY)
    assert "1949" not in str(refused.value)
    assert repr(read_document(ID, SPECIMEN, TODAY)) == "Document(id_card, 1****************X)"


def test_every_document_has_a_chinese_name() -> None:
    assert set(DOCUMENT_NAMES) == set(DocumentType)


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "１３８００１３８０００",
        "+8613800138000",
        "+86 138 0013 8000",
        "＋86-138-0013-8000",
        " 138\u30000013\u00a08000 ",
        "\u202a+86 138 0013 8000\u202c",
    ],
)
def test_a_phone_is_eleven_digits_however_it_is_typed(typed: str) -> None:
    assert read_phone(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1380013800",
        "138001380001",
        "12800138000",
        "10086",
        "02162418668",
        "+85291234567",
        "8613800138000",
        "1380013800O",
        "13800138٠٠٠",
        "138+8600138000",
    ],
)
def test_what_is_no_mainland_mobile_is_refused(typed: str) -> None:
    with pytest.raises(BadIdentity, match="phone_shape"):
        read_phone(typed)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (SPECIMEN, "1****************X"),
        ("USA310081080302", "U*************2"),
        ("M1234567801", "M*********1"),
        ("H12345678", "H*******8"),
        ("12345678", "1******8"),
        ("AB123", "A***3"),
    ],
)
def test_a_masked_number_keeps_its_ends(number: str, masked: str) -> None:
    assert masked_number(number) == masked


@given(st.text("0123456789X", min_size=5, max_size=18))
def test_a_masked_number_shows_its_first_and_its_last_character_and_nothing_else(number: str) -> None:
    """Of the last four, which open a ticket's page, three stay hidden."""
    masked = masked_number(number)
    assert len(masked) == len(number)
    assert (masked[0], set(masked[1:-1]), masked[-1]) == (number[0], {"*"}, number[-1])


def test_a_masked_phone_keeps_three_and_four() -> None:
    assert (masked_phone("13800138000"), masked_phone("")) == ("138****8000", "")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧***"),
        ("𬎆宇", "𬎆*"),
        ("阿卜杜热合曼·麦麦提", "阿***"),
        ("Anna-Maria", "A***"),
    ],
)
def test_a_masked_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert masked_name(name) == masked
