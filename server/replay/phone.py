"""A person's phone with the mini-program open: what a candidate does, done over HTTP and nothing else."""

import threading
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from PIL import Image, ImageDraw

from miniapp_api.schemas import UploadKind
from server.domain.eligibility import Verdict
from server.domain.identity import DocumentType
from server.domain.levels import LEVEL_NAMES
from server.domain.phases import Phase
from server.domain.turnout import Outcome
from server.local import LocalStack
from server.replay.people import Particulars, Person
from server.replay.plan import SittingName

_SECONDS = 60
_ACCEPT, _REJECT = "accept", "reject"
#: the kind of the one piece of evidence that everybody brings
EVIDENCE: UploadKind = "work"
AT_SUBMISSION, AT_PAYMENT = "at_submission", "at_payment"
# Work since long ago and the certificate one level below: enough for some alternative of every level.
_SINCE, _CERTIFIED = "2010-01-01", "2012-06-30"


class ReplayBroken(Exception):
    """Something that must work in every replay did not: says for whom, what was asked, and what came back."""


class Phones:
    """The phones of everybody. Each thread keeps a connection of its own, for a session is not made to be shared."""

    def __init__(self, stack: LocalStack, rulebook: str) -> None:
        self._stack, self._rulebook = stack, rulebook
        self._local = threading.local()
        #: the templates that were asked for at each moment, as the API named them
        self.asked: dict[str, frozenset[str]] = {AT_SUBMISSION: frozenset(), AT_PAYMENT: frozenset()}

    def sittings(self) -> dict[SittingName, int]:
        """What the mini-program shows to everybody: the sittings of this rulebook that are not over, with their ids."""
        return {SittingName(one["month"], one["occupation"], one["level"]): one["id"] for one in self._shown()}

    def sittings_with_tickets(self) -> set[int]:
        """Those that are held and whose tickets are out, as the mini-program shows them."""
        wanted = (Outcome.HELD.value, Phase.TICKETS.value)
        return {one["id"] for one in self._shown() if (one["decision"], one["phase"]) == wanted}

    def _shown(self) -> list[dict[str, Any]]:
        shown = _taken(self._call("", "GET", "sittings"))["sittings"]
        return [one for one in shown if one["rulebook"] == self._rulebook]

    # --- what a person does

    def apply(self, person: Person, sitting_id: int) -> None:
        """From the first tap to the registration, with an answer to WeChat's question about messages."""
        self._introduce(person)
        self._mine(person, "PUT", "me/photo", files={"file": ("photo.jpg", portrait(), "image/jpeg")})
        said = claims(person.applied_for)
        evidence = {"file": ("work.jpg", portrait(), "image/jpeg")}
        upload = self._mine(person, "POST", "me/evidence", data={"kind": EVIDENCE}, files=evidence)
        judged = self._mine(person, "POST", f"sittings/{sitting_id}/eligibility", json=said)
        chosen = first_fitting(person, ((one["alternative"], one["verdict"]) for one in judged["findings"]))
        form = {"sitting_id": sitting_id, "alternative": chosen, "upload_ids": [upload["id"]], "declared": True}
        once = {"Idempotency-Key": f"replay-{person.serial:08d}"}
        made = self._mine(person, "POST", "registrations", json=form | said, headers=once)
        person.number, person.fee_fen = made["number"], made["fee_fen"]
        self._answer_dialogue(person, AT_SUBMISSION)

    def join(self, person: Person) -> None:
        """After a clerk has registered them at the window: sign in, and find the registration on one's own phone."""
        self._introduce(person)
        person.fee_fen = self._mine(person, "GET", f"registrations/{person.number}")["fee_fen"]
        self._answer_dialogue(person, AT_SUBMISSION)

    def pay(self, person: Person) -> None:
        """Look up what to transfer, and answer WeChat's second question. The money itself goes through the bank."""
        due = self._mine(person, "GET", f"registrations/{person.number}/payment")
        if (due["amount_fen"], due["open"]) != (person.fee_fen, True):
            raise ReplayBroken(f"{person.number}: 缴费期内应缴{person.fee_fen}分，页面显示 {due['amount_fen']}分")
        self._answer_dialogue(person, AT_PAYMENT)

    def sitting_of(self, person: Person) -> int:
        """The sitting that the person's own page shows, which after a postponement is another one."""
        shown: int = self._mine(person, "GET", f"registrations/{person.number}")["sitting"]["id"]
        return shown

    def opens_ticket(self, person: Person) -> bool:
        """Does the link in the QR code show a valid ticket, and give the paper to whoever knows the document number?"""
        link = self._mine(person, "GET", f"registrations/{person.number}/ticket")["link"]
        scanned = self._call("", "GET", link)
        printed = self._call("", "POST", link, data={"digits": person.particulars.number[-4:]})
        return scanned.ok and "有效" in scanned.text and printed.content.startswith(b"%PDF")

    def set_silent(self, person: Person) -> None:
        """From now on this phone never confirms an SMS."""
        self._sandbox(f"sms/phones/{person.particulars.phone}", mode="never")

    # --- what the vendors' sandbox shows and does

    def receive(self) -> None:
        """Let everything arrive that is under way: messages' receipts and WeChat's events."""
        self._sandbox("drain")

    def inbox(self) -> list[dict[str, Any]]:
        """Every message that arrived on any phone, the oldest first."""
        answer = self._http().get(f"{self._stack.sandbox}/sandbox/messages", timeout=_SECONDS)
        messages: list[dict[str, Any]] = _taken(answer)
        return messages

    # --- how

    def _introduce(self, person: Person) -> None:
        """Sign in, have the phone verified, and say who one is."""
        self._sign_in(person)
        code = self._sandbox("wechat/phone-code", phone=person.particulars.phone)["code"]
        self._mine(person, "PUT", "me/phone/wechat", json={"code": code})
        self._mine(person, "PUT", "me/profile", json=_profile(person.particulars))

    def _sign_in(self, person: Person) -> None:
        login = self._sandbox("wechat/login", **({"openid": person.openid} if person.openid else {}))
        person.openid = login["openid"]
        person.token = _taken(self._call("", "POST", "sign-in", json={"code": login["code"]}))["token"]

    def _answer_dialogue(self, person: Person, moment: str) -> None:
        """The same tap reaches us twice, as in life: by WeChat's own event and by the client's report."""
        templates = self._mine(person, "GET", "subscriptions")[moment]
        self.asked[moment] = frozenset(templates)
        answer = _ACCEPT if person.granted else _REJECT
        self._sandbox("wechat/tap", openid=person.openid, template_id=templates, answer=answer)
        told = {"tap": f"{moment}-{person.serial:08d}", "answers": dict.fromkeys(templates, answer)}
        self._mine(person, "POST", "subscriptions/answers", json=told)

    def _mine(self, person: Person, method: str, path: str, **more: Any) -> Any:
        """A call of a signed-in person; like the mini-program, sign in again where the sign-in has ended."""
        answer = self._call(person.token, method, path, **more)
        if answer.status_code == requests.codes.unauthorized:
            self._sign_in(person)
            answer = self._call(person.token, method, path, **more)
        return _taken(answer)

    def _call(self, token: str, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= more.pop("headers", {})
        url = path if path.startswith("http") else f"{self._stack.web}/api/v1/{path}"
        return self._http().request(method, url, headers=headers, timeout=_SECONDS, **more)

    def _sandbox(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self._http().post(f"{self._stack.sandbox}/sandbox/{path}", json=body, timeout=_SECONDS)
        told: dict[str, Any] = _taken(answer)
        return told

    def _http(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False  # a proxy of this machine's owner has no business on loopback
        session: requests.Session = self._local.session
        return session


def _taken(answer: requests.Response) -> Any:
    """What came back with a yes; a no breaks the replay, for everything that it asks must be granted."""
    if not answer.ok:
        path = urlsplit(answer.url).path
        raise ReplayBroken(f"{answer.request.method} {path}: {answer.status_code} {answer.text[:300]}")
    return answer.json()


def _profile(one: Particulars) -> dict[str, Any]:
    typed = {"name": one.name, "document_type": one.document.value, "document_number": one.number}
    # The number of an ID card says these itself.
    asked = {} if one.document is DocumentType.ID_CARD else {"born": one.born.isoformat(), "sex": one.sex}
    return typed | asked


def claims(sitting: SittingName) -> dict[str, Any]:
    """What an applicant says of themselves, on the phone as at the window."""
    below = sitting.level + 1
    held = {"occupation": sitting.occupation, "level": below, "issued_on": _CERTIFIED}
    return {"work": [{"since": _SINCE}], "certificates": [held] if below in LEVEL_NAMES else []}


def first_fitting(person: Person, found: Iterable[tuple[str, str]]) -> str:
    """The first alternative of which the verdict does not say that it is not met."""
    for alternative, verdict in found:
        if verdict != Verdict.NOT_MET.value:
            return alternative
    raise ReplayBroken(f"{person.applied_for}: 没有一项申报条件能满足")


@cache
def portrait() -> bytes:
    """The smallest picture that passes for a 2-inch portrait; also photographed as evidence."""
    picture = Image.new("RGB", (300, 420), (120, 160, 220))
    ImageDraw.Draw(picture).ellipse((75, 84, 225, 252), fill=(230, 200, 170))
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
