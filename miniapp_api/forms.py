"""The application form (报名表): to look at, and to confirm and sign on the screen."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from apiflask import APIBlueprint, FileSchema
from apiflask.fields import UploadFile
from flask import Response, current_app
from pydantic import Field

from miniapp_api.signed_in import account, auth, clock
from miniapp_api.wire import Asked, Wire
from server.config import Settings
from server.documents.form import FormPage, form_pdf, form_png
from server.documents.ticket import CannotPrint
from server.errors import Problem
from server.services import application_forms

bp = APIBlueprint("forms", __name__, tag="申报")


class FormRowOut(Wire):
    name: str
    values: list[str] = Field(description="一项一段；没有填写则为空")


class FormPartOut(Wire):
    """One block of the printed sheet."""

    name: str
    rows: list[FormRowOut]


class FormOut(Wire):
    """What the form says, to be read before it is signed: the words of the printed sheet, numbers masked.

    `digest` names just that, and goes back with the signature.
    """

    digest: str
    parts: list[FormPartOut]
    photo_id: int = Field(description="报名表上的证件照的上传编号")
    declaration: str
    applied_text: str = Field(description="申报日期，如2026年2月24日")
    signed_at: datetime | None = Field(description="签名时间；尚未签名，或签名之后内容有改动，则为空")


class SignatureIn(Asked):
    file: UploadFile = Field(description="手写签名，白底黑字的PNG或JPG，1MB以内")
    digest: str = Field(min_length=64, max_length=64)


@bp.get("/registrations/<number>/form")
@bp.auth_required(auth)
@bp.output(FormOut)
def show_form(number: str) -> FormOut:
    """What does my form say, and is that signed?"""
    return _out(application_forms.my_signature(account().id, number))


@bp.post("/registrations/<number>/form/signature")
@bp.auth_required(auth)
@bp.input(SignatureIn, location="form_and_files", arg_name="body")
@bp.output(FormOut)
def sign_form(number: str, body: SignatureIn) -> FormOut:
    """Confirm what the form says, and sign it. Fails with form_changed where it says something else by now."""
    data = body.file.read()
    return _out(application_forms.sign(account().id, number, data, body.digest, clock().now()))


@bp.get("/registrations/<number>/form.pdf")
@bp.auth_required(auth)
@bp.output(FileSchema(type="string", format="binary"), content_type="application/pdf")
def form_as_pdf(number: str) -> Response:
    """The form as PDF, with masked numbers."""
    return _printed(number, form_pdf, "application/pdf")


@bp.get("/registrations/<number>/form.png")
@bp.auth_required(auth)
@bp.output(FileSchema(type="string", format="binary"), content_type="image/png")
def form_as_png(number: str) -> Response:
    """The form as a picture, for phones that open no PDF."""
    return _printed(number, form_png, "image/png")


def _out(signed: application_forms.Signed) -> FormOut:
    page = signed.page
    return FormOut(
        digest=signed.digest,
        parts=[
            _part("本人", (("姓名", page.name), *page.person)),
            _part("申报项目", (("申报号", page.number), ("机构", page.institution), *page.applied_for)),
            FormPartOut(
                name="条件和材料", rows=[FormRowOut(name=row.name, values=list(row.values)) for row in page.rows]
            ),
        ],
        photo_id=signed.photo_id,
        declaration=page.declaration,
        applied_text=page.applied_text,
        signed_at=signed.signed_at,
    )


def _part(name: str, pairs: Iterable[tuple[str, str]]) -> FormPartOut:
    return FormPartOut(name=name, rows=[FormRowOut(name=one, values=[said]) for one, said in pairs])


def _printed(number: str, printing: Callable[[FormPage, Sequence[Path]], bytes], mime: str) -> Response:
    settings: Settings = current_app.extensions["jiping_settings"]
    page = application_forms.my_form(account().id, number)
    try:
        data = printing(page, [Path(name) for name in settings.font_paths])
    except CannotPrint:
        raise Problem("ticket_unprintable") from None
    return Response(data, mimetype=mime)
