"""From costing to approval at the desk: quotes, budget, vote, notice, and the street's answer."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock, files
from community.kernel.db import write
from community.micro_projects import permissions
from community.micro_projects.queries import deciding, desk
from community.micro_projects.queries import terms as term_queries
from community.micro_projects.rules.terms import PRESETS
from community.micro_projects.schemas import projects as schemas
from community.micro_projects.service import costing, quotas, reviewing, terms, voting
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.project_desk import press_at_desk
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.stored_files import read_upload


@views.post("/desk/projects/<int:project_id>/quotes")
@needs(permissions.RUN)
def add_quote(project_id: int) -> ResponseReturnValue:
    """Keep a firm's price with its paper."""

    def act(values: dict[str, Any]) -> Any:
        sent = read_upload("paper")
        paper = None if sent is None else files.take_in(sent)
        given = (project_id, values["firm"], values["amount_fen"], paper)
        return write(costing.add_quote, the_actor(), *given, request_key=forms.request_key())

    return press_at_desk(project_id, schemas.QuoteForm(), act, gettext("报价已登记。"))


@views.post("/desk/projects/<int:project_id>/costing")
@needs(permissions.RUN)
def cost_project(project_id: int) -> ResponseReturnValue:
    """Write the budget."""

    def act(values: dict[str, Any]) -> Any:
        given = (
            project_id, values["lines"], values["cofunding_fen"], values["matched_fen"],
            values["words"],
        )  # fmt: skip
        return write(costing.cost_project, the_actor(), *given, request_key=forms.request_key())

    return press_at_desk(project_id, schemas.CostingForm(), act, gettext("预算已保存并公开。"))


@views.post("/desk/projects/<int:project_id>/vote")
@needs(permissions.RUN)
def ask_vote(project_id: int) -> ResponseReturnValue:
    """Ask the council to vote."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(voting.ask_vote, the_actor(), project_id, request_key=key)

    done = gettext("已提请表决。表决草稿在“表决”里，请张贴名册后冻结并开始。")
    return press_at_desk(project_id, schemas.Nothing(), act, done)


@views.post("/desk/projects/<int:project_id>/vote/recall")
@needs(permissions.RUN)
def recall_vote(project_id: int) -> ResponseReturnValue:
    """Take a project back from the vote."""

    def act(values: dict[str, Any]) -> Any:
        given = (project_id, values["reason"])
        return write(voting.recall_vote, the_actor(), *given, request_key=forms.request_key())

    done = gettext("已收回重新测算，表决已撤回。")
    return press_at_desk(project_id, schemas.ReasonForm(), act, done)


@views.post("/desk/projects/<int:project_id>/notice")
@needs(permissions.RUN)
def close_notice(project_id: int) -> ResponseReturnValue:
    """Go on after the notice."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(voting.close_notice, the_actor(), project_id, request_key=key)

    return press_at_desk(project_id, schemas.Nothing(), act, gettext("公示已办结。"))


@views.post("/desk/projects/<int:project_id>/review")
@needs(permissions.RUN)
def ask_review(project_id: int) -> ResponseReturnValue:
    """Send a corrected project to the street again."""

    def act(_: dict[str, Any]) -> Any:
        key = forms.request_key()
        return write(reviewing.ask_review, the_actor(), project_id, request_key=key)

    return press_at_desk(project_id, schemas.Nothing(), act, gettext("已报街道审核。"))


@views.post("/desk/projects/<int:project_id>/reviews/<int:review_id>")
@needs(permissions.REVIEW)
def answer_review(project_id: int, review_id: int) -> ResponseReturnValue:
    """Answer for the street, once."""

    def act(values: dict[str, Any]) -> Any:
        given = (review_id, values["outcome"], values["words"])
        return write(reviewing.answer_review, the_actor(), *given, request_key=forms.request_key())

    return press_at_desk(project_id, schemas.ReviewForm(), act, gettext("已答复并公开。"))


@views.get("/desk/projects/reviews")
@needs(permissions.REVIEW)
def street_reviews() -> str:
    """Show what waits for the street in every community it looks after, the most urgent first."""
    person_id = the_actor().person_id or 0
    return render_template(
        "micro_projects/street_reviews.html",
        found=desk.street_reviews(db.session, person_id),
        today=clock.today(),
    )


@views.get("/desk/projects/rules")
@needs(permissions.READ)
def project_rules() -> str:
    """Show the figures in force, the yearly quotas, and the districts' presets."""
    return _rules(forms.Form())


@views.post("/desk/projects/rules")
@needs(permissions.REVIEW)
def adopt_terms() -> ResponseReturnValue:
    """Set the figures from a day on."""

    def act(values: dict[str, Any]) -> Any:
        given = (
            values["locality"], values["basis"], values["valid_from"], values["valid_to"],
            values["terms"],
        )  # fmt: skip
        return write(terms.adopt_terms, the_actor(), *given, request_key=forms.request_key())

    return forms.submit(schemas.TermsForm(), act, _rules, _after_rules)


@views.post("/desk/projects/quota")
@needs(permissions.REVIEW)
def set_quota() -> ResponseReturnValue:
    """Grant a year's quota."""

    def act(values: dict[str, Any]) -> Any:
        given = (values["year"], values["amount_fen"])
        return write(quotas.set_quota, the_actor(), *given, request_key=forms.request_key())

    return forms.submit(schemas.QuotaForm(), act, _rules, _after_rules)


def _after_rules(_: Any) -> ResponseReturnValue:
    flash(gettext("已保存。"))
    return redirect(url_for("micro_projects.project_rules"), 303)


def _rules(form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "micro_projects/project_rules.html",
        form=form,
        present=term_queries.present_rules(db.session, actor),
        rule_sets=term_queries.rule_sets(db.session, actor),
        quotas=deciding.quotas(db.session, actor),
        presets=PRESETS,
        today=clock.today(),
    )
