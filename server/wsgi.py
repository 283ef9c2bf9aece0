"""What a server is pointed at: `door` an ASGI server, `app` a WSGI server behind a proxy that takes bodies whole."""

from server.app import LARGEST_REQUEST, create_app
from server.config import load_settings
from server.whole_requests import WholeRequests

app = create_app(load_settings())
door = WholeRequests(app, largest=LARGEST_REQUEST)
