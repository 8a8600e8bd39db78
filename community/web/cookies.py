"""The session cookie, read once: its signature is checked when it is new to this process.

Whether a text was signed by our key never changes, so that answer is remembered; how old it may
be is judged at every request, and whether the session behind it still stands is `identity`'s.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

# A cookie that lasts is written anew this long after it was last: not with every answer.
RENEWED_AFTER_SECONDS = 6 * 3_600
# As many as sign in of a large community, at 1 KB each: before a poll closes everybody comes.
MOST_REMEMBERED = 8_192
# Values that nobody can change, so that one reading may serve many requests.
_UNCHANGEABLE = frozenset({str, int, bool, type(None)})


class CookieSession(SecureCookieSession):
    """A session that knows when its cookie was written; 0 for one that has none yet."""

    written_at = 0


class RememberedCookies(SecureCookieSessionInterface):
    """Flask's signed cookies, with the last verified ones kept in memory."""

    session_class = CookieSession

    def __init__(self, app: Flask) -> None:
        """Read and write the cookies of one application."""
        self._app = app
        self._lasts = int(app.permanent_session_lifetime.total_seconds())
        # Ages are told by the clock that dated the signatures.
        serializer: Any = self.get_signing_serializer(app)
        assert serializer is not None, "the application has a secret key"
        self._serializer = serializer
        self._now = serializer.make_signer().get_timestamp
        self._verified = lru_cache(maxsize=MOST_REMEMBERED)(self._verify)

    def open_session(self, app: Flask, request: Request) -> CookieSession:
        """Give what the cookie says, or an empty session."""
        return self.read(request.cookies.get(app.config["SESSION_COOKIE_NAME"], ""))

    def read(self, value: str) -> CookieSession:
        """Give what a cookie's value says, or an empty session."""
        if not value:
            return CookieSession()
        found = self._verified(value)
        if found is None or not 0 <= self._now() - found[1] <= self._lasts:
            return CookieSession()
        said, written_at = found
        session = CookieSession(self._read(value)[0] if said is None else said)
        session.written_at = written_at
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie when it says something new or is about to become old."""
        if session.modified or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed and "Vary" not in response.headers:
            response.headers.add("Vary", "Cookie")
        elif session.accessed:
            response.vary.add("Cookie")

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Tell whether to write the cookie."""
        if session.modified:
            return True
        age: int = self._now() - getattr(session, "written_at", 0)
        return session.permanent and age > RENEWED_AFTER_SECONDS

    def _verify(self, value: str) -> tuple[dict[str, Any] | None, int] | None:
        """Give what a cookie says (None where it could be changed) and when it was written."""
        try:
            said, written_at = self._read(value)
        except BadSignature:
            return None
        is_safe = all(type(each) in _UNCHANGEABLE for each in said.values())
        return (said if is_safe else None), written_at

    def _read(self, value: str) -> tuple[dict[str, Any], int]:
        said, written_at = self._serializer.loads(value, return_timestamp=True)
        return said, int(written_at.timestamp())
