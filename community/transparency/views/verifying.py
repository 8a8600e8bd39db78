"""Verifying for everybody: the page that reads a notice, a receipt or a pack, and the program."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, render_template

from community.kernel import clock, db
from community.kernel.errors import NotFound
from community.transparency import queries
from community.transparency.views.pages import views
from community.web.access import community, public
from community.web.extensions import db as site
from community.web.security import allow_wasm, keep_offline

verifying = Blueprint("verifying", "community.transparency", template_folder="templates")


@verifying.get("/verify")
@public
@allow_wasm
@keep_offline
def verify() -> str:
    """Show the page that verifies in the reader's own browser; the address carries what to check.

    What follows `#` never reaches the server, so nobody is told who checks which notice.
    """
    return render_template("transparency/verify.html")


@verifying.get("/verify.py")
@public
def verifier() -> Response:
    """Give the one-file verifier."""
    path = f"{current_app.static_folder}/verify.py"
    with open(path, "rb") as file:  # noqa: PTH123  a plain file of our own
        answer = Response(file.read(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


@views.get("/pack")
@public
def pack() -> str:
    """Say what an audit pack is and offer it."""
    checkpoint = queries.latest_checkpoint(site.session, community.id)
    return render_template(
        "transparency/pack.html",
        checkpoint=checkpoint,
        keys=queries.verifier_keys(site.session, community.id),
    )


@views.get("/pack.zip")
@public
def pack_file() -> Response:
    """Give the audit pack while it is still being written: it is never whole in memory."""
    if queries.latest_checkpoint(site.session, community.id) is None:
        raise NotFound
    answer = Response(_pack(community.id), content_type="application/zip")
    day = clock.today().isoformat()
    name = f"audit-{community.slug}-{day}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _pack(community_id: int) -> Iterator[bytes]:
    """Read in a snapshot of its own: the request's session ends before the answer does."""
    with db.read() as session:
        yield from queries.pack_bytes(session, community_id)
