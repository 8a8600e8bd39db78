"""After the opening, auditors check every envelope against what was committed to."""

from __future__ import annotations

from flask import Response

from community.sealing import permissions
from community.sealing.queries import BoxView, Opened, each_content, handed_in
from community.sealing.views.blueprint import as_file, box_of, views
from community.web.access import community, needs
from community.web.extensions import db


@views.get("/sealing/boxes/<int:box_id>/check.json")
@needs(permissions.AUDIT)
def check_file(box_id: int) -> Response:
    """Give salts, keys and commitments of an opened box."""
    box = box_of(box_id)
    opened = [_words(box, each) for each in each_content(db.session, community.id, box_id)]
    told = {
        "box": box.token,
        "subject": box.subject,
        "set_hash": box.set_hash and box.set_hash.hex(),
        "envelopes": opened,
    }
    return as_file(told, f"check-{box_id}.json")


@views.get("/sealing/envelopes/<int:envelope_id>/sealed")
@needs(permissions.AUDIT)
def sealed(envelope_id: int) -> Response:
    """Give an envelope of an opened box as it was handed in."""
    content = handed_in(db.session, community.id, envelope_id)
    answer = Response(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{envelope_id}.sealed"'
    return answer


def _words(box: BoxView, opened: Opened) -> dict[str, object]:
    return {
        "envelope": opened.envelope_id,
        "owner": opened.owner,
        "received_at": opened.received_at.isoformat(),
        "commitment": opened.commitment.hex(),
        "salt": opened.salt.hex(),
        "key": opened.envelope_key and opened.envelope_key.hex(),
        "how": opened.how.value,
        "is_readable": opened.content is not None,
        "wrong_places": list(opened.wrong_places),
    }
