"""The phone pages (/m/): the client in `miniapp/`, built for browsers, as it is behind the poster's QR code."""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.security import safe_join

from server.config import Settings

#: where `make` builds them; an installation may name another folder
BUILT = Path(__file__).parents[1] / "miniapp" / "dist" / "build" / "h5"
ADDRESS = "/m/"

# What the pages load, run and ask is this server's own; the kit styles elements one by one.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self'; object-src 'none'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)
# Written out, for not every machine has a table of them.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
_SHRINKS = {".html", ".js", ".css", ".json", ".svg", ".ttf"}
_A_YEAR = 365 * 24 * 60 * 60

bp = Blueprint("phone_pages", __name__, template_folder="templates")


@bp.get("/m")
def without_slash() -> Response:
    """The pages name their own files by paths that begin at the slash."""
    return redirect(ADDRESS, 308)  # type: ignore[return-value] # a wider type than it gives


@bp.get(ADDRESS, defaults={"name": "index.html"})
@bp.get(f"{ADDRESS}<path:name>")
def show(name: str) -> Response:
    """One file of the pages, or in plain words what to do where there is none."""
    found = _file(name)
    if found is None:
        return _not_there()
    return _answer(found, name)


def are_built(settings: Settings) -> bool:
    """Is there something to show at /m/?"""
    return (_folder(settings) / "index.html").is_file()


def _folder(settings: Settings) -> Path:
    return settings.phone_pages or BUILT


def _file(name: str) -> Path | None:
    inside = safe_join(str(_folder(current_app.extensions["jiping_settings"])), name)
    found = Path(inside) if inside is not None else None
    return found if found is not None and found.suffix in _TYPES and found.is_file() else None


def _answer(found: Path, name: str) -> Response:
    seen = found.stat()
    packed = found.suffix in _SHRINKS and request.accept_encodings.quality("gzip") > 0
    answer = Response(_content(found, seen.st_mtime_ns, packed), content_type=_TYPES[found.suffix])
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Content-Security-Policy"] = POLICY
    # A file under assets/ is named after its content: another content would be another file. All else is asked for anew.
    lasts = name.startswith("assets/")
    answer.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if lasts else "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=256)
def _content(found: Path, _changed: int, packed: bool) -> bytes:
    """A file's bytes, packed once for all who ask; built anew, it is another file."""
    data = found.read_bytes()
    return gzip.compress(data, 9, mtime=0) if packed else data


def _not_there() -> Response:
    built = are_built(current_app.extensions["jiping_settings"])
    return Response(render_template("phone_pages_missing.html", built=built), 404)
