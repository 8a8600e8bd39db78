"""The blueprint all pages of identity belong to; sign-in lies outside any community."""

from __future__ import annotations

from flask import Blueprint

IN_COMMUNITY = "/c/<community>"

views = Blueprint("identity", __name__, template_folder="../templates")
