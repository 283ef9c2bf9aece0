"""The application form says everything that was filled in, legibly, or is not printed."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from server.documents.form import FormPage, FormRow, form_pdf, form_png
from server.documents.ticket import CannotPrint
from tests.documents.sample import portrait, signature

LONG = "阿卜杜热合曼·麦麦提吐尔逊江·买买提依明"


def form() -> FormPage:
    """A complete form, signed, with a name that GB 2312 cannot write."""
    return FormPage(
        institution="上海市技师协会",
        title="职业技能评价报名表",
        number="W8HJ4K2M",
        name="陈䶮喆",
        person=(
            ("性别", "女"),
            ("出生日期", "1990年5月17日"),
            ("证件类型", "居民身份证"),
            ("证件号码", "9****************X"),
            ("手机号码", "138****0001"),
        ),
        applied_for=(
            ("职业（工种）", "企业人力资源管理师"),
            ("申报等级", "四级/中级工"),
            ("考核科目", "理论知识、操作技能"),
            ("申报条件", "4.1 累计从事本职业或相关职业工作满5年"),
            ("申报方式", "本人在小程序申报"),
            ("证书", "电子证书；另要纸质证书，用快递方式发放（快递费由参评人员自理）"),
        ),
        rows=(
            FormRow("工作经历", ("2012年3月1日至今　人事专员",)),
            FormRow("职业技能证书", ("企业人力资源管理师　五级/初级工　2015年6月1日取得",)),
            FormRow("职称", ()),
            FormRow("学历", ("专科及以上普通高等学校　人力资源管理",)),
            FormRow("佐证材料", ("工作证明　2份", "毕业证书　1份")),
        ),
        declaration="本人承诺提供的申报材料和信息真实有效，严格遵守考场纪律及相关规定。",
        photo=portrait(),
        signature=signature(),
        signed_text="2026年2月24日",
        applied_text="2026年2月24日",
    )


def _text(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def _said(page: FormPage) -> list[str]:
    texts = [
        page.institution,
        page.title,
        page.number,
        page.name,
        page.declaration,
        page.signed_text,
        page.applied_text,
    ]
    texts += [text for pair in page.person + page.applied_for for text in pair]
    return texts + [text for row in page.rows for text in (row.name, *row.values)]


@pytest.mark.parametrize("page", [form(), replace(form(), name=LONG, rows=form().rows * 2)], ids=["usual", "long"])
def test_all_that_was_filled_in_stands_on_one_sheet(page: FormPage) -> None:
    pdf = form_pdf(page)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    text = _text(pdf)
    assert [one for one in _said(page) if re.sub(r"\s", "", one) not in text] == []


def test_thirty_jobs_take_more_sheets_and_lose_none() -> None:
    jobs = tuple(f"2012年3月{day}日至今　第{day}份工作" for day in range(1, 31))
    page = replace(form(), rows=(FormRow("工作经历", jobs), FormRow("学历", jobs)))
    pdf = form_pdf(page)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert [one for one in _said(page) if re.sub(r"\s", "", one) not in _text(pdf)] == []


def test_what_was_not_filled_in_is_said_to_be_nothing() -> None:
    assert "职称无" in _text(form_pdf(form()))


def _ink(png: bytes) -> int:
    return sum(Image.open(io.BytesIO(png)).convert("L").histogram()[:100])


def test_a_signature_is_seen_and_an_unsigned_form_keeps_its_line_empty() -> None:
    blank = replace(form(), signature=None, signed_text="")
    assert _ink(form_png(form())) > _ink(form_png(blank)) + 200
    assert "年月日" in _text(form_pdf(blank))


def test_a_name_that_no_font_has_is_not_printed_as_a_box() -> None:
    with pytest.raises(CannotPrint):
        form_pdf(replace(form(), name="\U000fffff"))


def test_what_somebody_typed_is_text_and_never_markup() -> None:
    typed = '#set page(fill: red) [*x*] $y$ "quoted" \\'
    assert re.sub(r"\s", "", typed) in _text(form_pdf(replace(form(), rows=(FormRow("工作经历", (typed,)),))))


def test_the_same_form_gives_the_same_bytes() -> None:
    assert form_pdf(form()) == form_pdf(form())
