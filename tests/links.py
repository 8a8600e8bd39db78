"""Whether everything that people were told leads to a page."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from community.kernel import db
from community.notices.models import Message


def lost_links(app: Flask, slug: str = "guihua") -> list[str]:
    """List the links of messages for which the site has no page."""
    with db.read() as session:
        links = session.scalars(select(Message.link).distinct().order_by(Message.link)).all()
    pages = app.url_map.bind("")
    lost = []
    for link in links:
        try:
            pages.match(f"/c/{slug}/{link}".partition("#")[0])
        except NotFound:
            lost.append(link)
    return lost
