"""The Flask extensions, made once and bound to each application by `app.py`."""

from __future__ import annotations

from flask import Flask, has_app_context
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from community.kernel import db as kernel_db
from community.kernel.tables import Base

# The default bind reads only; `write` in the kernel owns the other one.
WRITER_BIND = "writer"


class PageDatabase(SQLAlchemy):
    """flask-sqlalchemy; queries take its session, a proxy, for the Session it stands for."""

    session: Session  # type: ignore[assignment]


db = PageDatabase(model_class=Base, disable_autonaming=True)
login = LoginManager()
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, default_limits=[], storage_uri="memory://")


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
