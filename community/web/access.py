"""Who may open which page: every view says so, and the application refuses to start otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.local import LocalProxy
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse

from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.db import Statements, glance
from community.kernel.errors import N_, BadInput, NotAllowed, NotFound
from community.kernel.permissions import Permission
from community.kernel.tables import Community
from community.web.extensions import csrf


class NotAMember(NotAllowed):
    """Somebody of another community."""

    message = N_("您不是这个社区的成员。请到您自己的社区办理，或向这里的服务台申请加入。")


class NotForHelpers(NotAllowed):
    """What only the person may do, while somebody else acts for them."""

    message = N_("您正在代他人办理，这件事只能由本人办。请先停止代办。")


V = TypeVar("V", bound=Callable[..., object])

ACCESS = "access"
FOR_MACHINES = "for_machines"
HELPERS_TOO = "helpers_too"
PUBLIC = "public"
SIGNED_IN = "signed-in"
UNCOUNTED = "uncounted"


def needs(permission: Permission) -> Callable[[V], V]:
    """Let a view be opened only by an actor who holds a permission in the page's community."""

    def mark(view: V) -> V:
        setattr(view, ACCESS, permission.code)
        return view

    return mark


def signed_in(view: V) -> V:
    """Let a view be opened by anybody who has signed in; it shows only what is their own."""
    setattr(view, ACCESS, SIGNED_IN)
    return view


def helpers_too(view: V) -> V:
    """Let somebody who acts for another (代办) post to a view that only asks for a sign-in.

    Other such views take no permission, so no scope could cover them.
    """
    setattr(view, HELPERS_TOO, True)
    return view


def uncounted(view: V) -> V:
    """Keep a view out of the counters of answers: how many voted is nobody's to know."""
    setattr(view, UNCOUNTED, True)
    return view


def for_machines(view: V) -> V:
    """Let programs post to a public view that believes a signature alone, never a cookie."""
    setattr(view, FOR_MACHINES, True)
    return view


def public(view: V) -> V:
    """Let a view be opened by everybody."""
    setattr(view, ACCESS, PUBLIC)
    return view


def access_of(app: Flask, endpoint: str) -> str | None:
    """Tell what an endpoint asks for: PUBLIC, SIGNED_IN, or a permission's code."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return PUBLIC
    found: str | None = getattr(app.view_functions[endpoint], ACCESS, None)
    return found


ActorLoader = Callable[[Statements, Community | None], Actor | None]
_load_actor: ActorLoader = lambda at, community: None  # noqa: E731


def set_actor_loader(loader: ActorLoader) -> None:
    """Let `identity` tell who acts: None for somebody who has not signed in."""
    global _load_actor  # noqa: PLW0603  assembled once, by app.py
    _load_actor = loader


def _the_actor() -> Actor:
    found: Actor = g.actor
    return found


def _the_community() -> Community:
    found: Community | None = g.get("community")
    if found is None:
        raise NotFound
    return found


# What views use: the actor of this request and the community in its address.
actor: Actor = LocalProxy(_the_actor)  # type: ignore[assignment]
community: Community = LocalProxy(_the_community)  # type: ignore[assignment]


def the_actor() -> Actor:
    """Give the actor itself: commands take plain values, never a proxy."""
    return _the_actor()


class RowNumber(IntegerConverter):
    """A row's number in an address; longer ones, which no database holds, are no page."""

    regex = r"[0-9]{1,15}"


def init_access(app: Flask) -> None:
    """Resolve the community of an address and hold every view to what it asks for."""
    app.url_map.converters["int"] = RowNumber

    @app.url_value_preprocessor
    def _community(endpoint: str | None, values: dict[str, object] | None) -> None:
        g.community = None
        g.community_slug = values.pop("community", None) if values else None

    @app.url_defaults
    def _same_community(endpoint: str, values: dict[str, object]) -> None:
        if "community" not in values and app.url_map.is_endpoint_expecting(endpoint, "community"):
            values["community"] = g.get("community_slug")

    app.before_request(_check_access)


_FIND_COMMUNITY = (
    "SELECT id, slug, name, street, district, is_demo, opened_at FROM community WHERE slug = ?"
)


def find_community(at: Statements, slug: str) -> Community | None:
    """Find a community by its name in addresses, by one raw statement: every request asks it."""
    row = at.one(_FIND_COMMUNITY, (slug,))
    return None if row is None else _community_of(*row)


# The whole row is the key: a community that was renamed is another entry, at the next request.
@lru_cache(maxsize=256)
def _community_of(*row: Any) -> Community:
    *words, is_demo, opened_at = row
    names = ("id", "slug", "name", "street", "district")
    return Community(
        **dict(zip(names, words, strict=True)),
        is_demo=bool(is_demo),
        opened_at=clock.from_micros(opened_at),
    )


def is_for_api() -> bool:
    """Tell whether a program asks: it is answered in JSON and led to no page."""
    return request.path.startswith("/api/")


def has_bearer_token() -> bool:
    """Tell whether a device asks with its own token, which no other site can make it send."""
    given: str = request.environ.get("HTTP_AUTHORIZATION", "")
    return given.startswith("Bearer ")


def _check_access() -> BaseResponse | Response | None:
    # No text column of PostgreSQL can hold, or be asked for, the character NUL.
    if b"%00" in request.query_string or "\x00" in request.path:
        raise BadInput
    if request.endpoint is None:
        return None
    asked = access_of(current_app, request.endpoint)
    if asked is None:
        abort(500)
    if request.endpoint == "static":
        return None
    with glance() as at:
        community = None if g.community_slug is None else find_community(at, g.community_slug)
        g.community = community
        if community is None and g.community_slug is not None:
            raise NotFound
        # The page that refuses a bad token needs an actor too.
        g.actor = Actor.visitor(community.id if community else 0)
        actor = _load_actor(at, community)
    g.is_signed_in = actor is not None
    g.actor = actor or g.actor
    view = current_app.view_functions[request.endpoint]
    if not has_bearer_token() and not getattr(view, FOR_MACHINES, False):
        csrf.protect()
    if asked == PUBLIC:
        return None
    if actor is None:
        return _ask_to_sign_in()
    if asked != SIGNED_IN and not actor.may(asked):
        raise NotAllowed
    if asked == SIGNED_IN:
        _check_own(actor)
    return None


def _check_own(actor: Actor) -> None:
    """Keep pages that ask for no permission to people in person, in their own community."""
    view = current_app.view_functions[request.endpoint or ""]
    if has_bearer_token():
        raise NotAllowed
    if g.community is not None and not actor.roles:
        raise NotAMember
    if actor.on_behalf_of is None or request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if not getattr(view, HELPERS_TOO, False):
        raise NotForHelpers


def _ask_to_sign_in() -> BaseResponse:
    if is_for_api() or request.method != "GET":
        abort(401)
    return redirect(url_for("identity.sign_in", next=request.full_path.rstrip("?")))


def assert_every_view_is_guarded(app: Flask) -> None:
    """Refuse to start with a view that does not say who may open it (our own mistake)."""
    bare = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None
    )
    assert not bare, f"views without @needs, @signed_in or @public: {bare}"
