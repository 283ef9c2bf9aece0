"""A text that a carrier's filter stops goes once more without the name of the trade, and then no more."""

from dataclasses import dataclass, field

import pytest

from notifications.channels import aliyun_codes, tencent_codes
from notifications.channels.contract import Answer, Message, Outcome, Receipt
from notifications.channels.plain_words import STOPPED_BY_FILTER, PlainWords
from notifications.wording.words import newest, plainer_sms_params, sms_params, sms_text
from server.domain.levels import LEVEL_SHORT
from server.domain.notices import Kind
from server.domain.wording import subject_text

TRADE = "企业培训师（职业培训师）"


@dataclass
class Filter:
    """A carrier that does not like a word."""

    word: str
    code: str
    sent: list[Message] = field(default_factory=list)
    name: str = "sms"

    def send(self, message: Message) -> Answer:
        self.sent.append(message)
        stopped = any(self.word in value for _, value in message.params)
        return Answer(Outcome.NOT_THIS_WAY, self.code) if stopped else Answer(Outcome.ACCEPTED, "OK", "1")

    def look_up(self, message: Message, vendor_reference: str, sent_at: object) -> Receipt | None:
        return None

    def pull(self) -> list[Receipt]:
        return []


def _facts(kind: Kind, level: int = 3) -> dict[str, str]:
    return dict.fromkeys(newest(kind).sms_facts, "x") | {"subject": subject_text(TRADE, level)}


def _message(kind: Kind = Kind.POSTPONED) -> Message:
    facts = _facts(kind)
    return Message(
        "1", "13800138000", "1", sms_params(newest(kind), facts), plainer=plainer_sms_params(newest(kind), facts)
    )


@pytest.mark.parametrize("code", sorted(STOPPED_BY_FILTER))
def test_a_stopped_word_is_left_out_and_the_text_arrives(code: str) -> None:
    carrier = Filter("职业培训", code)
    assert PlainWords(carrier).send(_message()).outcome is Outcome.ACCEPTED
    assert [one.params[0] for one in carrier.sent] == [("1", f"{TRADE}三级"), ("1", "职业技能评价三级")]
    assert {one.reference for one in carrier.sent} == {"1"}


@pytest.mark.parametrize("code", sorted(STOPPED_BY_FILTER))
def test_a_text_whose_plainer_words_are_stopped_too_is_given_up(code: str) -> None:
    carrier = Filter("x", code)
    assert PlainWords(carrier).send(_message()) == Answer(Outcome.NOT_THIS_WAY, code)
    assert len(carrier.sent) == 2


@pytest.mark.parametrize("code", sorted({*tencent_codes.OUTCOME_OF, *aliyun_codes.OUTCOME_OF} - STOPPED_BY_FILTER))
def test_nothing_but_a_stopped_word_is_sent_a_second_time(code: str) -> None:
    carrier = Filter("职业培训", code)
    PlainWords(carrier).send(_message())
    assert len(carrier.sent) == 1


def test_what_a_filter_stopped_was_certainly_not_sent() -> None:
    for code in STOPPED_BY_FILTER:
        found = tencent_codes.OUTCOME_OF.get(code) or aliyun_codes.OUTCOME_OF[code]
        assert found is Outcome.NOT_THIS_WAY


@pytest.mark.parametrize("level", sorted(LEVEL_SHORT))
def test_the_plainer_words_keep_the_level(level: int) -> None:
    [(_, subject), *_] = plainer_sms_params(newest(Kind.REJECTED), _facts(Kind.REJECTED, level))
    assert subject == f"职业技能评价{LEVEL_SHORT[level]}"


@pytest.mark.parametrize("kind", [kind for kind in Kind if "subject" in newest(kind).sms_facts])
def test_the_plainer_words_of_every_kind_name_no_trade_and_change_nothing_else(kind: Kind) -> None:
    facts = _facts(kind)
    plainer = plainer_sms_params(newest(kind), facts)
    assert "职业培训" not in "".join(value for _, value in plainer)
    assert [one for one in plainer if one not in sms_params(newest(kind), facts)] == [
        (place, value) for place, value in plainer if value == "职业技能评价三级"
    ]
    assert "职业技能评价三级" in sms_text(newest(kind), facts | {"subject": "职业技能评价三级"}, "https://jp.cn")


def test_a_code_has_no_plainer_words() -> None:
    assert plainer_sms_params(newest(Kind.SIGN_IN_CODE), {"code": "123456", "minutes": "5"}) == ()
