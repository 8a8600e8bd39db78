"""The installable site: addressed assets, manifest, service worker, and whose phone it is now."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.web.access import public

# What a phone keeps from the first visit on. The decoder, a megabyte, is kept once it was used.
SHELL = (
    "css/tokens.css",
    "css/layout.css",
    "css/components.css",
    "css/pages.css",
    "css/print.css",
    "js/app.js",
    "vendor/icons.svg",
    "chevron.svg",
    "icon.svg",
)

install = Blueprint("install", __name__)


def asset(path: str) -> str:
    """Address a static file with its content's hash, so that it can be cached for ever."""
    # A page has fifty icons, all of one file.
    made: dict[str, str] = g.setdefault("assets", {})
    if path not in made:
        made[path] = url_for("static", filename=path, v=_fingerprint(str(_static()), path))
    return made[path]


def account_mark() -> str:
    """Mark whose pages these are, without saying who: empty for somebody not signed in.

    Scripts forget what they kept for offline use as soon as the mark changes.
    """
    actor = g.get("actor")
    if actor is None or actor.person_id is None or not g.get("is_signed_in"):
        return ""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"phone {actor.person_id}".encode(), hashlib.sha256).hexdigest()[:16]


def version() -> str:
    """Name the state of everything the service worker keeps."""
    joined = "".join(_fingerprint(str(_static()), path) for path in (*SHELL, "js/sw.js"))
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


@install.get("/manifest.webmanifest", endpoint="manifest")
@public
def show_manifest() -> ResponseReturnValue:
    """Describe the installable site."""
    drawn = [
        {"src": asset(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    return {
        "name": gettext("我们的社区"),
        "short_name": gettext("社区"),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f2",
        "theme_color": "#0b6b52",
        "icons": [{"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"}, *drawn],
    }


@install.get("/sw.js", endpoint="service_worker")
@public
def show_service_worker() -> ResponseReturnValue:
    """Serve the service worker from the root, so that it covers the whole site.

    The first line names the version and the files to keep: a changed file is a new worker.
    """
    kept = [asset(path) for path in SHELL]
    head = f"const VERSION = {version()!r};\nconst SHELL = {kept!r};\n"
    body = (_static() / "js/sw.js").read_text(encoding="utf-8")
    answer = Response(head + body, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _static() -> Path:
    folder = current_app.static_folder
    assert folder is not None
    return Path(folder)


@lru_cache(maxsize=512)
def _fingerprint(folder: str, path: str) -> str:
    file = Path(folder, path)
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "0"
