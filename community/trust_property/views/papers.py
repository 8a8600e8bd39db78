"""Papers that come with a form, and showing one."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from community.kernel import files
from community.trust_property import permissions
from community.trust_property.queries import papers as queries
from community.trust_property.schemas.papers import PAPERS
from community.trust_property.service.vouchers import Paper
from community.trust_property.views.blueprint import views
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


def taken(field: str) -> tuple[Paper, ...]:
    """Take in the files of a form's field; empty ones are left aside.

    Raises: the refusals of `files.take_in`.
    """
    found = []
    for each in request.files.getlist(field):
        content = each.read()
        if each.filename and content:
            ready = files.take_in(files.Upload(each.filename, content), PAPERS)
            found.append(Paper(ready.name, ready))
    return tuple(found)


@views.get("/desk/fund/<int:fund_id>/papers/<int:file_id>")
@needs(permissions.READ)
def paper(fund_id: int, file_id: int) -> ResponseReturnValue:
    """Show a paper of the fund."""
    return send_stored_file(queries.get_paper(db.session, the_actor(), fund_id, file_id))
