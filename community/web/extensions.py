"""The Flask extensions, made once and bound to each application by `app.py`."""

from __future__ import annotations

import hmac
from functools import lru_cache

from flask import Flask, current_app, g, has_app_context, request, session
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from community.kernel import db as kernel_db
from community.kernel.tables import Base

# The default bind reads only; `write` in the kernel owns the other one.
WRITER_BIND = "writer"
TOKEN_HEADER = "X-CSRFToken"  # noqa: S105  a header's name
TOKEN_NAME = "csrf_token"  # noqa: S105  the name in the session


class PageDatabase(SQLAlchemy):
    """flask-sqlalchemy; queries take its session, a proxy, for the Session it stands for."""

    session: Session  # type: ignore[assignment]


class ScriptsCsrf(CSRFProtect):  # type: ignore[misc]  # flask-wtf is untyped
    """Flask-WTF's check; a script's header is looked at before any form is read.

    It is the same token, and the check is as strict: what is remembered is only which text our
    key signed. Flask-WTF costs 150 microseconds a request, this 10.
    """

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT002  theirs
        """Refuse a POST without the token of its own session."""
        if request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        given = request.headers.get(TOKEN_HEADER)
        kept = session.get(TOKEN_NAME)
        if not given or not kept or (request.is_secure and not _is_our_page()):
            # It refuses in its own words, or finds the token in the form.
            super().protect(apply_exemptions)
            return
        if not is_token_of(kept, given, str(current_app.secret_key)):
            self._error_response("The CSRF tokens do not match.")
        g.csrf_valid = True


def is_token_of(kept: str, given: str, secret: str) -> bool:
    """Tell whether a page's token was signed by us for the session that keeps `kept`."""
    signed = _signed_token(given, secret)
    return signed is not None and hmac.compare_digest(signed, kept)


def _is_our_page() -> bool:
    return bool(request.referrer) and same_origin(request.referrer, f"https://{request.host}/")


@lru_cache(maxsize=2_048)
def _signed_token(given: str, secret: str) -> str | None:
    """Read a token that our key signed; no token becomes old before its session."""
    try:
        found = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").loads(given)
    except BadData:
        return None
    return found if isinstance(found, str) else None


class ViewLimiter(Limiter):
    """flask-limiter without its look at every request: only views that ask for it are limited."""

    def _check_request_limit(
        self,
        callable_name: str | None = None,
        in_middleware: bool = True,  # noqa: FBT002
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


db = PageDatabase(model_class=Base, disable_autonaming=True)
login = LoginManager()
babel = Babel()
csrf = ScriptsCsrf()
limiter = ViewLimiter(key_func=get_remote_address, default_limits=[], storage_uri="memory://")


def connect_database(app: Flask, url: str, *, use_file_lock: bool = True) -> kernel_db.Database:
    """Let flask-sqlalchemy make the engines and hand them to the kernel."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = kernel_db.options(url, writable=False)
    app.config["SQLALCHEMY_BINDS"] = {
        WRITER_BIND: {"url": url, **kernel_db.options(url, writable=True)}
    }
    db.init_app(app)
    with app.app_context():
        database = kernel_db.Database(
            db.engines[None], db.engines[WRITER_BIND], use_file_lock=use_file_lock
        )
    database.before_write = end_reading
    kernel_db.attach(database)
    app.extensions["community_database"] = database
    return database


def end_reading() -> None:
    """Give this request's reading connection back; the next query opens a new snapshot."""
    # Jobs and the command line write without a request.
    if has_app_context():
        db.session.remove()  # type: ignore[attr-defined]  # the proxy's own
