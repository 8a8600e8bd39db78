"""Pages for everybody, no account needed: budget, spending and rules, without a person's name."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.trust_property.queries import budgets as budget_queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import matters as matter_queries
from community.trust_property.queries import payees as payee_queries
from community.trust_property.queries import policies as policy_queries
from community.trust_property.queries import spending as queries
from community.trust_property.rules.budget import KINDS
from community.trust_property.rules.matters import MatterKind
from community.trust_property.rules.policies import terms_facts
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.budgets import asked_year
from community.web.access import public, the_actor
from community.web.extensions import db


@views.get("/fund/<int:fund_id>/budget")
@public
def public_budget(fund_id: int) -> ResponseReturnValue:
    """Show everybody a year's budget and what became of it."""
    actor, year = the_actor(), asked_year()
    return render_template(
        "trust_property/public_budget.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        year=year,
        years=budget_queries.budget_years(db.session, actor, fund_id),
        standing=budget_queries.budget_standing(db.session, actor, fund_id, year),
        versions=budget_queries.budget_versions(db.session, actor, fund_id, year),
        kinds={kind.value: gettext(title) for kind, title in KINDS.items()},
    )


@views.get("/fund/<int:fund_id>/spending")
@public
def public_spending(fund_id: int) -> ResponseReturnValue:
    """Show everybody every spending request, overdue emergencies first."""
    actor = the_actor()
    return render_template(
        "trust_property/public_spending.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        requests=queries.requests(db.session, actor, fund_id),
        overdue=queries.overdue_emergencies(db.session, actor, fund_id),
        request_tag=pieces.request_tag,
        ratify_word=pieces.ratify_word,
    )


@views.get("/fund/<int:fund_id>/spending/<int:request_id>")
@public
def public_request(fund_id: int, request_id: int) -> ResponseReturnValue:
    """Show everybody one request: its way, its versions, its papers by hash, its payments."""
    actor = the_actor()
    found = queries.get_request(db.session, actor, fund_id, request_id)
    kind = MatterKind.RATIFY if found.is_emergency else MatterKind.SPEND
    return render_template(
        "trust_property/public_request.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        request_=found,
        tag=pieces.request_tag(found.state),
        ratified=pieces.ratify_word(found.ratification),
        stations=pieces.request_steps(found.state),
        versions=queries.request_versions(db.session, actor, fund_id, request_id),
        papers=queries.request_papers(db.session, actor, fund_id, request_id),
        payments=queries.payments_of(db.session, actor, fund_id, request_id),
        matters=matter_queries.matters_of(db.session, actor, fund_id, kind, request_id),
        matter_tag=pieces.matter_tag,
        payee=payee_queries.get_payee(db.session, actor, fund_id, found.payee_id),
    )


@views.get("/fund/<int:fund_id>/rules")
@public
def public_rules(fund_id: int) -> ResponseReturnValue:
    """Show everybody the rules owners voted for, every version."""
    versions = policy_queries.rule_versions(db.session, the_actor(), fund_id)
    return render_template(
        "trust_property/public_rules.html",
        fund=fund_queries.get_fund(db.session, the_actor(), fund_id),
        versions=[
            (each, terms_facts(None, each.terms, each.valid_from, each.reference))
            for each in versions
        ],
    )
