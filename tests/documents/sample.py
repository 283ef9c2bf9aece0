"""A ticket as a real one would be: the association's own sitting and rules, an invented candidate."""

import io
from functools import cache

from PIL import Image, ImageDraw

from server.documents.ticket import SubjectTime, TicketPage

RULES = (
    "为规范技能人才评价违纪违规行为的认定与处理，维护技能人才评价的公平、公正，现将参评人员须知告知如下：",
    "一、参评人员申报职业技能评价时须了解申报要求，并承诺提供的申报材料均真实、有效。",
    "二、参评人员有下列行为之一的，取消当次该科目成绩。",
    "1、携带禁携物品进入座位（或考位）或未将禁携物品放在指定位置，经提醒拒不改正的；",
    "2、未在规定的座位（或考位）参加评价，或未经工作人员允许擅自离开座位（或考位），经提醒拒不改正的；",
    "3、在考场（或考区）禁止的范围内，喧哗、吸烟或实施其他影响考场秩序的行为，经提醒拒不改正的；",
    "4、其他违反考场规则但尚未构成作弊的行为。",
    "三、参评人员有下列行为之一的，取消当次全部科目成绩，且当年不得参加评价。",
    "1、在评价过程中使用规定以外的带拍照、存储、传输或通讯功能的电子设备（如相机、手机、U 盘、智能手表等）的；",
    "2、抄袭或协助他人抄袭试题答案或与评价内容相关资料等的；",
)


@cache
def portrait() -> bytes:
    """A drawn 2-inch portrait as JPEG."""
    picture = Image.new("RGB", (413, 579), (200, 215, 235))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((110, 110, 303, 350), fill=(225, 190, 165))
    draw.ellipse((30, 380, 383, 800), fill=(60, 70, 95))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


@cache
def signature() -> bytes:
    """A name as a finger draws it, as JPEG."""
    picture = Image.new("RGB", (900, 360), "white")
    draw = ImageDraw.Draw(picture)
    draw.line(
        [(90, 250), (200, 80), (300, 260), (420, 110), (520, 240), (700, 90), (820, 250)], fill="black", width=14
    )
    draw.line([(150, 190), (760, 170)], fill="black", width=12)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def ticket() -> TicketPage:
    """A complete ticket, with a photo and a name that GB 2312 cannot write."""
    return TicketPage(
        institution="上海市技师协会",
        title="2026年职业技能评价准考证",
        ticket_number="20260425030017",
        name="陈䶮喆",
        sex="女",
        document_type="居民身份证",
        masked_document="3****************3",
        occupation="企业人力资源管理师",
        level_name="四级/中级工",
        subjects=(
            SubjectTime("理论知识", "2026年4月25日（周六）", "09:00–10:30", "第3考场 A207室", "17"),
            SubjectTime("操作技能", "2026年4月25日（周六）", "13:00–15:00", "第5考场 A305室", "08"),
        ),
        place="上海市静安区广济路838号A栋",
        photo=portrait(),
        link="https://jiping.example.cn/t/Zk3vX9Qw7LrT2mYb8NcPdA",
        rules=RULES,
        phone="（021）62418668",
        complaint_phone="（021）62411384",
        issued_text="2026年4月20日签发",
    )
