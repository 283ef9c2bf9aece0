"""What a WSGI server is pointed at."""

from server.app import create_app
from server.config import load_settings
from server.logs import set_up

settings = load_settings()
set_up(json_lines=settings.mode == "production")
app = create_app(settings)
