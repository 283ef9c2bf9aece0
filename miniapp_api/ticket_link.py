"""The ticket link (/t/<code>): works in any phone's browser, says at once whether the ticket counts, and shows who it
belongs to only to somebody who also knows the last four characters of the document number."""

import re

from flask import Blueprint, Response, current_app, make_response, render_template, request

from miniapp_api.registrations import printed
from miniapp_api.signed_in import clock
from server.config import Settings
from server.domain.identity import masked_name
from server.domain.levels import LEVEL_NAMES
from server.domain.registrations import LIVE, Status
from server.domain.wording import full_day_text
from server.errors import Problem
from server.models import Sitting
from server.services import ticketing
from server.services.sitting_list import book_of, dates_of, when
from server.services.ticketing import Found

_WHY_OVER = {Status.ABSENT: "本次评价缺考", Status.FORFEITED: "本次评价缺考"}

bp = Blueprint("ticket_link", __name__, template_folder="templates")


@bp.get("/t/<code>")
def show(code: str) -> Response:
    """The page behind the QR code."""
    return _page(ticketing.find_by_code(code))


@bp.post("/t/<code>")
def download(code: str) -> Response:
    """The printed ticket, as PDF or picture, for whoever knows the last four characters of the document number."""
    ticketing.find_by_code(code)  # before the form is looked at: what is sent to no ticket is not read
    try:
        found = ticketing.open_by_digits(code, request.form.get("digits", ""), clock().now())
    except Problem as problem:
        if problem.code == "ticket_unknown":
            raise
        return _page(ticketing.find_by_code(code), problem)
    return printed(ticketing.ticket_page(found, _public_url()), "png" if "png" in request.form else "pdf")


@bp.errorhandler(Problem)
def refuse(problem: Problem) -> tuple[str, int]:
    """This front door speaks to people, not to programs: its errors are pages."""
    return render_template("ticket_unknown.html", text=problem.text), problem.status


@bp.after_request
def keep_private(answer: Response) -> Response:
    """Nothing of a ticket stays in a cache, and its address goes to nobody as a referrer."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _page(found: Found, problem: Problem | None = None) -> Response:
    book = book_of(found.sitting)
    valid = ticketing.is_valid(found)
    moved = found.present.id != found.sitting.id
    page = render_template(
        "ticket.html",
        institution=book.institution,
        dialled=dialled(book.institution.telephone),
        subject=f"{book.occupation(found.sitting.occupation).name} {LEVEL_NAMES[found.sitting.level]}",
        name=masked_name(found.candidate.name),
        number=found.ticket.number,
        days=_with_year(found.sitting),
        place=found.sitting.place,
        valid=valid,
        why=found.ticket.void_reason or _WHY_OVER.get(Status(found.registration.status), "申报已退出"),
        new_days=_with_year(found.present) if moved and not valid and found.registration.status in LIVE else "",
        new_from=full_day_text(dates_of(found.present, found.registration.channel).ticket_from),
        error=problem.text if problem else "",
    )
    return make_response(page, problem.status if problem else 200 if valid else 410)


def _with_year(sitting: Sitting) -> str:
    return f"{sitting.assessed_first.year}年{when(sitting)}"


def dialled(telephone: str) -> str:
    """What a phone dials: digits only. An extension in brackets (转207) is for whoever answers."""
    number = re.split("[（(转]", telephone, maxsplit=1)[0]
    return re.sub("[^0-9]", "", number)


def _public_url() -> str:
    settings: Settings = current_app.extensions["jiping_settings"]
    return settings.public_url
