"""The addresses of a community's public log: open to everybody, read by people and programs."""

from __future__ import annotations

from flask import Blueprint

views = Blueprint(
    "transparency",
    "community.transparency",
    url_prefix="/log/<community>",
    template_folder="templates",
)
