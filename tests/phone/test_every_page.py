"""Every page of the client on a phone whose owner has enlarged the font, or everything: at each stage of an application."""

import json

import pytest

from tests.phone.every_page import (
    ON_THE_PHONE,
    for_everybody,
    life,
    of_a_registration,
    of_the_client,
    somebody,
    to_apply_for,
)
from tests.phone.hand import Hand, Look

#: WeChat's largest font on a small phone, twice the font on a larger one; and everything enlarged on a small one
LOOKS = [Look(320, 568, font=1.4), Look(390, 844, "dark", font=2.0), Look(320, 568, zoom=1.4)]
#: what looks otherwise than before once this has happened
CHANGED = {
    "applied": ("form", "picture", "registration", "registrations", "me", "notices", "eligibility"),
    "returned": ("registration", "registrations", "eligibility", "apply"),
    "approved": ("registration", "registrations", "pay"),
    "may-pay": ("registration", "pay"),
    "paid": ("registration", "pay", "me"),
    "postponed": ("registration", "registrations", "notices"),
    "ticket": ("registration", "registrations", "ticket", "notices"),
}


def keep_on_the_phone(hand: Hand, kept: dict[str, str]) -> None:
    hand.page.evaluate(
        "kept => { for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value) }", kept
    )


def look_at(hand: Hand, address: str, faults: dict[str, list[str]], name: str) -> None:
    hand.open(address)
    hand.seen.settle()
    page = address.split("/")[1]
    assert hand.page.locator(".failed").count() == 0, f"{name}: {hand.shown.inner_text()}"
    here = hand.page.url.partition("#/")[2].split("/")
    assert (here[1:2] or ["sittings"])[0] == page, f"{name} led to {hand.page.url}"
    if found := hand.looks(name):
        faults[name] = found


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.name}-{look.font}-{look.zoom}")
def test_with_everything_enlarged_every_page_fits_at_every_stage(hand: Hand) -> None:
    faults: dict[str, list[str]] = {}
    phone = somebody(hand.stack)
    hand.open("pages/contact/index")
    keep_on_the_phone(hand, ON_THE_PHONE | {"sign-in": phone.token})
    before = for_everybody(phone)
    for name, link in before.items():
        look_at(hand, link, faults, f"40-{name}")
    for step in (1, 2):
        sitting = to_apply_for(phone)
        draft = f"draft:apply:{sitting['id']}:{sitting['alternatives'][0]['id']}"
        keep_on_the_phone(hand, {draft: json.dumps({"step": step, "uploads": []})})
        look_at(hand, before["apply"], faults, f"40-apply-{step}")
    for what, _ in life(phone):
        keep_on_the_phone(hand, {"sign-in": phone.token})
        links = {name: f"pages/{name}/index" for name in before} | of_a_registration(phone)
        for name in CHANGED[what]:
            look_at(hand, links[name], faults, f"40-{what}-{name}")
    assert set(before) | {name for names in CHANGED.values() for name in names} == of_the_client()
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)
