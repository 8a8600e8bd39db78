"""Pages of sharing a surplus: the desk asks, everybody sees what was shared."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import surplus as queries
from community.trust_property.schemas import surplus as schemas
from community.trust_property.service import surplus as service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db

PAGE = "trust_property.desk_surplus"


@views.get("/desk/fund/<int:fund_id>/surplus")
@needs(permissions.READ)
def desk_surplus(fund_id: int) -> ResponseReturnValue:
    """Show what may be shared and what was."""
    return _surplus(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/surplus")
@needs(permissions.PREPARE)
def propose_surplus(fund_id: int) -> ResponseReturnValue:
    """Put a surplus to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.propose_surplus,
            the_actor(),
            fund_id,
            values["year"],
            values["amount_fen"],
            values["vote_reference"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    told = gettext("已提交业委会批准。批准后按面积记入各户预缴。")
    again = lambda form: _surplus(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(
        schemas.SurplusForm(), act, again, told, PAGE, fund_id=fund_id
    )
    return answer


@views.get("/fund/<int:fund_id>/surplus")
@public
def public_surplus(fund_id: int) -> ResponseReturnValue:
    """Show everybody what was shared and by which decision, no unit named."""
    actor = the_actor()
    return render_template(
        "trust_property/public_surplus.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        shared=queries.shared_surpluses(db.session, actor, fund_id),
    )


def _surplus(fund_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    found = queries.surpluses(session, actor, fund_id)
    return render_template(
        "trust_property/surplus.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        free=queries.free_money(session, actor, fund_id),
        surpluses=[(each, queries.shares_of(session, actor, fund_id, each.id)) for each in found],
        tag=pieces.matter_tag,
        last_year=clock.today().year - 1,
    )
