"""The blueprints of rewards: pages inside a community, and where a scanned code lands."""

from __future__ import annotations

from flask import Blueprint

views = Blueprint("rewards", __name__, url_prefix="/c/<community>", template_folder="../templates")
landing = Blueprint(
    "rewards_landing", __name__, url_prefix="/q/r/<community>", template_folder="../templates"
)
