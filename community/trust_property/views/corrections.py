"""The desk's page of correcting what a closed period booked in the wrong place."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.kernel.errors import Refusal
from community.trust_property import permissions
from community.trust_property.queries import corrections as queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.schemas import corrections as schemas
from community.trust_property.service import corrections as service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.errors import sentence_of
from community.web.extensions import db

LIST = "/desk/fund/<int:fund_id>/corrections"
PAGE = "trust_property.desk_corrections"


@views.get(LIST)
@needs(permissions.READ)
def desk_corrections(fund_id: int) -> ResponseReturnValue:
    """Show corrections, and what one asked about."""
    return _corrections(fund_id, forms.Form())


@views.post(LIST)
@needs(permissions.PREPARE)
def propose_correction(fund_id: int) -> ResponseReturnValue:
    """Ask the committee for a correction."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.propose_correction,
            the_actor(),
            fund_id,
            values["named"],
            values["to_account_id"],
            values["amount_fen"],
            values["reason"],
            request_key=forms.request_key(),
        )

    told = gettext("更正已提交业委会批准。批准后记在当天，原账不动。")
    again = lambda form: _corrections(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(
        schemas.EntryCorrectionForm(), act, again, told, PAGE, fund_id=fund_id
    )
    return answer


def _named() -> str:
    given = {"named": request.values.get("named", "")}
    form = schemas.NamedForm()
    return "" if form.validate(given) else str(form.load(given)["named"])


def _corrections(fund_id: int, form: forms.Form) -> str:
    actor, session, named = the_actor(), db.session, _named()
    found, refusal = None, ""
    if named:
        try:
            found = queries.get_corrected(session, actor, fund_id, named)
        except Refusal as refused:
            refusal = sentence_of(refused)
    return render_template(
        "trust_property/corrections.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        corrections=queries.corrections(session, actor, fund_id),
        accounts=queries.correction_accounts(session, actor, fund_id),
        found=found,
        refusal=refusal,
        named=named,
        tag=pieces.matter_tag,
    )
