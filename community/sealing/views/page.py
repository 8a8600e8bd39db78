"""The sealing page as one file: to download, and to compare with the public log."""

from __future__ import annotations

from flask import Response, render_template

from community.sealing.rules.page import FILE, page_hash
from community.sealing.views.blueprint import views
from community.web.access import public


@views.get("/sealing/page")
@public
def compare() -> str:
    """Offer the offline page and compare a kept one with its hash."""
    return render_template("sealing/compare.html", page_hash=page_hash())


@views.get("/sealing/seal.html")
@public
def page() -> Response:
    """Give the offline page, to be kept and opened from the disk."""
    answer = Response(FILE.read_bytes(), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = 'attachment; filename="seal.html"'
    return answer
