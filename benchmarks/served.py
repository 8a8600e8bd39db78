"""What the check-in benchmark serves: the product, and a bare view beside it."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, jsonify, request
from sqlalchemy.orm import Mapped, Session, mapped_column

from benchmarks.books import make_tables, open_database
from community.app import create_app
from community.kernel import db
from community.kernel.actor import Actor
from community.kernel.tables import Base, BigId
from community.web.operations.worker import settle_process


class BareRow(Base):
    """One row of the bare view."""

    __tablename__ = "bare_row"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    nonce: Mapped[str]


def insert_row(session: Session, actor: Actor, nonce: str) -> None:
    """Insert one row by one statement."""
    db.statements(session).run("INSERT INTO bare_row (nonce) VALUES (?)", (nonce,))


def product() -> Flask:
    """Serve the whole product on the benchmark's community."""
    folder = Path(os.environ["BENCH_FOLDER"])
    app = create_app(
        {
            "INSTANCE": folder,
            "DATABASE_URL": f"sqlite:///{folder / 'community.db'}",
            "SECRET_KEY": os.environ["BENCH_KEY"],
            "USE_FILE_LOCK": os.environ.get("BENCH_FILE_LOCK", "1") == "1",
        }
    )
    settle_process()
    return app


def bare() -> Flask:
    """Serve a bare Flask view that inserts one row through the same writer."""
    url = f"sqlite:///{Path(os.environ['BENCH_FOLDER']) / 'bare.db'}"
    make_tables(url, "bare_row")
    open_database(url)
    app = Flask("bare")

    @app.post("/insert")
    def insert() -> Response:
        db.write(insert_row, Actor.system(1), str(request.get_json()["nonce"]))
        return jsonify(done=True)

    settle_process()
    return app
