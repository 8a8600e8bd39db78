"""The short way in: an address that a whole gate asks at once is answered before Flask.

Flask's contexts, hooks and routing cost as much as a check-in with its share of a commit. Here
only what is ordinary in every respect is answered; all else goes on to Flask untouched, which has
a sentence for each refusal. What is asked is no less: the session or the device's token, the token
against forged requests, the page it came from, the permission of the very same view, all at every
request and by the same functions.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_wtf.csrf import same_origin

from community.kernel.actor import Actor
from community.kernel.db import Statements, glance
from community.kernel.errors import Refusal
from community.web.access import UNCOUNTED, access_of, find_community
from community.web.cookies import RememberedCookies
from community.web.extensions import TOKEN_NAME, is_token_of
from community.web.layout import language_of
from community.web.operations.monitoring import metrics_of
from community.web.security import headers_for_machines

LONGEST_BODY = 4_096
REFUSED = "community.refused"
BEARER = "Bearer "
# Made once: either costs as much as what it writes or reads.
_encode_json = json.JSONEncoder(separators=(",", ":")).encode
_decode_json = json.JSONDecoder().decode

# Of (token, community) gives who acts, or None for whom Flask has to look at.
DeviceFinder = Callable[[Statements, str, int], Actor | None]
# The same by the community's name in addresses: one statement for what every voter asks.
SessionFinder = Callable[[Statements, str, str], Actor | None]
# Of (actor, number in the address, body, language): what to answer, or None to leave it to Flask.
Answer = Callable[[Actor, int, Any, str], tuple[dict[str, Any], int] | None]
Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeanView:
    """An address with one number, the endpoint whose view answers it in full, the short answer."""

    endpoint: str
    address: re.Pattern[str]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Actors:
    """How `identity` finds who acts: by a device's token, by an ordinary session's."""

    of_device: DeviceFinder
    of_session: SessionFinder


class LeanDoor:
    """The WSGI application before Flask's."""

    def __init__(self, app: Flask, views: Iterable[LeanView], actors: Actors) -> None:
        """Stand before an application that is assembled already."""
        assert isinstance(app.session_interface, RememberedCookies)
        self._app, self._cookies = app, app.session_interface
        self._inner = app.wsgi_app
        self._views = tuple(views)
        self._actors = actors
        self._headers = headers_for_machines(app)
        self._uncounted = {
            each.endpoint
            for each in self._views
            if getattr(app.view_functions[each.endpoint], UNCOUNTED, False)
        }
        self._permissions = {each.endpoint: access_of(app, each.endpoint) for each in self._views}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer, or let Flask answer."""
        if environ["REQUEST_METHOD"] == "POST":
            for view in self._views:
                address = view.address.fullmatch(environ["PATH_INFO"])
                if address is not None:
                    began = time.monotonic_ns()
                    found = self._answer(view, address, environ)
                    if found is not None:
                        return self._send(view, found, began, start_response)
        return self._inner(environ, start_response)

    def _send(
        self, view: LeanView, found: tuple[dict[str, Any], int], began: int, start_response: Any
    ) -> Iterable[bytes]:
        said, status = found
        body = _encode_json(said).encode()
        if view.endpoint not in self._uncounted:
            taken = time.monotonic_ns() - began
            metrics_of(self._app).observe_answer(view.endpoint, status, taken)
        line = "200 OK" if status == 200 else "409 CONFLICT"
        start_response(line, [*self._headers, ("Content-Length", str(len(body)))])
        return (body,)

    def _answer(
        self, view: LeanView, address: re.Match[str], environ: Environ
    ) -> tuple[dict[str, Any], int] | None:
        if not self._is_plain(environ):
            return None
        cookies = _cookies_of(environ.get("HTTP_COOKIE", ""))
        actor = self._actor(environ, cookies, address["community"])
        permission = self._permissions[view.endpoint]
        if actor is None or permission is None or not actor.may(permission):
            return None
        raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        # Whoever comes next reads it again.
        environ["wsgi.input"] = io.BytesIO(raw)
        try:
            body = _decode_json(raw.decode())
            return view.answer(
                actor, int(address["number"]), body, language_of(cookies.get("language"))
            )
        except ValueError:
            return None
        except Refusal as refusal:
            # Flask says it in the reader's language; it is not tried twice.
            environ[REFUSED] = refusal
            return None

    def _is_plain(self, environ: Environ) -> bool:
        hosts, length = self._app.config["TRUSTED_HOSTS"], environ.get("CONTENT_LENGTH", "")
        return (
            environ.get("CONTENT_TYPE") == "application/json"
            and length.isascii()
            and length.isdecimal()
            and int(length) <= LONGEST_BODY
            and not environ.get("QUERY_STRING")
            and (not hosts or environ.get("HTTP_HOST") in hosts)
        )

    def _actor(self, environ: Environ, cookies: dict[str, str], slug: str) -> Actor | None:
        bearer: str = environ.get("HTTP_AUTHORIZATION", "")
        if bearer:
            is_device = bearer.startswith(BEARER)
            token = bearer.removeprefix(BEARER).strip() if is_device else None
        else:
            is_device, token = False, self._session_token(environ, cookies)
        if not token:
            return None
        with glance() as at:
            if not is_device:
                return self._actors.of_session(at, token, slug)
            community = find_community(at, slug)
            return None if community is None else self._actors.of_device(at, token, community.id)

    def _session_token(self, environ: Environ, cookies: dict[str, str]) -> str | None:
        """Give the session that a cookie names, if the request carries that session's own token."""
        session = self._cookies.read(cookies.get(self._app.config["SESSION_COOKIE_NAME"], ""))
        if self._cookies.should_set_cookie(self._app, session):
            return None
        given, kept = environ.get("HTTP_X_CSRFTOKEN"), session.get(TOKEN_NAME)
        if not given or not kept or not is_token_of(kept, given, str(self._app.secret_key)):
            return None
        if environ["wsgi.url_scheme"] == "https" and not same_origin(
            environ.get("HTTP_REFERER", ""), f"https://{environ.get('HTTP_HOST')}/"
        ):
            return None
        token: str | None = session.get("_user_id")
        return token


def raise_refused() -> None:
    """Raise in a view what the short way was refused, so that it is answered as usual."""
    refusal: Refusal | None = request.environ.pop(REFUSED, None)
    if refusal is not None:
        raise refusal


def init_lean(app: Flask, views: Iterable[LeanView], actors: Actors) -> None:
    """Put the short way before an application; proxies' headers are read before it."""
    app.wsgi_app = LeanDoor(app, views, actors)  # type: ignore[method-assign]  # as documented


def _cookies_of(header: str) -> dict[str, str]:
    """Read a plain header of cookies; the first of a name counts, as in Flask."""
    found: dict[str, str] = {}
    for each in header.split(";"):
        name, _, value = each.strip().partition("=")
        found.setdefault(name, value)
    return found
