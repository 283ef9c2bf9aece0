"""What the API takes and gives. Unknown fields are refused, and no rejected value is ever echoed."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator

from server.domain.eligibility import School, TitleGrade
from server.domain.identity import DocumentType

Short = Annotated[str, Field(max_length=60)]
# What a program in JavaScript can count to, and every database can hold.
RowId = Annotated[int, Field(ge=1, le=2**53 - 1)]
UploadKind = Literal["work", "certificate", "title", "diploma", "student", "identity", "other"]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Wire(BaseModel):
    """Base of everything on the wire; a wrong output must not print the person it was about."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Asked(Wire):
    """Base of what a phone sends."""

    @field_validator("*")
    @classmethod
    def _no_invisible_commands(cls, value: object) -> object:
        """No keyboard writes a control character, and PostgreSQL keeps no NUL."""
        if isinstance(value, str) and _CONTROL.search(value):
            raise ValueError("control character")
        return value


class Fault(Wire):
    """Every error has this shape."""

    code: str = Field(description="稳定的错误代码")
    message: str = Field(description="给用户看的中文说明")
    fields: dict[str, str] = Field(default={}, description="有误的字段和原因")
    reasons: list[dict[str, str]] = Field(default=[], description="不符合条件的全部原因")


class SignInIn(Asked):
    code: str = Field(min_length=1, max_length=200, description="wx.login 给出的 code")


class SignInOut(Wire):
    token: str
    expires_at: datetime


class WechatPhoneIn(Asked):
    code: str = Field(min_length=1, max_length=200, description="getPhoneNumber 给出的 code")


class PhoneCodeIn(Asked):
    phone: str = Field(min_length=1, max_length=30)


class PhoneIn(PhoneCodeIn):
    code: str = Field(min_length=1, max_length=10)


class ProfileIn(Asked):
    name: str = Field(min_length=1, max_length=80)
    document_type: DocumentType
    document_number: str = Field(min_length=1, max_length=40)
    born: date | None = None
    sex: Literal["男", "女"] | None = None


class MeOut(Wire):
    """Who is signed in; numbers are masked, for the phone may be in another's hand."""

    phone: str | None
    name: str | None = None
    document_type: DocumentType | None = None
    document_number: str | None = None
    born: date | None = None
    sex: str | None = None
    has_photo: bool = False
    unprintable: str = ""


class PhotoIn(Asked):
    file: UploadFile


class EvidenceIn(Asked):
    file: UploadFile
    kind: UploadKind


class UploadOut(Wire):
    id: int
    kind: str
    width: int
    height: int
    size: int


class WindowOut(Wire):
    first: date
    last: date


class SittingOut(Wire):
    id: int
    institution_key: str = Field(description="机构简称，历年不变")
    rulebook: str
    institution: str
    occupation: str
    level: int
    level_name: str
    month: str
    apply: WindowOut
    pay: WindowOut
    ticket_from: date
    assessed: WindowOut = Field(description="评价日期；day_fixed 为假时是拟定的日期")
    day_fixed: bool = Field(description="评价日期是否已确定")
    when: str = Field(description="评价日期的说法：4月25日、26日，或 2月底前")
    phase: str
    phase_name: str
    apply_in: Literal["mini_program", "window"] = Field(
        description="个人申报方式：mini_program 在小程序，window 到窗口现场办理"
    )
    open: bool = Field(description="现在可以在小程序中申报；到窗口现场办理的始终为假")
    fee_fen: int
    fee: str
    subjects: list[str]
    place: str
    decision: str | None = Field(description="开考决定：held、postponed、none，未决定为空")


class AlternativeOut(Wire):
    id: str
    kind: str
    text: str
    wanted: list[str] = Field(
        description="需要的材料：work、certificate、title、diploma、student；在读应届毕业生以 student（在读证明）代替 diploma"
    )


class SittingDetailOut(SittingOut):
    apply_how: str = Field(description="个人如何申报；到窗口办理的，写明地址、受理时间和材料")
    group_how: str = Field(description="团体如何申报")
    alternatives: list[AlternativeOut]
    minimum_age: int
    declaration: str
    conduct: list[str]
    telephone: str
    complaints: list[str]
    address: str
    hours: str
    threshold: int
    notice: str
    remarks: list[str] = Field(description="通知中的其他说明")


class SittingsOut(Wire):
    sittings: list[SittingOut]


class WorkIn(Asked):
    since: date
    until: date | None = None
    occupation: Short = Field(default="", description="所从事的职业；规则列有相关职业时据此判断")


class CertificateIn(Asked):
    occupation: Short
    level: int = Field(ge=1, le=5)
    issued_on: date


class TitleIn(Asked):
    grade: TitleGrade
    issued_on: date


class DiplomaIn(Asked):
    school: School
    major: Short
    final_year: bool = False
    course_assessed: bool = False


class SittingsQuery(Asked):
    """Which sittings to show."""

    institution: str | None = Field(
        default=None, max_length=64, description="只看一个机构的考次：机构简称，如 technicians"
    )


class SaidIn(Asked):
    work: list[WorkIn] = Field(default=[], max_length=30)
    certificates: list[CertificateIn] = Field(default=[], max_length=20)
    titles: list[TitleIn] = Field(default=[], max_length=10)
    diplomas: list[DiplomaIn] = Field(default=[], max_length=10)
    intends: StrictBool = Field(default=False, description="声明拟从事本职业或相关职业工作（五级）")


class ReasonOut(Wire):
    code: str
    text: str


class FindingOut(Wire):
    alternative: str
    text: str
    verdict: Literal["met", "needs_review", "not_met"]
    reasons: list[ReasonOut]


class EligibilityOut(Wire):
    verdict: Literal["met", "needs_review", "not_met"]
    barred: list[ReasonOut]
    findings: list[FindingOut]


class FormIn(SaidIn):
    alternative: Short
    upload_ids: list[RowId] = Field(max_length=30)
    paper_certificate: bool = False
    declared: StrictBool = Field(description="已阅读并同意诚信承诺")


class OnceHeader(Asked):
    """A number that the client makes for each tap on the button, and sends again when it sends again."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    idempotency_key: str = Field(min_length=8, max_length=80)


class RegistrationIn(FormIn):
    sitting_id: RowId


class AmendmentIn(FormIn):
    version: RowId


class EventOut(Wire):
    at: datetime
    what: str
    text: str


class MovedOut(Wire):
    """A postponement: from when to when, why, and until when one may step back."""

    from_days: str
    to_days: str
    reason: str
    withdraw_until: date | None = Field(description="在此日（含）前可以退出；等待次年公告时为空，随时可以退出")


class RegistrationOut(Wire):
    number: str
    status: str
    status_name: str
    version: int
    sitting: SittingOut
    channel: Literal["mini_program", "window", "group"] = Field(
        description="申报方式：mini_program 本人在小程序中，window 本人在窗口，group 由单位团体申报"
    )
    channel_name: str = Field(description="申报方式的中文说法")
    alternative: str
    applied_at: datetime
    fee_fen: int
    paper_certificate: bool
    may: list[str] = Field(description="现在可以进行的操作：amend、withdraw")
    postponed: MovedOut | None


class RegistrationDetailOut(RegistrationOut):
    claims: dict[str, Any]
    timeline: list[EventOut]


class RegistrationsOut(Wire):
    registrations: list[RegistrationOut]


class AccountOut(Wire):
    holder: str
    bank: str
    number: str


class PaymentOut(Wire):
    """What to pay, to which account, by when, with which remark."""

    amount_fen: int
    amount: str
    paid_fen: int
    first: date
    last: date
    open: bool
    account: AccountOut | None
    account_note: str
    remark: str
    counts_when: str


class TicketOut(Wire):
    number: str
    seat: int
    link: str
    qr_svg: str
    pdf: str
    png: str


class SubscriptionsOut(Wire):
    """Which templates to ask for at which moment; at most three an asking."""

    at_submission: list[str]
    at_payment: list[str]


class AnswersIn(Asked):
    tap: str = Field(min_length=8, max_length=64, description="每次点击的唯一编号")
    answers: dict[str, Literal["accept", "reject", "ban", "filter"]] = Field(max_length=3)


class CreditsOut(Wire):
    added: int
