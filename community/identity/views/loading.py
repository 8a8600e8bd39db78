"""Who is acting in this request: the session behind the cookie, or the token of a device."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import UserMixin, login_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from community.identity import service
from community.identity.errors import ConsentNeeded
from community.identity.queries.keys import use_secret_key
from community.identity.queries.people import get_person
from community.identity.queries.sessions import (
    SignedInSession,
    device_actor,
    find_entry,
    find_entry_by_name,
    find_session,
)
from community.identity.queries.standing import acting_until, actor_for
from community.identity.rules.consents import text_of
from community.identity.rules.signing_in import SEEN_EVERY, SESSION_LASTS
from community.identity.service import sessions as session_commands
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.db import Statements, glance, set_helper_guard, write
from community.kernel.tables import Community
from community.web.access import PUBLIC, access_of, has_bearer_token, is_for_api, set_actor_loader
from community.web.cookies import RememberedCookies
from community.web.extensions import db, login
from community.web.layout import ActingFor, set_acting_for
from community.web.lean import Actors

INSTALLATION = 0
# What somebody who has not agreed yet may still open: the text itself, and the way out.
BEFORE_CONSENT = frozenset({"identity.consent", "identity.agree", "identity.leave"})


class SessionUser(UserMixin):  # type: ignore[misc]  # flask-login is untyped
    """What flask-login keeps of a session: its token in the cookie, its row beside the request."""

    def __init__(self, token: str, found: SignedInSession) -> None:
        """Keep the token and the row it named."""
        self.id = token
        self.found = found


def init_identity(app: Flask) -> None:
    """Let sessions, device tokens and helpers become the actor of each request."""
    is_tls = app.config["IS_TLS"]
    app.config |= {
        "SESSION_COOKIE_NAME": "__Host-community" if is_tls else "community",
        "SESSION_COOKIE_SECURE": is_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": SESSION_LASTS + timedelta(days=1),
    }
    app.session_interface = RememberedCookies(app)
    use_secret_key(app.config["SECRET_KEY"])
    login.init_app(app)
    # It would bind a session to a network address, and phones change theirs all day.
    login.session_protection = None
    login.user_loader(_load_user)
    set_actor_loader(load_actor)
    set_acting_for(find_acting_for)
    set_helper_guard(service.note_assisted_act)
    app.before_request(_ask_for_consent)
    app.after_request(_touch)


def _load_user(token: str) -> SessionUser | None:
    with glance() as at:
        found = find_session(at, token)
    return None if found is None else SessionUser(token, found)


def this_session() -> SignedInSession | None:
    """Find the session of this request; device tokens have none."""
    if "identity_session" not in g:
        user = _load_user(session.get("_user_id", ""))
        g.identity_session = None if user is None else user.found
    found: SignedInSession | None = g.identity_session
    return found


def load_actor(at: Statements, community: Community | None) -> Actor | None:
    """Tell who acts: a device by its token alone, else whoever's session the cookie names."""
    if has_bearer_token():
        g.identity_session = None
        token = request.headers["Authorization"].removeprefix("Bearer ").strip()
        found = None
        if community is not None:
            found = device_actor(at, token, community.id)
        if found is None:
            abort(401)
        return found
    # Where flask-login keeps it; its `current_user` would take the browser's fingerprint as well.
    cookie = session.get("_user_id")
    entry = find_entry(at, cookie, community.id if community else INSTALLATION) if cookie else None
    if entry is None:
        g.identity_session = None
        return None
    g.identity_session, own = entry
    if community is None:
        return Actor(community_id=INSTALLATION, person_id=g.identity_session.person_id)
    return _member_actor(g.identity_session, own, community.id)


def _member_actor(signed_in: SignedInSession, own: Actor | None, community_id: int) -> Actor:
    person_id = signed_in.person_id
    if signed_in.acts_for is not None:
        helper = actor_for(db.session, person_id, community_id, signed_in.acts_for)
        if helper is not None:
            return helper
    # Somebody of another community reads what is public here, and may do nothing.
    return own or Actor(community_id=community_id, person_id=person_id)


def ordinary_actor(at: Statements, token: str, slug: str) -> Actor | None:
    """Give who acts by a session nothing has to be asked or noted of; None leaves it to Flask.

    Left are strangers, helpers, who has to agree to a new text, who was not seen today.
    """
    entry = find_entry_by_name(at, token, slug)
    if entry is None:
        return None
    signed_in, own = entry
    now = clock.now()
    is_ordinary = (
        signed_in.acts_for is None
        and signed_in.consented_version == text_of("service", clock.day_of(now)).version
        and now - signed_in.seen_at <= SEEN_EVERY
    )
    return own if is_ordinary else None


ACTORS = Actors(device_actor, ordinary_actor)


def find_acting_for(actor: Actor) -> ActingFor | None:
    """Tell whom the actor helps, for the banner of every page."""
    if actor.on_behalf_of is None or actor.person_id is None:
        return None
    card = get_person(db.session, actor.community_id, actor.on_behalf_of)
    until = acting_until(db.session, actor.community_id, actor.person_id, card.id)
    return ActingFor(card.name, url_for("identity.stop_acting"), until)


def enter(entry: session_commands.SignedIn) -> None:
    """Put a new session into the cookie; nothing of the visitor's cookie survives it."""
    goes_to = session.get("next")
    session.clear()
    if goes_to:
        session["next"] = goes_to
    # Made now, not by the first page: two pages asked for at once would each make their own.
    generate_csrf()
    session.permanent = True
    with glance() as at:
        found = find_session(at, entry.token)
    assert found is not None, "a session that was just begun"
    login_user(SessionUser(entry.token, found))


def _ask_for_consent() -> Response | None:
    signed_in = this_session() if request.endpoint != "static" else None
    if signed_in is None or request.endpoint in BEFORE_CONSENT or request.endpoint is None:
        return None
    if access_of(current_app, request.endpoint) == PUBLIC:
        return None
    if signed_in.consented_version == text_of("service", clock.today()).version:
        return None
    if request.method == "GET" and not is_for_api():
        session["next"] = request.full_path.rstrip("?")
        return redirect(url_for("identity.consent"))
    raise ConsentNeeded


def _touch(response: Response) -> Response:
    signed_in = g.get("identity_session")
    if signed_in is not None and clock.now() - signed_in.seen_at > SEEN_EVERY:
        actor = Actor(community_id=INSTALLATION, person_id=signed_in.person_id)
        write(service.touch_session, actor, signed_in.id)
    return response
