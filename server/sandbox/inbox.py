"""The inbox (收件箱): a page that shows what every phone received, with switches for faults."""

from flask import Blueprint, render_template

from server.sandbox.world import World

# The faults worth a button. Each is a body of POST /sandbox/faults with a label.
SWITCHES: list[dict[str, object]] = [
    {"group": "短信", "label": "发送慢 3 秒", "operation": "SendSms", "kind": "latency", "ms": 3000},
    {"group": "短信", "label": "发送无应答", "operation": "SendSms", "kind": "hang", "seconds": 30},
    {"group": "短信", "label": "已发出但应答丢失", "operation": "SendSms", "kind": "lost"},
    {
        "group": "短信",
        "label": "套餐余量不足",
        "operation": "SendSms",
        "kind": "error",
        "code": "FailedOperation.InsufficientBalanceInSmsPackage",
        "scope": "each",
    },
    {"group": "短信", "label": "服务超时", "operation": "SendSms", "kind": "error", "code": "InternalError.Timeout"},
    {
        "group": "第二家短信",
        "label": "账户余额不足",
        "operation": "AliyunSendSms",
        "kind": "error",
        "code": "isv.AMOUNT_NOT_ENOUGH",
    },
    {"group": "第二家短信", "label": "已发出但应答丢失", "operation": "AliyunSendSms", "kind": "lost"},
    {"group": "第二家短信", "label": "回执不来", "operation": "aliyun_receipt", "kind": "never"},
    {"group": "回执", "label": "回执不来", "operation": "sms_receipt", "kind": "never"},
    {"group": "回执", "label": "回执说失败", "operation": "sms_receipt", "kind": "fail"},
    {"group": "回执", "label": "回执重复", "operation": "sms_receipt", "kind": "duplicate"},
    {"group": "回执", "label": "回执乱序", "operation": "sms_receipt", "kind": "reorder"},
    {"group": "微信", "label": "系统繁忙", "operation": "subscribe_send", "kind": "error", "code": -1},
    {"group": "微信", "label": "令牌失效", "operation": "subscribe_send", "kind": "error", "code": 40001},
    {"group": "微信", "label": "用户拒收", "operation": "subscribe_send", "kind": "error", "code": 43101},
    {"group": "微信", "label": "发送无应答", "operation": "subscribe_send", "kind": "hang", "seconds": 30},
    {"group": "微信", "label": "已发出但应答丢失", "operation": "subscribe_send", "kind": "lost"},
    {"group": "微信", "label": "登录过于频繁", "operation": "jscode2session", "kind": "error", "code": 45011},
]


def inbox_blueprint(world: World) -> Blueprint:
    """The page at /."""
    blueprint = Blueprint("inbox", __name__)

    @blueprint.get("/")
    def inbox() -> str:
        return render_template("inbox.html", switches=SWITCHES, modes=world.handsets.modes())

    return blueprint
