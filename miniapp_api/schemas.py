"""What the API takes and gives, but for sittings."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from apiflask.fields import UploadFile
from pydantic import ConfigDict, Field, StrictBool

from miniapp_api.sitting_schemas import SittingOut
from miniapp_api.wire import Asked, Wire
from server.domain.eligibility import School, TitleGrade
from server.domain.identity import DocumentType

Short = Annotated[str, Field(max_length=60)]
# What a program in JavaScript can count to, and every database can hold.
RowId = Annotated[int, Field(ge=1, le=2**53 - 1)]
UploadKind = Literal["work", "certificate", "title", "diploma", "student", "identity", "other"]


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


class SignInByPhoneIn(PhoneIn):
    document_end: str = Field(
        default="", max_length=10, description="证件号码后四位；回答 document_end_needed 时才需要，验证码不变"
    )
    not_mine: StrictBool = Field(default=False, description="登记的不是本人：号码换了主人，另建自己的账号")


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
    photo_id: int | None = Field(default=None, description="2寸照片的上传编号")
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
    withdraw_until: date | None = Field(
        description="在此日（含）前可以退出；为空时以 may 为准：等待次年公告的随时可以退出，因本人原因改期的不能退出"
    )
    what: Literal["延期", "改期"] = Field(description="机构延期，或因本人原因改期")
    advice: str = Field(description="要做什么、不用做什么；申报已结束的为空")


class RegistrationOut(Wire):
    number: str
    status: str
    status_name: str
    note: str = Field(description="状态的说明，如缺考后可在何日之前另行安排；没有时为空")
    next_step: str = Field(description="下一步：要做什么，或不用做什么、会通知什么")
    tone: Literal["good", "care", "stop", "quiet"] = Field(description="下一步的颜色：正常、要留意、不通过、已结束")
    money_back: str = Field(description="申报结束后已收费用怎么办；没有收过费用的为空")
    waiting: bool = Field(description="等待次年公告，还没有考次可参加")
    has_ticket: bool = Field(description="有有效的准考证")
    pay_open: bool = Field(description="现在可以缴费")
    version: int
    sitting: SittingOut
    channel: Literal["mini_program", "window", "group"] = Field(
        description="申报方式：mini_program 本人在小程序中，window 本人在窗口，group 由单位团体申报"
    )
    channel_name: str = Field(description="申报方式的中文说法")
    alternative: str
    applied_at: datetime
    fee_fen: int
    fee: str = Field(description="本申报的费用，如350元")
    paper_certificate: bool
    certificate: str = Field(description="证书怎样发放")
    may: list[str] = Field(description="现在可以进行的操作：amend、withdraw")
    postponed: MovedOut | None


class RegistrationDetailOut(RegistrationOut):
    form_signed_at: datetime | None = Field(description="报名表现在的内容何时由本人签名；没有签名时为空")
    claims: dict[str, Any]
    uploads: list[UploadOut] = Field(description="已提交的佐证材料")
    reasons: list[str] = Field(description="最近一次审核退回或不通过的原因")
    timeline: list[EventOut]


class RegistrationsOut(Wire):
    registrations: list[RegistrationOut]


class AccountOut(Wire):
    holder: str
    bank: str
    number: str


class ProofOut(Wire):
    """Where proof of payment and what an invoice needs are mailed to."""

    to: str = Field(description="电子邮箱")
    subject: str = Field(description="邮件主题的写法")
    payee_tax_id: str = Field(description="收款单位的纳税人识别号；通知未列的为空")


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
    advice: str = Field(description="现在要不要缴费，一两句话")
    tone: Literal["good", "care", "stop"]
    due: bool = Field(description="有费用可看：还没到缴费一步的、已结束的为假")
    proof: ProofOut | None = Field(description="缴费凭证和开票信息发往何处；通知没有要求的为空")


class SubjectTimeOut(Wire):
    """When and where one subject is, as the ticket says it."""

    name: str
    date: str = Field(description="如2026年11月7日（周六）")
    time: str
    room: str = Field(description="考场；没有排定的为空")


class TicketOut(Wire):
    number: str
    seat: int
    link: str
    qr_svg: str
    pdf: str
    png: str
    subjects: list[SubjectTimeOut]
    telephone: str


class SubscriptionsOut(Wire):
    """Which templates to ask for at which moment; at most three an asking."""

    at_submission: list[str]
    at_payment: list[str]


class AnswersIn(Asked):
    tap: str = Field(min_length=8, max_length=64, description="每次点击的唯一编号")
    answers: dict[str, Literal["accept", "reject", "ban", "filter"]] = Field(max_length=3)


class CreditsOut(Wire):
    added: int


class NoticeOut(Wire):
    """One thing that somebody was told."""

    id: int
    at: datetime
    kind: str
    title: str
    text: str
    number: str = Field(description="所属申报的申报号")


class NoticesOut(Wire):
    notices: list[NoticeOut]
