"""Candidates who do by HTTP what a person does on the phone, and clerks who do it through the services."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any
from uuid import uuid4

import requests
from PIL import Image, ImageDraw

from server.domain.identity import check_digit
from server.domain.registrations import Action
from server.local import LocalStack
from server.services import paying, reviewing

NAMES = ("王芳", "欧阳娜娜", "䶮", "李喆珺", "阿卜杜热合曼·麦麦提吐尔逊江", "张伟")
SAID = {"work": [{"since": "2010-01-01", "until": None}]}


def id_card(serial: int, born: date = date(1990, 5, 17)) -> str:
    """A well-formed number of nobody: the region code 999999 was never given to any place."""
    seventeen = f"999999{born:%Y%m%d}{serial:03d}"
    return seventeen + check_digit(seventeen)


@cache
def portrait(width: int = 413, height: int = 579) -> bytes:
    """A picture in the shape of a 2-inch portrait."""
    picture = Image.new("RGB", (width, height), (120, 160, 220))
    ImageDraw.Draw(picture).ellipse((width // 4, height // 5, width * 3 // 4, height * 3 // 5), fill=(230, 200, 170))
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


@dataclass
class Phone:
    """One person's phone with the mini-program open."""

    stack: LocalStack
    token: str = ""
    openid: str = ""
    number: str = ""
    phone: str = ""
    http: requests.Session = field(default_factory=requests.Session)

    def sandbox(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(f"{self.stack.sandbox}/sandbox/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        url = path if path.startswith("http") else f"{self.stack.web}/api/v1/{path}"
        return self.http.request(method, url, headers=headers, timeout=30, **more)

    def ok(self, method: str, path: str, **more: Any) -> Any:
        answer = self.call(method, path, **more)
        if answer.status_code == 401 and self.openid:  # as the mini-program does when its sign-in has ended
            self.sign_in(self.openid)
            answer = self.call(method, path, **more)
        assert answer.status_code < 300, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, **more: Any) -> tuple[int, str]:
        answer = self.call(method, path, **more)
        assert answer.status_code >= 400, answer.text
        assert set(answer.json()) == {"code", "message", "fields", "reasons"}
        return answer.status_code, answer.json()["code"]

    # --- what a person does

    def sign_in(self, openid: str = "") -> None:
        login = self.sandbox("wechat/login", **({"openid": openid} if openid else {}))
        self.openid = login["openid"]
        self.token = self.ok("POST", "sign-in", json={"code": login["code"]})["token"]

    def set_phone(self, phone: str) -> None:
        code = self.sandbox("wechat/phone-code", phone=phone)["code"]
        self.phone = phone
        self.ok("PUT", "me/phone/wechat", json={"code": code})

    def fill_in(self, name: str, document: str, kind: str = "id_card", **more: Any) -> None:
        self.ok(
            "PUT",
            "me/profile",
            json={"name": name, "document_type": kind, "document_number": document} | more,
        )

    def send_photo(self) -> None:
        self.ok("PUT", "me/photo", files={"file": ("photo.jpg", portrait(), "image/jpeg")})

    def send_evidence(self, kind: str = "work") -> int:
        sent = self.ok(
            "POST", "me/evidence", data={"kind": kind}, files={"file": ("work.jpg", portrait(), "image/jpeg")}
        )
        upload_id: int = sent["id"]
        return upload_id

    def ready(self, serial: int, name: str = "") -> "Phone":
        """Signed in, phone verified, particulars and photo in."""
        self.sign_in()
        self.set_phone(f"138{serial:08d}")
        self.fill_in(name or NAMES[serial % 2], id_card(serial))
        self.send_photo()
        return self

    def sitting(self, month: str, occupation: str = "企业人力资源管理师", level: int = 4) -> dict[str, Any]:
        found = [
            one
            for one in self.ok("GET", "sittings")["sittings"]
            if (one["month"], one["occupation"], one["level"]) == (month, occupation, level)
        ]
        assert len(found) == 1
        sitting: dict[str, Any] = found[0]
        return sitting

    def form(self, sitting_id: int, **changes: Any) -> dict[str, Any]:
        return {
            "sitting_id": sitting_id,
            "alternative": "4.1",
            "upload_ids": [self.send_evidence()],
            "paper_certificate": False,
            "declared": True,
            **SAID,
            **changes,
        }

    def register(self, month: str = "2026-04", key: str = "", **sitting: Any) -> str:
        form = self.form(self.sitting(month, **sitting)["id"])
        self.number = self.submit(form, key or uuid4().hex)["number"]
        return self.number

    def submit(self, form: dict[str, Any], key: str) -> dict[str, Any]:
        made: dict[str, Any] = self.ok("POST", "registrations", json=form, headers={"Idempotency-Key": key})
        return made

    def tap(self, kind: str, answer: str = "accept") -> None:
        """A tap on the subscription dialogue, as WeChat and the client report it."""
        template = self.stack.settings.wechat_templates[kind]
        self.sandbox("wechat/tap", openid=self.openid, template_id=template, answer=answer)
        self.ok("POST", "subscriptions/answers", json={"tap": uuid4().hex, "answers": {template: answer}})

    def mine(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.ok("GET", f"registrations/{self.number}")
        return shown

    def messages(self) -> list[dict[str, Any]]:
        """What has arrived on this phone, by SMS and by WeChat."""
        self.sandbox("drain")
        url = f"{self.stack.sandbox}/sandbox/messages"
        return [one for to in (self.phone, self.openid) for one in self.http.get(url, params={"to": to}).json()]


def approve(stack: LocalStack, number: str) -> None:
    with stack.app.app_context():
        assert reviewing.review(number, Action.APPROVE, "staff:chen", stack.clock.now(), reasons=[])


def pay(stack: LocalStack, number: str, day: date, fen: int = 35000, reference: str = "") -> None:
    with stack.app.app_context():
        paid = paying.record_payment(number, fen, day, reference or f"bank-{number}", "staff:lin", stack.clock.now())
        assert paid.paid, paid
