"""The blueprint of the fund: pages inside a community."""

from __future__ import annotations

from flask import Blueprint

views = Blueprint(
    "trust_property", __name__, url_prefix="/c/<community>", template_folder="../templates"
)
