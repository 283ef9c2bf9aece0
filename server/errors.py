"""Every error that a person can meet: a stable code, an HTTP status, and a Chinese sentence that says what to do."""

from typing import Any

ERRORS: dict[str, tuple[int, str]] = {
    # who is asking
    "sign_in_needed": (401, "请先登录"),
    "wechat_code_wrong": (400, "登录凭证已失效或已使用，请退出小程序后重新进入"),
    "wechat_blocked": (403, "微信提示该账号存在风险，暂时不能登录，请联系微信客服"),
    "wechat_busy": (503, "微信服务繁忙，请稍等一分钟再试"),
    "phone_code_wrong": (400, "验证码不正确或已失效，请重新获取"),
    "phone_code_tries": (429, "验证码输错次数过多，请重新获取"),
    "too_many_requests": (429, "操作过于频繁，请稍后再试"),
    "phone_needed": (409, "请先验证手机号，以便接收考试通知"),
    "phone_shape": (422, "请填写11位的中国大陆手机号"),
    "phone_abroad": (422, "只支持中国大陆手机号，请改用短信验证码登记一个大陆手机号"),
    # who somebody is
    "document_shape": (422, "证件号码的位数或格式不对，请对照证件重新填写"),
    "id_card_date": (422, "身份证号码中的出生日期不对，请对照证件重新填写"),
    "id_card_check": (422, "身份证号码有误（最后一位校验不符），请对照证件重新填写"),
    "name_shape": (422, "姓名须与证件一致，2至50个字，不含数字和符号（间隔号除外）"),
    "born_needed": (422, "请填写出生日期和性别"),
    "born_wrong": (422, "出生日期不对，请重新填写"),
    "document_taken": (409, "该证件已登记过，但姓名或手机号不一致。请改用登记时的手机号验证，或致电咨询"),
    "document_fixed": (409, "已有申报，证件和姓名不能自行修改。如确需更正，请致电咨询"),
    "profile_needed": (409, "请先填写个人信息"),
    # uploads
    "upload_missing": (422, "没有收到图片，请重新选择"),
    "upload_empty": (422, "图片是空的，请重新选择"),
    "upload_too_big": (413, "图片过大，请选择10MB以内的图片"),
    "upload_animated": (422, "不支持动图，请上传普通照片"),
    "upload_not_an_image": (422, "只能上传JPG或PNG图片；文件请拍照后上传"),
    "upload_heic": (422, "暂不支持HEIC格式，请在手机相机设置中选择“兼容性最佳”，或截图后上传"),
    "upload_broken": (422, "图片已损坏，无法打开，请重新拍照后上传"),
    "upload_too_many_pixels": (422, "图片尺寸过大，请缩小后上传"),
    "photo_too_small": (422, "照片太小，请上传清晰的2寸证件照（至少300×400像素）"),
    "photo_wrong_shape": (422, "照片比例不对，请上传2寸（35×49毫米或35×53毫米）证件照"),
    "upload_unknown": (422, "有佐证材料不存在或不属于您，请重新上传"),
    "upload_limit": (409, "上传的图片过多，请先完成申报或致电咨询"),
    "photo_needed": (409, "请先上传2寸证件照"),
    # sittings and registration
    "sitting_unknown": (404, "没有这个考次，请返回列表重新选择"),
    "not_open_yet": (409, "申报尚未开始，请在受理申报日期内申报"),
    "window_closed": (409, "受理申报已截止，请选择下一个考次"),
    "too_young": (409, "申报须年满16周岁"),
    "not_eligible": (409, "按您填写的信息不符合所选申报条件，请查看原因或选择其他条件"),
    "alternative_unknown": (422, "没有这个申报条件，请重新选择"),
    "evidence_needed": (422, "请至少上传一份佐证材料"),
    "claims_wrong": (422, "工作、证书或学历的日期不对：开始日期须早于结束日期，且不能晚于今天"),
    "declaration_needed": (422, "请阅读并同意诚信承诺后再提交"),
    "already_registered": (409, "您已申报过同一职业和等级，请在“我的申报”中查看"),
    "apply_at_window": (409, "个人申报请本人到业务受理窗口现场办理"),
    "idempotency_key_needed": (422, "请求缺少编号，请退回上一页重新提交"),
    "idempotency_key_reused": (409, "这次提交的内容与之前不同，请返回“我的申报”查看后再操作"),
    "registration_unknown": (404, "没有这个申报，请返回“我的申报”查看"),
    "stale": (409, "内容已更新，请刷新后再操作"),
    "move_refused": (409, "当前状态不能这样操作，请刷新后查看"),
    "paid_cannot_withdraw": (409, "已缴费的申报不能自行退出，请致电咨询"),
    "withdraw_too_late": (409, "退出的截止时间已过，请致电咨询"),
    "amend_too_late": (409, "补正的截止时间已过，请选择下一个考次"),
    # tickets
    "ticket_unknown": (404, "没有这张准考证，请核对链接或在小程序中重新打开"),
    "ticket_not_ready": (409, "准考证尚未开放下载，请在下载日期之后再来"),
    "ticket_void": (410, "这张准考证已作废，请在小程序中查看新的安排"),
    "ticket_digits_wrong": (403, "证件号码后四位不对，请核对后再试"),
    "ticket_unprintable": (409, "姓名中有打印不出的字，工作人员正在处理，请致电咨询"),
    # staff
    "apply_in_mini_program": (409, "这个机构的个人申报请本人在小程序中办理；窗口只录入团体申报"),
    "unit_needed": (422, "团体申报请填写申报单位"),
    "person_differs": (409, "该证件已登记，但姓名、出生日期或性别与这次填写的不同，请对照证件核对"),
    "phone_differs": (409, "该证件登记的是另一个手机号；本人确认换号的，请注明 new_phone = true"),
    "amend_in_mini_program": (
        409,
        "这件申报是本人在小程序中提交的，请本人在小程序中补正；窗口只补正在窗口登记的申报",
    ),
    "another_person": (409, "文件中的证件不是这件申报的参评人员的，请核对申报号和证件号码"),
    "another_application": (409, "文件中的考次、申报方式或申报单位与这件申报不同，请核对申报号和文件"),
    "registered_before": (409, "本人曾申报过这个考次，该申报已不再有效；确需重新申报的，请注明 again = true"),
    "amount_wrong": (422, "到账金额与应缴金额不符；确认银行确实收到这个金额的，请注明金额不符再登记"),
    "reference_needed": (422, "请填写银行流水号"),
    "account_wrong": (422, "请填写户名、开户行和8至40位数字的账号"),
    "rulebook_unknown": (404, "没有这套规则，请核对名称"),
    "place_needed": (422, "请写明地点"),
    "reference_used": (409, "这笔银行流水已登记过"),
    "value_date_wrong": (422, "到账日期不能晚于今天"),
    "reason_needed": (422, "请写明原因"),
    "nothing_to_refund": (409, "没有可退的费用"),
    "no_refund": (409, "付费后未在规定时间内参加认定的，视作自动放弃，费用不予退还"),
    "absent_too_early": (409, "考次还没有举行（须已决定开考、日期已定且首日已过），不能记为缺考"),
    "not_absent": (409, "此人没有缺考，不需要另行安排；要换考次请用 move"),
    "forfeited": (409, "已超过付费后可以参加认定的期限，视作自动放弃，不能再安排考次"),
    "no_second_chance": (409, "这个机构的通知没有规定缺考后可另行安排考次，请重新申报"),
    "target_too_late": (409, "这个考次的日期超过了付费后可以参加认定的期限，请选择更早的考次"),
    "target_wrong": (409, "请选择同一机构、职业和等级，在原考次之后、尚未举行也未决定开考的考次"),
    "another_registration": (409, "此人已另有同一职业和等级的有效申报，不能再安排考次"),
    "sitting_begun": (409, "原考次已经开始，不能再改；没有参加的请先记为缺考"),
    "already_decided": (409, "这个考次已经决定过"),
    "no_target": (409, "没有可延期的考次"),
    "decision_too_early": (409, "缴费尚未截止，不能决定是否开考"),
    "notice_unknown": (404, "没有这条通知"),
    "sitting_over": (409, "这个考次已经开始、结束或延期，不能再改日期"),
    "day_published": (409, "这个考次的日期由通知公布；确需改动请用 --exceptionally 并写明原因"),
    "day_too_early": (409, "日期太早：须在开考决定之后，且不能是今天或过去"),
    "day_too_soon": (409, "日期太近，来不及按规定提前通知；请选择晚一些的日期，或用 --exceptionally 并写明原因"),
    "day_outside": (409, "日期不在通知规定的月份内；确需改动请用 --exceptionally 并写明原因"),
    "day_not_free": (
        409,
        "这一天不能安排评价（节假日、调休上班或非双休日）；确需改动请用 --exceptionally 并写明原因",
    ),
    "capacity_wrong": (422, "考场容量不能少于开考条件的人数"),
    "capacity_unlimited": (409, "这个机构的规则不按考场容量延期，无需设定"),
    "tickets_out": (409, "准考证已发放，地点不能再直接修改"),
    # working days
    "calendar_year_unknown": (404, "放假安排还没有录入，请先用 jiping calendar set-year 录入"),
    "calendar_day_outside": (422, "日期不在这一年；跨年的日子请用 jiping calendar set-day 录入到它所在的年份"),
    "calendar_day_twice": (422, "同一天写了不止一次，请只留一行"),
    "calendar_worked_weekday": (422, "调休上班只能是周六或周日，请对照国务院通知核对"),
    "calendar_new_year": (422, "元旦须为放假，请补全这一年的放假安排"),
    "calendar_text_wrong": (422, "来源和备注须各为一行文字，最多200字"),
    "source_needed": (422, "请写明出自哪份通知"),
    "clock_fixed": (409, "正式环境不能调整时钟"),
    # the request itself
    "bad_request": (400, "请求内容有误，请退回上一页重试"),
    "fields_wrong": (422, "有内容填写不正确，请按提示修改"),
    "not_found": (404, "没有找到您要的内容，请退回上一页"),
    "method_not_allowed": (405, "不支持这样的操作，请退回上一页"),
    "too_large": (413, "提交的内容过大"),
    "server_fault": (500, "服务出现故障，您的操作没有完成，请稍后再试或致电咨询"),
}


class Problem(Exception):
    """A use case refused, and nothing was changed. `fields` names what was wrong with which field, never its value."""

    def __init__(self, code: str, *, text: str = "", fields: dict[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status, standard = ERRORS[code]
        self.text = text or standard
        self.fields = fields or {}
        self.facts = facts
