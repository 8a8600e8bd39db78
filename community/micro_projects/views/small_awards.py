"""Small jobs on a phone: a direct award, or quotes compared, by one project officer."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.queries import award_pages
from community.micro_projects.queries.money import free_money
from community.micro_projects.queries.near import near_of_project
from community.micro_projects.queries.projects import find_project
from community.micro_projects.queries.suppliers import fitting_suppliers
from community.micro_projects.queries.tender_terms import tender_terms
from community.micro_projects.rules.awards import CHOSEN_GROUNDS, GROUND_TITLES
from community.micro_projects.rules.tenders import TenderMethod
from community.micro_projects.schemas import awards as schemas
from community.micro_projects.service import direct_awards
from community.micro_projects.views.award_words import options
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/projects/<int:project_id>/direct-award")
@needs(permissions.AWARD)
def direct_award(project_id: int) -> str:
    """Show the form of a direct award."""
    return _page(project_id, TenderMethod.DIRECT, forms.Form())


@views.post("/desk/projects/<int:project_id>/direct-award")
@needs(permissions.AWARD)
def award_directly(project_id: int) -> ResponseReturnValue:
    """Give the job to one organisation."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            direct_awards.award_directly,
            the_actor(),
            project_id,
            values["organization_id"],
            values["amount_fen"],
            values["ground"],
            values["reason"],
            values["split_words"],
            request_key=forms.request_key(),
        )
        return made

    return press(
        schemas.DirectForm(),
        act,
        lambda form: _page(project_id, TenderMethod.DIRECT, form),
        gettext("已确定实施单位，钱已预留。可以签合同了。"),
        _award_url,
    )


@views.get("/desk/projects/<int:project_id>/quotation")
@needs(permissions.AWARD)
def quotation(project_id: int) -> str:
    """Show the form of quotes."""
    return _page(project_id, TenderMethod.QUOTATION, forms.Form())


@views.post("/desk/projects/<int:project_id>/quotation")
@needs(permissions.AWARD)
def award_by_quotes(project_id: int) -> ResponseReturnValue:
    """Give the job to the lowest quote."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            direct_awards.award_by_quotes,
            the_actor(),
            project_id,
            values["quotes"],
            values["split_words"],
            request_key=forms.request_key(),
        )
        return made

    return press(
        schemas.QuotesForm(),
        act,
        lambda form: _page(project_id, TenderMethod.QUOTATION, form),
        gettext("已选定报价最低的单位，钱已预留。可以签合同了。"),
        _award_url,
    )


def _award_url(award_id: int) -> str:
    return url_for("micro_projects.award", award_id=award_id)


def _page(project_id: int, method: TenderMethod, form: forms.Form) -> str:
    actor = the_actor()
    here, today = actor.community_id, clock.today()
    project = find_project(db.session, here, project_id)
    firms = fitting_suppliers(db.session, here, project.kind.value, today)
    is_direct = method is TenderMethod.DIRECT
    return render_template(
        "micro_projects/direct_award.html" if is_direct else "micro_projects/quotation.html",
        project=project,
        form=form,
        firms=[(each.organization_id, each.name) for each in firms],
        chosen=request.args.get("firm", ""),
        terms=tender_terms(db.session, here, project.kind.value, today).get(method),
        free=free_money(db.session, here, project_id),
        near=near_of_project(db.session, actor, project_id),
        standing=award_pages.last_award(db.session, actor, project_id),
        grounds=options({each: GROUND_TITLES[each] for each in CHOSEN_GROUNDS}),
        lines=range(1, schemas.MOST_QUOTES + 1),
    )
