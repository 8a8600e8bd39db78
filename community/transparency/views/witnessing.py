"""Where witnesses bring their cosignatures, and where people see them."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from community.kernel.actor import Actor
from community.kernel.db import write
from community.kernel.errors import Refusal
from community.transparency import queries, service
from community.transparency.views.pages import views
from community.web.access import community, for_machines, public
from community.web.errors import sentence_of
from community.web.extensions import db, limiter

MOST_NOTE = 64 << 10


@views.post("/cosignature")
@for_machines
@public
@limiter.limit("120/hour")
def take_cosignature() -> ResponseReturnValue:
    """Take a checkpoint that witnesses have cosigned; answers the whole note in plain text."""
    content = request.get_data(cache=False)[: MOST_NOTE + 1]
    try:
        if len(content) > MOST_NOTE:
            raise service.NotOurCheckpoint
        write(service.keep_cosignature, Actor.system(community.id), content)
    except Refusal as refusal:
        return Response(f"{sentence_of(refusal)}\n", 422, content_type="text/plain; charset=utf-8")
    return Response(status=204)


@views.get("/witnesses")
@public
def witness_list() -> str:
    """Show who keeps and cosigns our checkpoints."""
    return render_template(
        "transparency/witnesses.html",
        witnesses=queries.witnesses_of(db.session, community.id),
        needed=queries.witnesses_needed(db.session, community.id),
        checkpoint=queries.latest_checkpoint(db.session, community.id),
    )
