"""Importing residents: upload, look at what was understood, correct it, start, follow."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity.importing.files import LARGEST_FILE
from community.identity.importing.headers import TITLES
from community.identity.models import ImportState
from community.identity.permissions import KEEP_PEOPLE, SEE_PEOPLE
from community.identity.queries import importing as queries
from community.identity.schemas.importing import ColumnsForm, take_in_sheet
from community.identity.service import importing
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel.db import write
from community.kernel.errors import Refusal
from community.kernel.sheets import FileNotSheet
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.sheets import MEDIA_TYPE, send_file

IMPORTS = f"{IN_COMMUNITY}/desk/imports"
# A list as long as this says enough on a page; the marked file tells all.
MOST_SHOWN = 100


def _index(form: forms.Form) -> str:
    return render_template(
        "identity/importing/index.html",
        form=form,
        imports=queries.imports(db.session, community.id),
    )


@views.get(IMPORTS)
@needs(SEE_PEOPLE)
def imports() -> ResponseReturnValue:
    """Ask for a sheet and list the latest imports."""
    return _index(forms.Form())


@views.post(IMPORTS)
@needs(KEEP_PEOPLE)
def upload_import() -> ResponseReturnValue:
    """Take a sheet in; nothing is imported before somebody has looked at the preview."""
    sent = request.files.get("sheet")
    form = forms.Form()
    try:
        if sent is None or not sent.filename:
            raise FileNotSheet
        ready = take_in_sheet(sent.filename, sent.stream.read(LARGEST_FILE + 1))
        made = write(importing.keep_import, the_actor(), ready, request_key=forms.request_key())
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _index(form), status_of(refusal)
    return redirect(url_for("identity.preview_import", import_id=made), 303)


def _preview(import_id: int, form: forms.Form) -> str:
    session = db.session
    view = queries.get_import(session, community.id, import_id)
    if view.state is not ImportState.READ:
        return render_template("identity/importing/progress.html", view=view)
    found = queries.preview_import(session, community.id, import_id)
    marked = (*found.understanding.problems, *found.comparison.problems)
    return render_template(
        "identity/importing/preview.html",
        form=form,
        view=view,
        understanding=found.understanding,
        comparison=found.comparison,
        problems=[(each, each.mistake.sentence(gettext)) for each in marked],
        titles={column.value: gettext(title) for column, title in TITLES.items()},
        most=MOST_SHOWN,
        gettext=gettext,
    )


@views.get(f"{IMPORTS}/<int:import_id>")
@needs(SEE_PEOPLE)
def preview_import(import_id: int) -> ResponseReturnValue:
    """Show what importing would do, or how far it is."""
    return _preview(import_id, forms.Form())


@views.post(f"{IMPORTS}/<int:import_id>/columns")
@needs(KEEP_PEOPLE)
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Keep what the office says a sheet's columns hold."""

    def act(values: dict[str, Any]) -> None:
        columns = tuple(values["columns"])
        write(importing.choose_columns, the_actor(), import_id, values["sheet"], columns)

    def done(_result: None) -> ResponseReturnValue:
        return redirect(url_for("identity.preview_import", import_id=import_id), 303)

    return forms.submit(ColumnsForm(), act, lambda form: _preview(import_id, form), done)


@views.get(f"{IMPORTS}/<int:import_id>/marked.xlsx")
@needs(SEE_PEOPLE)
def marked_import(import_id: int) -> ResponseReturnValue:
    """Give the file back with its mistakes marked in the cells."""
    session = db.session
    view = queries.get_import(session, community.id, import_id)
    found = queries.preview_import(session, community.id, import_id)
    name = gettext("%(name)s（已标出问题）.xlsx", name=view.file_name.rsplit(".", 1)[0])
    return send_file(name, found.understanding.marked(found.comparison.problems), MEDIA_TYPE)


@views.post(f"{IMPORTS}/<int:import_id>/start")
@needs(KEEP_PEOPLE)
def start_import(import_id: int) -> ResponseReturnValue:
    """Import the rows without mistakes."""
    write(importing.start_import, the_actor(), import_id, request_key=forms.request_key())
    return redirect(url_for("identity.preview_import", import_id=import_id), 303)


@views.post(f"{IMPORTS}/<int:import_id>/withdraw")
@needs(KEEP_PEOPLE)
def withdraw_import(import_id: int) -> ResponseReturnValue:
    """Give the import up; nothing was changed."""
    write(importing.withdraw_import, the_actor(), import_id, request_key=forms.request_key())
    flash(gettext("这次导入已放弃，什么都没有改变。"))
    return redirect(url_for("identity.imports"), 303)
