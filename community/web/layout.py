"""What the base layout needs: languages, elder mode, navigation, icons and addressed assets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import Blueprint, Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.web.access import access_of, public
from community.web.extensions import babel
from community.web.forms import new_key
from community.web.install import account_mark, asset, install
from community.web.languages import RoomDomain
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
    group: str = ""


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A link of the work desk, shown to those who hold a permission (declared by each room)."""

    title: str
    endpoint: str
    permission: str
    order: int = 100
    due: Callable[[], int] | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Whom the actor helps (代办), until when, and where a POST ends it."""

    name: str
    stop_url: str
    until: date | None = None


_desk_links: list[DeskLink] = []


def add_desk_links(links: Iterable[DeskLink]) -> None:
    """Add a room's links to the desk navigation; `app.py` does so once."""
    for link in links:
        if link not in _desk_links:
            _desk_links.append(link)


ActingForFinder = Callable[[Actor], ActingFor | None]
_find_acting_for: ActingForFinder = lambda actor: None  # noqa: E731


def set_acting_for(finder: ActingForFinder) -> None:
    """Let `identity` tell whom an actor with `on_behalf_of` helps; `app.py` does so once."""
    global _find_acting_for  # noqa: PLW0603  assembled once, by app.py
    _find_acting_for = finder


def acting_for() -> ActingFor | None:
    """Tell whom this page's actor helps, for the banner every page then shows."""
    actor = g.get("actor")
    return _find_acting_for(actor) if actor is not None and actor.on_behalf_of else None


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
    if "desk_entries" not in g:
        g.desk_entries = [
            Entry(
                gettext(link.title),
                url_for(link.endpoint),
                is_here=link.endpoint == request.endpoint,
                due=link.due() if link.due else 0,
                group=gettext(link.group) if link.group else "",
            )
            for link in _open_links()
        ]
    found: list[Entry] = g.desk_entries
    return found


def may_open_desk() -> bool:
    """Tell whether the actor has work at the desk of this community."""
    if g.get("community") is None or "dashboards.desk" not in current_app.view_functions:
        return False
    return g.actor.may(access_of(current_app, "dashboards.desk") or "") and bool(_open_links())


def _open_links() -> list[DeskLink]:
    """List the actor's links, each group together where its first link stands."""
    ordered = sorted(_desk_links, key=lambda each: each.order)
    first: dict[str, int] = {}
    for link in ordered:
        first.setdefault(link.group, link.order)
    groups = {link.group: (first[link.group], link.group) for link in ordered if link.group}
    return [
        link
        for link in sorted(ordered, key=lambda each: groups.get(each.group, (each.order, "")))
        if link.endpoint in current_app.view_functions and g.actor.may(link.permission)
    ]


def icon(name: str, label: str = "") -> Markup:
    """Show an icon of the vendored set; with a label it is read aloud, else hidden."""
    return _drawn(asset("vendor/icons.svg"), name, label)


@lru_cache(maxsize=512)
def _drawn(file: str, name: str, label: str) -> Markup:
    described = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        described, file, name
    )


def _elder_text() -> str:
    chosen = request.cookies.get("elder_text", "")
    return chosen if chosen in ELDER_TEXT_SIZES else ""


def page_language() -> str:
    """Tell the page's language: Chinese unless the reader chose English."""
    return language_of(request.cookies.get("language"))


def language_of(chosen: str | None) -> str:
    """Tell the language of a cookie's choice."""
    return "en" if chosen == "en" else "zh_Hans_CN"


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


def elder_steps() -> tuple[str, str]:
    """Tell the next smaller and next larger text of large type, empty at either end."""
    chosen = request.cookies.get("elder_text", "")
    place = ELDER_TEXT_SIZES.index(chosen) if chosen in ELDER_TEXT_SIZES else 0
    smaller = ELDER_TEXT_SIZES[place - 1] if place else ""
    larger = ELDER_TEXT_SIZES[place + 1] if place + 1 < len(ELDER_TEXT_SIZES) else ""
    return smaller, larger


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
    babel.domain_instance = RoomDomain()
    app.register_blueprint(layout)
    app.register_blueprint(install)
    app.jinja_env.globals |= {
        "account_mark": account_mark,
        "acting_for": acting_for,
        "asset": asset,
        "csp_nonce": nonce,
        "csrf_token": generate_csrf,
        "desk_entries": desk_entries,
        "elder_steps": elder_steps,
        "home_url": home_url,
        "icon": icon,
        "may_open_desk": may_open_desk,
        "new_request_key": new_key,
        "tab_entries": tab_entries,
    }

    @app.context_processor
    def _preferences() -> dict[str, object]:
        name = g.community.name if g.get("community") else lazy_gettext("我们的社区")
        return {
            "elder_text": _elder_text(),
            "is_elder": request.cookies.get("elder") == "1",
            "page_language": "en" if page_language() == "en" else "zh-CN",
            "site_title": name,
        }
