"""The alarm about codes for signing in (登录验证码): each costs money, and anybody may ask for one."""

from datetime import datetime, timedelta

from server.services.alarm import Alarm
from server.services.limits import spent
from server.services.signing_in_by_phone import ALL_CODES, budget

#: of what may be sent: early enough to do something before nobody is sent a code any more
_SHARE = 0.8
_SPANS = {timedelta(hours=1): "最近一小时", timedelta(days=1): "最近一天"}


def codes_run_up(now: datetime) -> list[Alarm]:
    """Nearly as many codes as may be sent were asked for by people who have not signed in: a rush, or somebody who plays."""
    for most, span in budget():
        sent = spent(ALL_CODES, now - span)
        if sent >= most * _SHARE:
            todo = "请查看是否有人恶意刷短信，并在反向代理上限制来源；确为报名高峰的，请调高 sign_in_codes_per_hour 和 sign_in_codes_per_day"
            return [
                Alarm(
                    "sign_in_codes_run_up",
                    f"{_SPANS[span]}发出登录验证码{sent}条，上限{most}条，到达后不再发送。{todo}",
                )
            ]
    return []
