"""The blueprint of this room, and what several of its pages share."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response

from community.sealing.queries import BoxView, get_box
from community.web.access import community
from community.web.extensions import db

views = Blueprint("sealing", __name__, url_prefix="/c/<community>", template_folder="../templates")


def box_of(box_id: int) -> BoxView:
    """Give a box of the page's community."""
    return get_box(db.session, community.id, box_id)


def as_file(words: dict[str, Any], name: str) -> Response:
    """Give plain JSON as a file to keep."""
    text = json.dumps(words, ensure_ascii=False, indent=1) + "\n"
    answer = Response(text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
