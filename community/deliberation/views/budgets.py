"""Participatory budgets as files: count an uploaded one, draft a vote from it, export one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.errors.budget_files import BudgetFileMissing, BudgetUncountable
from community.deliberation.queries.budget_files import pb_of
from community.deliberation.schemas.budgets import BudgetFileForm, draft_of, take_in_budget
from community.deliberation.service import polls as service
from community.deliberation.tallies import BadCount, BudgetRule, Completion
from community.deliberation.tallies.pabulib import PbFile
from community.deliberation.tallies.pb_counting import Counted, amount_text, count_pb
from community.deliberation.views.blueprint import views
from community.deliberation.views.poll_settings import WORDS
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.sheets import send_file
from community.web.stored_files import read_upload


@dataclass(frozen=True, slots=True)
class FileLine:
    """A project of an uploaded file, its cost in the file's own unit."""

    name: str
    cost: int | str
    votes: int
    is_bought: bool


@views.get("/desk/polls/budget-file")
@needs(permissions.CONVENE)
def budget_file() -> str:
    """Ask for a `.pb` file."""
    return _page(forms.Form())


@views.post("/desk/polls/budget-file")
@needs(permissions.CONVENE)
def read_budget_file() -> ResponseReturnValue:
    """Count an uploaded election and show what it buys, or make a draft of its projects."""
    is_draft = request.form.get("act") == "draft"

    def act(values: dict[str, Any]) -> str | int:
        sent = read_upload("file")
        if sent is None or not sent.content:
            raise BudgetFileMissing
        file = take_in_budget(sent.content)
        if is_draft:
            draft = draft_of(file, sent.name)
            made: int = kernel_db.write(
                service.draft_poll, the_actor(), draft, request_key=forms.request_key()
            )
            return made
        chosen = {"rule": values["rule"].value, "completion": values["completion"].value}
        try:
            counted = count_pb(file, chosen)
        except BadCount as problem:
            raise BudgetUncountable from problem
        return _page(forms.Form(dict(request.form)), counted, _lines(file, counted), sent.name)

    def done(made: str | int) -> ResponseReturnValue:
        if isinstance(made, str):
            return made
        flash(gettext("已存为草稿。请看看规则，再公示名册。"))
        return redirect(url_for("deliberation.desk_poll", poll_id=made), 303)

    return forms.submit(BudgetFileForm(), act, _page, done)


@views.get("/polls/<int:poll_id>/budget.pb")
@public
def export_budget(poll_id: int) -> Response:
    """Give a decided budget as a `.pb` file, voters without names."""
    text = pb_of(db.session, the_actor(), poll_id, g.community.name)
    return send_file(f"budget-{poll_id}.pb", text.encode(), "text/plain; charset=utf-8")


def _lines(file: PbFile, counted: Counted) -> list[FileLine]:
    votes: dict[int, int] = dict(counted.outcome.as_plain()["facts"]["votes"])
    lines = [
        FileLine(
            name=one.name or one.project_id,
            cost=amount_text(int(one.cost * file.scale), file.scale),
            votes=votes[one.number],
            is_bought=one.number in counted.outcome.winners,
        )
        for one in file.projects
    ]
    return sorted(lines, key=lambda line: (not line.is_bought, -line.votes))


def _page(
    form: forms.Form,
    counted: Counted | None = None,
    lines: Sequence[FileLine] = (),
    name: str = "",
) -> str:
    return render_template(
        "deliberation/budget_file.html",
        form=form,
        rules=[(word.value, gettext(WORDS[word.value])) for word in BudgetRule],
        completions=[(word.value, gettext(WORDS[word.value])) for word in Completion],
        counted=counted,
        lines=lines,
        name=name,
    )
