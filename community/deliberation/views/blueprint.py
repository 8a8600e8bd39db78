"""The blueprint of deliberation: pages inside a community."""

from __future__ import annotations

from flask import Blueprint

views = Blueprint(
    "deliberation", __name__, url_prefix="/c/<community>", template_folder="../templates"
)
