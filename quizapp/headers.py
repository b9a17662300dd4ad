"""Security headers on every reply, signed-in pages in no cache, static files in caches for good."""

from flask import Flask, Response, request

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CSP)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        if app.config["SECURE_COOKIES"]:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint == "static" and response.status_code == 200 and "v" in request.args:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif request.endpoint != "static":
            headers["Cache-Control"] = "no-store"
            headers["Vary"] = "Cookie"
        return response
