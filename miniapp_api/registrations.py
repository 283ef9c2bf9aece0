"""Registrations: make one, see mine, mend, step back, pay, fetch the ticket, report subscription answers."""

import hashlib
from pathlib import Path

from apiflask import APIBlueprint, FileSchema
from flask import Response, current_app

from miniapp_api import presenters, registrations_shown
from miniapp_api.schemas import (
    AmendmentIn,
    AnswersIn,
    CreditsOut,
    FormIn,
    OnceHeader,
    PaymentOut,
    RegistrationDetailOut,
    RegistrationIn,
    RegistrationsOut,
    SubscriptionsOut,
    TicketOut,
)
from miniapp_api.signed_in import account, auth, clock
from miniapp_api.sittings import said
from server.config import Settings
from server.documents.ticket import CannotPrint, TicketPage, ticket_pdf, ticket_png
from server.domain.notices import Kind
from server.errors import Problem
from server.services import application_forms, applying, granting, history, judged_on, paying, profile, ticketing
from server.services.registering import Application

bp = APIBlueprint("registrations", __name__, tag="申报")


@bp.post("/registrations")
@bp.auth_required(auth)
@bp.input(RegistrationIn, arg_name="body")
@bp.output(RegistrationDetailOut, status_code=201)
@bp.input(OnceHeader, location="headers", arg_name="once")
def register(body: RegistrationIn, once: OnceHeader) -> RegistrationDetailOut:
    """Register for a sitting. The same Idempotency-Key with the same content gives the same answer."""
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    number = applying.register(
        account().id, _form(body, body.sitting_id), once.idempotency_key, digest, clock().now()
    )
    return _detail(number)


@bp.get("/registrations")
@bp.auth_required(auth)
@bp.output(RegistrationsOut)
def show_mine() -> RegistrationsOut:
    """All of mine, the newest first."""
    now = clock().now()
    mine = history.my_registrations(account().id) if account().candidate_id else []
    return RegistrationsOut(registrations=[registrations_shown.registration(one, now) for one in mine])


@bp.get("/registrations/<number>")
@bp.auth_required(auth)
@bp.output(RegistrationDetailOut)
def show_one(number: str) -> RegistrationDetailOut:
    """One of mine, with its timeline."""
    return _detail(number)


@bp.put("/registrations/<number>")
@bp.auth_required(auth)
@bp.input(AmendmentIn, arg_name="body")
@bp.output(RegistrationDetailOut)
def amend(number: str, body: AmendmentIn) -> RegistrationDetailOut:
    """Hand in again after a return; `version` is the one that the page showed."""
    applying.amend(account().id, number, _form(body, 0), body.version, clock().now())
    return _detail(number)


@bp.post("/registrations/<number>/withdrawal")
@bp.auth_required(auth)
@bp.output(RegistrationDetailOut)
def withdraw(number: str) -> RegistrationDetailOut:
    """Step back."""
    applying.withdraw(account().id, number, clock().now())
    return _detail(number)


@bp.get("/registrations/<number>/payment")
@bp.auth_required(auth)
@bp.output(PaymentOut)
def payment(number: str) -> PaymentOut:
    """What to pay, to which account, by when, with which remark."""
    mine = history.my_registration(account().id, number)
    name, now = profile.candidate_of(account().id).name, clock().now()
    advice = registrations_shown.fee_advice(mine, now)
    return presenters.payment(paying.due(mine.registration.id), name, advice, now)


@bp.get("/registrations/<number>/ticket")
@bp.auth_required(auth)
@bp.output(TicketOut)
def ticket(number: str) -> TicketOut:
    """The ticket's number, link and QR code. Fails with ticket_not_ready before its day."""
    return presenters.ticket(_ticket(number), _settings().public_url)


@bp.get("/registrations/<number>/ticket.pdf")
@bp.auth_required(auth)
@bp.output(FileSchema(type="string", format="binary"), content_type="application/pdf")
def ticket_as_pdf(number: str) -> Response:
    """The ticket as PDF."""
    return printed(ticketing.ticket_page(_ticket(number), _settings().public_url), "pdf")


@bp.get("/registrations/<number>/ticket.png")
@bp.auth_required(auth)
@bp.output(FileSchema(type="string", format="binary"), content_type="image/png")
def ticket_as_png(number: str) -> Response:
    """The ticket as a picture, for phones that open no PDF."""
    return printed(ticketing.ticket_page(_ticket(number), _settings().public_url), "png")


@bp.get("/subscriptions")
@bp.auth_required(auth)
@bp.output(SubscriptionsOut)
def subscriptions() -> SubscriptionsOut:
    """Which templates to ask for at which tap; a postponement's credit is asked for at both."""
    ids = _settings().wechat_templates
    first, second = (Kind.APPROVED, Kind.RETURNED, Kind.POSTPONED), (Kind.POSTPONED, Kind.TICKET_READY, Kind.HELD)
    return SubscriptionsOut(
        at_submission=[ids[kind.value] for kind in first if kind.value in ids],
        at_payment=[ids[kind.value] for kind in second if kind.value in ids],
    )


@bp.post("/subscriptions/answers")
@bp.auth_required(auth)
@bp.input(AnswersIn, arg_name="body")
@bp.output(CreditsOut)
def answers(body: AnswersIn) -> CreditsOut:
    """What wx.requestSubscribeMessage answered; the same tap reported again adds nothing."""
    known = set(_settings().wechat_templates.values())
    told = {template: answer for template, answer in body.answers.items() if template in known}
    return CreditsOut(added=granting.report_answers(account().id, body.tap, dict(told), clock().now()))


def printed(page: TicketPage, kind: str) -> Response:
    """A printed ticket that no cache may keep."""
    fonts = [Path(name) for name in _settings().font_paths]
    try:
        data = ticket_pdf(page, fonts) if kind == "pdf" else ticket_png(page, fonts)
    except CannotPrint:
        raise Problem("ticket_unprintable") from None
    mime = "application/pdf" if kind == "pdf" else "image/png"
    answer = Response(data, mimetype=mime)
    # A PDF shown in place of the page leaves people on phones with no way back.
    how = "attachment" if kind == "pdf" else "inline"
    answer.headers["Content-Disposition"] = f'{how}; filename="ticket-{page.ticket_number}.{kind}"'
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.extensions["jiping_settings"]
    return settings


def _form(body: FormIn, sitting_id: int) -> Application:
    return Application(
        sitting_id=sitting_id,
        alternative=body.alternative,
        said=said(body),
        upload_ids=tuple(body.upload_ids),
        paper_certificate=body.paper_certificate,
        declared=body.declared,
    )


def _detail(number: str) -> RegistrationDetailOut:
    mine = history.my_registration(account().id, number)
    events = [registrations_shown.event(one) for one in history.timeline(mine.registration.id)]
    fields = registrations_shown.registration_fields(mine, clock().now())
    judged = judged_on.judged_on(mine.registration)
    return RegistrationDetailOut(
        **fields,
        form_signed_at=application_forms.signature_of(mine.registration),
        claims=mine.registration.claims,
        uploads=[presenters.upload(one) for one in judged.uploads],
        reasons=judged.reasons,
        timeline=events,
    )


def _ticket(number: str) -> ticketing.Found:
    mine = history.my_registration(account().id, number)
    found = ticketing.find_for(mine.registration.id)
    if found is None or not ticketing.is_valid(found):
        raise Problem("ticket_not_ready")
    return found
