"""What the base layout needs: languages, elder mode, navigation, icons and addressed assets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from community.kernel.errors import N_
from community.web.access import public
from community.web.extensions import babel
from community.web.forms import new_key
from community.web.security import nonce

COOKIE_DAYS = 400
ELDER_TEXT_SIZES = ("20", "22", "24", "26", "28", "30")

layout = Blueprint("web", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a navigation."""

    title: str
    url: str
    icon: str = ""
    is_here: bool = False
    due: int = 0


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A link of the work desk, shown to those who hold a permission (declared by each room)."""

    title: str
    endpoint: str
    permission: str
    order: int = 100
    due: Callable[[], int] | None = None


_desk_links: list[DeskLink] = []


def add_desk_links(links: Iterable[DeskLink]) -> None:
    """Add a room's links to the desk navigation; `app.py` does so once."""
    for link in links:
        if link not in _desk_links:
            _desk_links.append(link)


TABS = (
    (N_("首页"), "dashboards.home", "house"),
    (N_("活动"), "volunteering.activities", "calendar-days"),
    (N_("议事"), "deliberation.topics", "message-square"),
    (N_("我的"), "dashboards.me", "user"),
)


def tab_entries() -> list[Entry]:
    """List the four tabs of a resident, inside a community."""
    if g.get("community") is None:
        return []
    known = current_app.view_functions
    section = g.get("tab") or request.endpoint
    return [
        Entry(gettext(title), url_for(endpoint), icon_name, endpoint == section)
        for title, endpoint, icon_name in TABS
        if endpoint in known
    ]


def desk_entries() -> list[Entry]:
    """List the desk links the actor may open."""
    return [
        Entry(
            gettext(link.title),
            url_for(link.endpoint),
            is_here=link.endpoint == request.endpoint,
            due=link.due() if link.due else 0,
        )
        for link in sorted(_desk_links, key=lambda each: each.order)
        if link.endpoint in current_app.view_functions and g.actor.may(link.permission)
    ]


def icon(name: str, label: str = "") -> Markup:
    """Show an icon of the vendored set; with a label it is read aloud, else hidden."""
    described = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        described, asset("vendor/icons.svg"), name
    )


def asset(path: str) -> str:
    """Address a static file with its content's hash, so that it can be cached for ever."""
    folder = current_app.static_folder
    assert folder is not None
    return url_for("static", filename=path, v=_fingerprint(str(Path(folder) / path)))


@lru_cache(maxsize=512)
def _fingerprint(path: str) -> str:
    file = Path(path)
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "0"


def page_language() -> str:
    """Tell the page's language: Chinese unless the reader chose English."""
    return "en" if request.cookies.get("language") == "en" else "zh_Hans_CN"


@layout.post("/preferences")
@public
def keep_preferences() -> ResponseReturnValue:
    """Remember elder mode, its text size and the language in cookies, and go back."""
    answer = redirect(safe_next(request.form.get("back", "")))
    for name, allowed in (
        ("elder", {"0", "1"}),
        ("language", {"zh", "en"}),
        ("elder_text", set(ELDER_TEXT_SIZES)),
    ):
        chosen = request.form.get(name)
        if chosen in allowed:
            answer.set_cookie(
                name,
                chosen,
                max_age=COOKIE_DAYS * 86_400,
                secure=current_app.config["IS_TLS"],
                httponly=True,
                samesite="Lax",
            )
    return answer


@layout.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Describe the installable site."""
    return {
        "name": gettext("我们的社区"),
        "short_name": gettext("社区"),
        "start_url": "/",
        "display": "standalone",
        "background_color": "#f7f6f2",
        "theme_color": "#0b6b52",
        "icons": [{"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }


def safe_next(target: str) -> str:
    """Accept only a path of this site as the place to go on to."""
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_ours and "\n" not in target and "\r" not in target else "/"


def home_url() -> str:
    """Tell where "home" leads from here."""
    if g.get("community") is not None and "dashboards.home" in current_app.view_functions:
        return url_for("dashboards.home")
    return "/"


def init_layout(app: Flask) -> None:
    """Register the layout's pages and give its functions to the templates."""
    babel.init_app(app, locale_selector=page_language, default_locale="zh_Hans_CN")
    app.register_blueprint(layout)
    app.jinja_env.globals |= {
        "asset": asset,
        "csp_nonce": nonce,
        "csrf_token": generate_csrf,
        "desk_entries": desk_entries,
        "home_url": home_url,
        "icon": icon,
        "new_request_key": new_key,
        "tab_entries": tab_entries,
    }

    @app.context_processor
    def _preferences() -> dict[str, object]:
        name = g.community.name if g.get("community") else lazy_gettext("我们的社区")
        return {
            "elder_text": request.cookies.get("elder_text", ""),
            "is_elder": request.cookies.get("elder") == "1",
            "page_language": "en" if page_language() == "en" else "zh-CN",
            "site_title": name,
        }
