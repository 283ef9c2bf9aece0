"""The sandbox as one Flask application: WeChat, two SMS carriers, the control interface and the inbox on one port."""

from flask import Flask

from server.sandbox.aliyun_api import aliyun_blueprint
from server.sandbox.control_api import control_blueprint
from server.sandbox.inbox import inbox_blueprint
from server.sandbox.receipt_push import ReceiptLane
from server.sandbox.settings import Clock, SandboxSettings
from server.sandbox.sms_api import sms_blueprint
from server.sandbox.wechat_api import wechat_blueprint
from server.sandbox.wechat_push import EventLane
from server.sandbox.world import World


def create_sandbox(settings: SandboxSettings, clock: Clock) -> Flask:
    """A sandbox with nothing in it. Serve it with werkzeug, threaded: dropping a connection needs its socket."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # declared on the default provider, not on its base
    app.json.sort_keys = False  # type: ignore[attr-defined]  # likewise
    world = World(settings, clock)
    events, receipts = EventLane(world), ReceiptLane(world)
    app.register_blueprint(wechat_blueprint(world, events))
    app.register_blueprint(sms_blueprint(world, receipts))
    app.register_blueprint(aliyun_blueprint(world))
    app.register_blueprint(control_blueprint(world, events))
    app.register_blueprint(inbox_blueprint(world))
    return app
