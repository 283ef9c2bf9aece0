"""The constant addresses of messages (/go/<page>): they lead into the mini-program, or to the phone page."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from miniapp_api.signed_in import clock
from server.services import page_links

bp = Blueprint("page_link", __name__)


@bp.get("/go/<page>")
def go(page: str) -> Response:
    """Open the page that a message means. Anybody may: it holds nothing of anybody, and the page asks who is there."""
    return redirect(page_links.destination(page, clock().now()))
