"""Sign-in, phone, particulars, photo and evidence."""

from apiflask import APIBlueprint, FileSchema
from flask import Response, request

from miniapp_api import presenters
from miniapp_api.schemas import (
    EvidenceIn,
    MeOut,
    PhoneCodeIn,
    PhoneIn,
    PhotoIn,
    ProfileIn,
    SignInByPhoneIn,
    SignInIn,
    SignInOut,
    UploadOut,
    WechatPhoneIn,
)
from miniapp_api.signed_in import account, auth, bearer, clock
from server.models import Account
from server.services import profile, signing_in, signing_in_by_phone, signing_out
from server.services.profile import Particulars

bp = APIBlueprint("me", __name__, tag="本人")


@bp.post("/sign-in")
@bp.input(SignInIn, arg_name="body")
@bp.output(SignInOut, status_code=201)
def sign_in(body: SignInIn) -> SignInOut:
    """Sign in with the code of wx.login."""
    signed = signing_in.sign_in(body.code, clock().now())
    return SignInOut(token=signed.token, expires_at=signed.expires_at)


@bp.post("/sign-in/code")
@bp.input(PhoneCodeIn, arg_name="body")
@bp.output({}, status_code=204)
def sign_in_code(body: PhoneCodeIn) -> str:
    """Have a code for signing in sent by SMS: for phone pages, where there is no WeChat."""
    signing_in_by_phone.send_sign_in_code(body.phone, request.remote_addr or "", clock().now())
    return ""


@bp.post("/sign-in/phone")
@bp.input(SignInByPhoneIn, arg_name="body")
@bp.output(SignInOut, status_code=201)
def sign_in_by_phone(body: SignInByPhoneIn) -> SignInOut:
    """Sign in with the code of that SMS; after sixty days also with the last four characters of the document."""
    said = signing_in_by_phone.Said(body.document_end, body.not_mine)
    signed = signing_in_by_phone.sign_in_by_phone(
        body.phone, body.code, request.remote_addr or "", clock().now(), said
    )
    return SignInOut(token=signed.token, expires_at=signed.expires_at)


@bp.post("/sign-out")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
def sign_out() -> str:
    """Revoke this phone's token."""
    signing_out.sign_out(bearer(), clock().now())
    return ""


@bp.post("/me/sign-out-everywhere")
@bp.auth_required(auth)
@bp.output({}, status_code=204)
def sign_out_everywhere() -> str:
    """Revoke every token of this person, on all phones, this one's too: for whoever has lost a phone."""
    signing_out.sign_out_everywhere(account().id, clock().now())
    return ""


@bp.get("/me")
@bp.auth_required(auth)
@bp.output(MeOut)
def show_me() -> MeOut:
    """Who is signed in."""
    return _me(account())


@bp.put("/me/phone/wechat")
@bp.auth_required(auth)
@bp.input(WechatPhoneIn, arg_name="body")
@bp.output(MeOut)
def phone_by_wechat(body: WechatPhoneIn) -> MeOut:
    """Take the phone number that WeChat verified."""
    signing_in.set_phone_by_wechat(account().id, body.code, clock().now(), bearer())
    return _fresh()


@bp.post("/me/phone/code")
@bp.auth_required(auth)
@bp.input(PhoneCodeIn, arg_name="body")
@bp.output({}, status_code=204)
def phone_code(body: PhoneCodeIn) -> str:
    """Have a code sent by SMS."""
    signing_in.send_phone_code(account().id, body.phone, clock().now())
    return ""


@bp.put("/me/phone")
@bp.auth_required(auth)
@bp.input(PhoneIn, arg_name="body")
@bp.output(MeOut)
def phone_by_code(body: PhoneIn) -> MeOut:
    """Take a phone number with the code that was sent to it."""
    signing_in.set_phone_by_code(account().id, body.phone, body.code, clock().now(), bearer())
    return _fresh()


@bp.put("/me/profile")
@bp.auth_required(auth)
@bp.input(ProfileIn, arg_name="body")
@bp.output(MeOut)
def save_profile(body: ProfileIn) -> MeOut:
    """Enter who one is."""
    typed = Particulars(body.name, body.document_type, body.document_number, body.born, body.sex)
    profile.save_particulars(account().id, typed, clock().now())
    return _fresh()


@bp.put("/me/photo")
@bp.auth_required(auth)
@bp.input(PhotoIn, location="files", arg_name="body")
@bp.output(UploadOut)
def save_photo(body: PhotoIn) -> UploadOut:
    """Upload the 2-inch portrait for the ticket."""
    return presenters.upload(profile.store_photo(account().id, body.file.read(), clock().now()))


@bp.post("/me/photo")
@bp.auth_required(auth)
@bp.input(PhotoIn, location="files", arg_name="body")
@bp.output(UploadOut)
def send_photo(body: PhotoIn) -> UploadOut:
    """The same for clients whose uploads can only POST, as wx.uploadFile."""
    return presenters.upload(profile.store_photo(account().id, body.file.read(), clock().now()))


@bp.post("/me/evidence")
@bp.auth_required(auth)
@bp.input(EvidenceIn, location="form_and_files", arg_name="body")
@bp.output(UploadOut, status_code=201)
def save_evidence(body: EvidenceIn) -> UploadOut:
    """Upload a piece of evidence."""
    return presenters.upload(profile.store_evidence(account().id, body.kind, body.file.read(), clock().now()))


@bp.get("/me/uploads/<int:upload_id>")
@bp.auth_required(auth)
@bp.output(FileSchema(type="string", format="binary"), content_type="image/jpeg")
def show_upload(upload_id: int) -> Response:
    """One's own picture."""
    return Response(profile.own_upload(account().id, upload_id), mimetype="image/jpeg")


def _fresh() -> MeOut:
    current = signing_in.account_of(bearer(), clock().now())
    return _me(current or account())


def _me(of: Account) -> MeOut:
    return presenters.me(of, profile.candidate_of(of.id) if of.candidate_id else None)
