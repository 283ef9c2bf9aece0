"""Rulebooks say yuan, everything else is fen, and people read yuan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.fees import Fee, OneSum, PerSubject, RetakeAtOwnFee, RetakeListed, SubjectFee
from server.domain.money import yuan


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (35000, "350元"),
        (17500, "175元"),
        (5, "0.05元"),
        (50, "0.50元"),
        (0, "0元"),
        (-120, "-1.20元"),
        (-5, "-0.05元"),
        (100000000, "1000000元"),
    ],
)
def test_fen_are_written_in_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@given(st.integers(-(10**9), 10**9))
def test_no_fen_is_lost_in_writing(fen: int) -> None:
    whole, _, rest = yuan(fen).removesuffix("元").removeprefix("-").partition(".")
    assert int(whole) * 100 + int(rest or 0) == abs(fen)


HR = OneSum(source="附件2", kind="one_sum", yuan=350, retake_yuan_per_subject=175)
OWN_FEE = RetakeAtOwnFee(source="未说明补考收费", assumed=True, kind="own_fee")


def subjects(theory: int, practice: int) -> tuple[SubjectFee, ...]:
    return (SubjectFee(subject="理论知识", yuan=theory), SubjectFee(subject="操作技能", yuan=practice))


def per_subject(theory: int, practice: int, retake: RetakeListed | RetakeAtOwnFee = OWN_FEE) -> PerSubject:
    return PerSubject(source="附件3", kind="per_subject", by_subject=subjects(theory, practice), retake=retake)


def listed(theory: int, practice: int) -> RetakeListed:
    return RetakeListed(source="附件3", kind="listed", by_subject=subjects(theory, practice))


@pytest.mark.parametrize(
    ("fee", "fen", "theory", "practice"),
    [
        (HR, 35000, 17500, 17500),
        (per_subject(200, 300, listed(200, 300)), 50000, 20000, 30000),
        (per_subject(200, 300, listed(150, 250)), 50000, 15000, 25000),
        (per_subject(100, 400), 50000, 10000, 40000),
        (per_subject(100, 250), 35000, 10000, 25000),
    ],
    ids=["one sum", "listed", "listed at another price", "own fee", "another own fee"],
)
def test_a_fee_is_given_in_yuan_and_kept_in_fen(fee: Fee, fen: int, theory: int, practice: int) -> None:
    assert (fee.fen, fee.retake_fen("理论知识"), fee.retake_fen("操作技能")) == (fen, theory, practice)


def test_a_fee_by_subject_names_its_subjects_and_one_sum_names_none() -> None:
    assert (HR.subjects, per_subject(100, 400).subjects) == ((), ("理论知识", "操作技能"))
    for fee in (per_subject(100, 400), per_subject(100, 400, listed(100, 400))):
        with pytest.raises(KeyError):
            fee.retake_fen("面试")


def test_every_price_of_a_fee_is_looked_at() -> None:
    assert HR.prices() == (350, 175)
    assert per_subject(100, 400).prices() == (100, 400)
    assert per_subject(100, 400, listed(90, 0)).prices() == (100, 400, 90, 0)
