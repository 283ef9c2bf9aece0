"""Every page of the client, with all that somebody can see there who has applied, paid, been moved and got a ticket."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from server.domain.registrations import Action
from server.local import LocalStack
from server.services import reviewing
from server.services.paying import set_collection_account
from tests.conftest import at
from tests.people import Phone, approve, id_card, pay

PAGES_JSON = Path(__file__).parents[2] / "miniapp" / "src" / "pages.json"
#: what the phone keeps of what somebody typed on the page of work, schools and certificates
TYPED = {
    "work": [{"occupation": "人力资源管理", "since": "2010-01-01", "until": None}],
    "certificates": [{"occupation": "企业人力资源管理师", "level": 5, "issued_on": "2016-06-01"}],
    "titles": [{"grade": "junior", "issued_on": "2018-06-01"}],
    "diplomas": [],
    "intends": True,
}
ON_THE_PHONE = {"draft:background": json.dumps(TYPED, ensure_ascii=False)}
OF_A_REGISTRATION = {"registration", "form", "pay", "ticket", "picture"}
NAME = "阿卜杜热合曼·麦麦提吐尔逊江"
WHY = ["工作证明没有盖单位公章，请重新上传", "证件照背景不是白色，请更换"]
TICKETS_OUT = at(2026, 11, 2, 9)


def of_the_client() -> set[str]:
    """The pages that the client has, by the names of their folders."""
    return {one["path"].split("/")[1] for one in json.loads(PAGES_JSON.read_text("utf-8"))["pages"]}


def somebody(stack: LocalStack) -> Phone:
    """Signed in, with a long name, a phone and a photo."""
    phone = Phone(stack)
    phone.sign_in()
    phone.set_phone("13800000001")
    phone.fill_in(NAME, id_card(1))
    phone.send_photo()
    return phone


def life(phone: Phone) -> Iterator[tuple[str, datetime]]:
    """From the application to the ticket: what has just happened, and when. The last is the ticket."""
    stack = phone.stack
    began = stack.clock.now()
    phone.register()
    yield "applied", began
    _returned(stack, phone.number)
    yield "returned", began
    _amended(phone)
    approve(stack, phone.number)
    yield "approved", began
    _stand_at(phone, at(2026, 3, 24))
    with stack.app.app_context():
        account = ("上海市技师协会", "某某银行股份有限公司上海市某某路第一支行", "6222000011112222333")
        set_collection_account("technicians-2026", *account, "staff:lin", stack.clock.now())
    yield "may-pay", at(2026, 3, 24)
    pay(stack, phone.number, date(2026, 3, 24))
    yield "paid", at(2026, 3, 24)
    _stand_at(phone, at(2026, 3, 31, 9))  # it is alone, and too few
    yield "postponed", at(2026, 3, 31, 9)
    _stand_at(phone, at(2026, 10, 14, 9))
    _stand_at(phone, TICKETS_OUT)
    yield "ticket", TICKETS_OUT


def to_apply_for(phone: Phone) -> dict[str, Any]:
    """A sitting that takes applications on the phone now."""
    sittings = phone.ok("GET", "sittings")["sittings"]
    open_now = next(one["id"] for one in sittings if one["open"] and one["apply_in"] == "mini_program")
    found: dict[str, Any] = phone.ok("GET", f"sittings/{open_now}")
    return found


def for_everybody(phone: Phone) -> dict[str, str]:
    """The pages that need no registration, as a link opens them."""
    sitting = to_apply_for(phone)
    of = {
        "sitting": f"?id={sitting['id']}",
        "eligibility": f"?id={sitting['id']}",
        "apply": f"?id={sitting['id']}&alternative={sitting['alternatives'][0]['id']}",
        "entry": "?section=work&place=0",
        "background": "?applying=1",
    }
    return {name: f"pages/{name}/index{of.get(name, '')}" for name in sorted(of_the_client() - OF_A_REGISTRATION)}


def of_a_registration(phone: Phone) -> dict[str, str]:
    """The pages of a registration; those where it is mended among them."""
    mine = phone.mine()
    mended = f"?id={mine['sitting']['id']}&number={phone.number}&alternative={mine['alternative']}"
    own = {name: f"pages/{name}/index?number={phone.number}" for name in OF_A_REGISTRATION}
    own["picture"] = f"pages/picture/index?path={quote(f'/api/v1/registrations/{phone.number}/form.png', safe='')}"
    return own | {name: f"pages/{name}/index{mended}" for name in ("eligibility", "apply")}


def _returned(stack: LocalStack, number: str) -> None:
    with stack.app.app_context():
        reviewing.review(number, Action.RETURN, "staff:chen", stack.clock.now(), reasons=WHY)


def _amended(phone: Phone) -> None:
    form = phone.form(0)
    del form["sitting_id"]
    phone.ok("PUT", f"registrations/{phone.number}", json=form | {"version": phone.mine()["version"]})


def _stand_at(phone: Phone, moment: datetime) -> None:
    phone.stack.clock.stand_at(moment)
    phone.stack.run_jobs()
    phone.ok("GET", "me")  # signs in anew where the sign-in has ended
