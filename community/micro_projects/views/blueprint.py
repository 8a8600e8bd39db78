"""The blueprint of projects: pages inside a community."""

from __future__ import annotations

from flask import Blueprint

views = Blueprint(
    "micro_projects", __name__, url_prefix="/c/<community>", template_folder="../templates"
)
