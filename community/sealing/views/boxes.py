"""A box for everybody: when it opens, by whom, and what is in it once it is shut."""

from __future__ import annotations

from flask import Response, render_template, request

from community.kernel.errors import BadInput
from community.sealing.queries import commitments, opener_key_history
from community.sealing.rules.boxes import LEVEL_TITLES, BoxLevel, BoxPhase
from community.sealing.rules.page import page_hash
from community.sealing.rules.words import binding_words
from community.sealing.views.blueprint import as_file, box_of, views
from community.web.access import community, public
from community.web.extensions import db

LONGEST_OWNER = 120


@views.get("/sealing")
@public
def about() -> str:
    """Explain sealing in plain words, and list the registered keys by fingerprint."""
    keys = opener_key_history(db.session, community.id)
    return render_template(
        "sealing/about.html", keys=keys, levels=LEVEL_TITLES, page_hash=page_hash()
    )


@views.get("/sealing/boxes/<int:box_id>")
@public
def box(box_id: int) -> str:
    """Show a box; until it is opened or given up the page is the same whatever came in."""
    found = box_of(box_id)
    is_told = found.phase in {BoxPhase.OPENED, BoxPhase.DISCARDED}
    inside = commitments(db.session, community.id, box_id) if is_told else ()
    return render_template(
        "sealing/box.html",
        box=found,
        level=LEVEL_TITLES[found.level],
        is_told=is_told,
        commitments=inside,
    )


@views.get("/sealing/boxes/<int:box_id>/binding.json")
@public
def binding(box_id: int) -> Response:
    """Give what an owner's envelope is bound to, for the offline page; it says nothing else."""
    found = box_of(box_id)
    owner = request.args.get("owner", "")
    if found.level is not BoxLevel.L2 or not owner.isprintable():
        raise BadInput
    if not 0 < len(owner) <= LONGEST_OWNER:
        raise BadInput
    return as_file(binding_words(found.binding(owner), found.form), f"sealing-{box_id}.json")
