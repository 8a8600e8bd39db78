"""The two sets of addresses of volunteering's pages: inside a community, and open to the world."""

from __future__ import annotations

from flask import Blueprint

views = Blueprint(
    "volunteering", "community.volunteering", url_prefix="/c/<community>",
    template_folder="templates",
)  # fmt: skip
# A paper's number is verified by people who know no community.
world = Blueprint("volunteering_world", "community.volunteering", template_folder="templates")
