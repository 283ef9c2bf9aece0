"""What the API gives of sittings, and of those who hold them."""

from datetime import date
from typing import Literal

from pydantic import Field

from miniapp_api.wire import Asked, Wire


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


class WebsiteOut(Wire):
    name: str
    url: str


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
    turnout: str = Field(description="多少人开考、不足怎么办，一两句话")
    paper_certificate: Literal["on_request", "collected"] = Field(
        description="on_request 另要才有纸质证书，申报时选择；collected 发纸质证书，届时领取"
    )
    certificates: str = Field(description="个人的证书怎样发放")
    tickets: str = Field(description="个人申报的准考证从何时起、怎样领取，通知的规定")
    results: str = Field(description="成绩多久公布，在哪里查")
    websites: list[WebsiteOut]
    notice: str = Field(description="所依据的通知的名称和文号")
    remarks: list[str] = Field(description="通知中的其他说明")


class SittingsOut(Wire):
    sittings: list[SittingOut]


class SittingsQuery(Asked):
    """Which sittings to show."""

    institution: str | None = Field(
        default=None, max_length=64, description="只看一个机构的考次：机构简称，如 technicians"
    )


class InstitutionOut(Wire):
    key: str = Field(description="机构简称，历年不变")
    rulebook: str
    name: str
    telephone: str
    complaints: list[str]
    address: str
    hours: str
    email: str
    websites: list[WebsiteOut]
    apply_how: str = Field(description="个人如何申报")
    group_how: str = Field(description="团体如何申报")
    tickets: str = Field(description="个人申报的准考证从何时起、怎样领取，通知的规定")
    results: str = Field(description="成绩多久公布，在哪里查")
    certificates: str = Field(description="个人的证书怎样发放")
    notice: str = Field(description="现行通知的名称和文号")
    remarks: list[str] = Field(description="通知中的其他说明")


class InstitutionsOut(Wire):
    institutions: list[InstitutionOut]
