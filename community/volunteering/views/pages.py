"""The two sets of addresses of volunteering's pages: inside a community, and open to the world."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask import Blueprint
from flask_babel import gettext

views = Blueprint(
    "volunteering", "community.volunteering", url_prefix="/c/<community>",
    template_folder="templates",
)  # fmt: skip
# A paper's number is verified by people who know no community.
world = Blueprint("volunteering_world", "community.volunteering", template_folder="templates")


@views.app_template_global()
def options_of(titles: Mapping[StrEnum, str]) -> list[tuple[str, str]]:
    """Give an enum's values with their translated titles, for a choice or a list."""
    return [(key.value, gettext(title)) for key, title in titles.items()]
