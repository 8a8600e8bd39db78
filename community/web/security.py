"""The headers every answer carries: a strict Content-Security-Policy and its companions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

V = TypeVar("V", bound=Callable[..., object])
MAX_AGE = "max-age=31536000"
# same-origin, not no-referrer: Flask-WTF compares the referrer on https.
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)"),
)
_ALLOWS = "content_security_allows"
_OFFLINE = "may_be_kept_offline"


def allow_wasm(view: V) -> V:
    """Let a scanning page compile the decoder's WebAssembly."""
    setattr(view, _ALLOWS, "wasm")
    return view


def allow_chart_styles(view: V) -> V:
    """Let a staff dashboard's chart library set style attributes."""
    setattr(view, _ALLOWS, "charts")
    return view


def keep_offline(view: V) -> V:
    """Let the reader's own phone keep this page for use without network (own code, own shifts)."""
    setattr(view, _OFFLINE, True)
    return view


def nonce() -> str:
    """Give this answer's nonce for the one inline script the layout has."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    found: str = g.csp_nonce
    return found


def init_security(app: Flask) -> None:
    """Set the headers on every answer."""
    app.after_request(_set_headers)


def _policy(allows: str, own_script: str) -> str:
    scripts = "'self'" + (" 'wasm-unsafe-eval'" if allows == "wasm" else "")
    if own_script:
        scripts += f" 'nonce-{own_script}'"
    styles = "; style-src-attr 'unsafe-inline'" if allows == "charts" else ""
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'{styles}; "
        "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def headers_for_machines(app: Flask) -> tuple[tuple[str, str], ...]:
    """Give the headers of an answer in JSON that no page shows as it is."""
    tls = (("Strict-Transport-Security", MAX_AGE),) if app.config["IS_TLS"] else ()
    return (
        ("Content-Type", "application/json"),
        ("Content-Security-Policy", _policy("", "")),
        *_ALWAYS,
        ("Cache-Control", "no-store"),
        ("Vary", "Cookie"),
        *tls,
    )


def _set_headers(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    allows = getattr(view, _ALLOWS, "")
    headers = response.headers
    if "Content-Security-Policy" not in headers:
        headers.add("Content-Security-Policy", _policy(allows, g.get("csp_nonce", "")))
    headers.extend(_ALWAYS)
    if getattr(view, _OFFLINE, False) and response.status_code == 200:
        headers["X-Keep-Offline"] = "own"
    if request.endpoint == "static" and "v" in request.args:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.endpoint != "static" and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if current_app.config["IS_TLS"]:
        headers["Strict-Transport-Security"] = MAX_AGE
    return response


def trust_proxies(app: Flask) -> None:
    """Believe the forwarding headers of as many proxies as the settings name, by default none."""
    proxies = app.config["PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the documented way
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
