"""Where the application stands: behind which proxies, and under which path."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


class UnderPath:
    """Serve everything below a prefix, /xuekao: whatever arrives with it is cut, links are made with it."""

    def __init__(self, app: Any, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            environ["PATH_INFO"] = path[len(self._prefix) :] or "/"
        environ["SCRIPT_NAME"] = self._prefix
        return self._app(environ, start_response)


def init_app(app: Flask) -> None:
    """TRUSTED_PROXY counts the proxies in front whose X-Forwarded-* is believed; with 0 these headers are ignored."""
    prefix = app.config["URL_PREFIX"].rstrip("/")
    if prefix:
        app.wsgi_app = UnderPath(app.wsgi_app, prefix)  # type: ignore[method-assign]
    hops = app.config["TRUSTED_PROXY"]
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
