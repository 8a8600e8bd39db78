"""The desk's page of dated rules: methods with their limits, panels, notices and complaints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.queries.award_terms import award_rule_sets, award_terms
from community.micro_projects.queries.tender_terms import tender_rule_sets, tender_terms
from community.micro_projects.rules.projects import KIND_TITLES, ProjectKind
from community.micro_projects.rules.tenders import METHOD_TITLES, UNCONFIRMED_TITLES, TenderMethod
from community.micro_projects.schemas import tenders as schemas
from community.micro_projects.schemas.award_rules import AwardRulesForm
from community.micro_projects.service import award_rules, tender_rules
from community.micro_projects.views.award_words import options
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.pressing import press
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/tenders/rules")
@needs(permissions.READ)
def desk_tender_rules() -> str:
    """Show what holds for tenders and awards today, and every rule set that was set."""
    return _rules(forms.Form())


@views.post("/desk/tenders/rules")
@needs(permissions.SET_TENDER_RULES)
def set_tender_rules() -> ResponseReturnValue:
    """Set what holds for a method and a kind from a day on."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return kernel_db.write(
            tender_rules.set_tender_rules, the_actor(), values["terms"], request_key=key
        )

    return press(schemas.RulesForm(), act, _rules, gettext("已保存。"), _after)


@views.post("/desk/tenders/rules/awards")
@needs(permissions.SET_TENDER_RULES)
def set_award_rules() -> ResponseReturnValue:
    """Set what holds for panels, low prices and notices from a day on."""

    def act(values: dict[str, Any]) -> Any:
        key = forms.request_key()
        return kernel_db.write(
            award_rules.set_award_rules, the_actor(), values["terms"], request_key=key
        )

    return press(AwardRulesForm(), act, _rules, gettext("已保存。"), _after)


def _after(_: Any) -> str:
    return url_for("micro_projects.desk_tender_rules")


def _rules(form: forms.Form) -> str:
    actor, today = the_actor(), clock.today()
    here = actor.community_id
    in_force = {kind: tender_terms(db.session, here, kind.value, today) for kind in ProjectKind}
    method, kind = _asked()
    return render_template(
        "micro_projects/desk_tender_rules.html",
        form=form,
        present=award_terms(db.session, here, today),
        award_sets=award_rule_sets(db.session, here)[::-1],
        in_force=in_force,
        tender_sets=tender_rule_sets(db.session, here)[::-1],
        chosen=in_force[kind][method],
        is_chosen="method" in request.args,
        methods=options(METHOD_TITLES),
        kinds=options(KIND_TITLES),
        unconfirmed=options(UNCONFIRMED_TITLES),
        today=today,
        tomorrow=today + timedelta(days=1),
        may_set=actor.may(permissions.SET_TENDER_RULES.code),
    )


def _asked() -> tuple[TenderMethod, ProjectKind]:
    """Tell which method and kind the form begins with."""
    method, kind = request.args.get("method", ""), request.args.get("kind", "")
    return (
        TenderMethod(method) if method in set(TenderMethod) else TenderMethod.NEGOTIATED,
        ProjectKind(kind) if kind in set(ProjectKind) else ProjectKind.SERVICE,
    )
