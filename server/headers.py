"""Headers that every answer bears: nothing is kept by caches, guessed at by browsers, or framed by other pages."""

from flask import Flask, Response

# Our pages bring their own style and picture, and load, run and send nothing anywhere else.
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A policy against scripts would also stop the browsers' own viewers of PDF.
OTHER_POLICY = "frame-ancestors 'none'"


def protect(app: Flask) -> None:
    """Put the headers on every answer of the application, refusals and breakdowns included."""

    @app.after_request
    def _protected(answer: Response) -> Response:
        headers = answer.headers
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("X-Frame-Options", "DENY")
        page = answer.mimetype == "text/html"
        headers.setdefault("Content-Security-Policy", PAGE_POLICY if page else OTHER_POLICY)
        return answer
