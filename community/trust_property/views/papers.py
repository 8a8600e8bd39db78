"""Papers that come with a form, and showing one."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from community.kernel import db as kernel_db
from community.kernel import files
from community.trust_property import permissions
from community.trust_property.errors.papers import TwinUnclear
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import papers as queries
from community.trust_property.schemas.papers import PAPERS, OpenForm
from community.trust_property.service import papers as service
from community.trust_property.service.vouchers import Paper
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


def taken(field: str, *, is_public: bool = False) -> tuple[Paper, ...]:
    """Take in the files of a form's field with their redacted copies; empty ones are left aside.

    Originals lie encrypted, but for papers that are public as they are. A copy goes with the
    original of its name, a single one with the single original.
    Raises: the refusals of `files.take_in`; TwinUnclear.
    """
    originals, twins = _sent(field), _sent(f"{field}_twin")
    by_stem = {_stem(each): each for each in twins}
    if len(originals) == len(twins) == 1:
        by_stem = {_stem(originals[0]): twins[0]}
    if len(by_stem) != len(twins) or set(by_stem) - {_stem(each) for each in originals}:
        raise TwinUnclear
    found = []
    for each in originals:
        ready = files.take_in(each, PAPERS, is_sealed=not is_public)
        copy = by_stem.get(_stem(each))
        found.append(Paper(ready.name, ready, None if copy is None else _taken_twin(copy)))
    return tuple(found)


def _taken_twin(upload: files.Upload) -> files.Ready:
    return files.take_in(upload, files.IMAGES | {files.FileKind.PDF})


def _sent(field: str) -> list[files.Upload]:
    sent = [(each.filename, each.read()) for each in request.files.getlist(field)]
    return [files.Upload(name, content) for name, content in sent if name and content]


def _stem(upload: files.Upload) -> str:
    return upload.name.rpartition(".")[0] or upload.name


@views.get("/desk/fund/<int:fund_id>/papers/<int:file_id>")
@needs(permissions.READ)
def paper(fund_id: int, file_id: int) -> ResponseReturnValue:
    """Show a paper's public copy and who opened the original."""
    return _paper(fund_id, file_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/papers/<int:file_id>")
@needs(permissions.READ)
def open_paper(fund_id: int, file_id: int) -> ResponseReturnValue:
    """Open the original: who, when and why stands in the public log before a byte is sent."""

    def act(values: dict[str, Any]) -> None:
        reason = values["reason"]
        key = forms.request_key()
        kernel_db.write(service.open_paper, the_actor(), fund_id, file_id, reason, request_key=key)

    def done(_: None) -> ResponseReturnValue:
        return send_stored_file(queries.get_paper(db.session, the_actor(), fund_id, file_id))

    return forms.submit(OpenForm(), act, lambda form: _paper(fund_id, file_id, form), done)


@views.get("/fund/<int:fund_id>/openings")
@public
def paper_openings(fund_id: int) -> ResponseReturnValue:
    """Show everybody every opening of an original."""
    actor = the_actor()
    return render_template(
        "trust_property/openings.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        openings=queries.openings(db.session, actor, fund_id),
    )


@views.get("/fund/twins/<int:twin_id>")
@public
def paper_twin(twin_id: int) -> ResponseReturnValue:
    """Show everybody the public copy of a voucher."""
    return send_stored_file(queries.get_twin(db.session, the_actor(), twin_id), is_public=True)


@views.app_template_global()
def find_twin(sha256: str) -> int | None:
    """Find for a page the public copy of an original."""
    return queries.find_twin(db.session, the_actor(), sha256)


def _paper(fund_id: int, file_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "trust_property/paper.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        paper=queries.get_paper(db.session, actor, fund_id, file_id),
        openings=queries.openings(db.session, actor, fund_id, file_id),
    )
