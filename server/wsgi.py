"""What a WSGI server is pointed at."""

from server.app import create_app
from server.config import load_settings

app = create_app(load_settings())
