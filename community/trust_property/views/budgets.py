"""The desk's pages of budgets and of the trustee's remuneration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import budget_votes as vote_queries
from community.trust_property.queries import budgets as queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import keys as key_queries
from community.trust_property.queries import policies as policy_queries
from community.trust_property.queries import remunerations as remuneration_queries
from community.trust_property.rules.budget import KINDS, write_lines
from community.trust_property.rules.budget_votes import STATES, VoteState
from community.trust_property.rules.fund import remuneration_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.schemas import spending as schemas
from community.trust_property.service import budget_votes as vote_service
from community.trust_property.service import budgets as service
from community.trust_property.service import payments as payment_service
from community.trust_property.service import remunerations as remuneration_service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/fund/<int:fund_id>/budget")
@needs(permissions.READ)
def budget(fund_id: int) -> ResponseReturnValue:
    """Show a year's budget: voted, held, spent and free per line."""
    return _budget(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/budget")
@needs(permissions.PREPARE)
def propose_budget(fund_id: int) -> ResponseReturnValue:
    """Put a year's budget to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.propose_budget,
            the_actor(),
            fund_id,
            values["year"],
            values["lines"],
            values["reference"],
            values["decided_on"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    told = gettext("预算已提交业委会。批准之前，现在的预算继续有效。")
    return _posted(fund_id, schemas.BudgetForm(), act, told)


@views.post("/desk/fund/<int:fund_id>/budget/interim")
@needs(permissions.PREPARE)
def open_interim(fund_id: int) -> ResponseReturnValue:
    """Let the voted share of last year's lines apply."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.open_interim, the_actor(), fund_id, values["year"], request_key=key)

    return _posted(fund_id, schemas.YearForm(), act, gettext("过渡预算已启用。"))


@views.post("/desk/fund/<int:fund_id>/budget/vote")
@needs(permissions.PREPARE)
def ask_budget_vote(fund_id: int) -> ResponseReturnValue:
    """Ask that the owners vote on a budget."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            vote_service.ask_budget_vote,
            the_actor(),
            fund_id,
            values["year"],
            values["lines"],
            request_key=forms.request_key(),
        )

    told = gettext("表决草案已放到议事工作台。由居委会或业委会补全、公示名册，再开始表决。")
    return _posted(fund_id, schemas.BudgetVoteForm(), act, told)


@views.post("/desk/fund/<int:fund_id>/budget/vote/<int:vote_id>/propose")
@needs(permissions.PREPARE)
def propose_voted_budget(fund_id: int, vote_id: int) -> ResponseReturnValue:
    """Put a budget that the owners passed to the committee."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            vote_service.propose_voted_budget, the_actor(), fund_id, vote_id, request_key=key
        )

    told = gettext("预算已提交业委会。批准之前，现在的预算继续有效。")
    return _posted(fund_id, schemas.YearForm(), act, told)


@views.post("/desk/fund/<int:fund_id>/budget/vote/<int:vote_id>/withdraw")
@needs(permissions.PREPARE)
def withdraw_budget_vote(fund_id: int, vote_id: int) -> ResponseReturnValue:
    """Take a budget back before the owners decided."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            vote_service.withdraw_budget_vote, the_actor(), fund_id, vote_id, request_key=key
        )

    told = gettext("已撤回。议事工作台里的表决草案也请撤回。")
    return _posted(fund_id, schemas.YearForm(), act, told)


@views.get("/desk/fund/<int:fund_id>/remuneration")
@needs(permissions.READ)
def remuneration(fund_id: int) -> ResponseReturnValue:
    """Show the trustee's remuneration by month."""
    return _remuneration(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/remuneration")
@needs(permissions.PREPARE)
def reckon_remuneration(fund_id: int) -> ResponseReturnValue:
    """Reckon a month."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            remuneration_service.reckon_remuneration,
            the_actor(),
            fund_id,
            values["month"],
            request_key=forms.request_key(),
        )

    return _posted_pay(fund_id, schemas.MonthForm(), act, gettext("酬金已算好，等业委会批准。"))


@views.post("/desk/fund/<int:fund_id>/remuneration/<int:remuneration_id>/pay")
@needs(permissions.PREPARE)
def pay_remuneration(fund_id: int, remuneration_id: int) -> ResponseReturnValue:
    """Record that a remuneration was paid out."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payment_service.pay_remuneration,
            the_actor(),
            fund_id,
            remuneration_id,
            values["draft"],
            request_key=forms.request_key(),
        )

    return _posted_pay(fund_id, schemas.PaymentForm(), act, gettext("付款已登记。"))


def _posted(fund_id: int, schema: Any, act: pieces.Act, told: str) -> ResponseReturnValue:
    answer: ResponseReturnValue = pieces.post(
        schema,
        act,
        lambda form: _budget(fund_id, form),
        told,
        "trust_property.budget",
        fund_id=fund_id,
    )
    return answer


def _posted_pay(fund_id: int, schema: Any, act: pieces.Act, told: str) -> ResponseReturnValue:
    answer: ResponseReturnValue = pieces.post(
        schema,
        act,
        lambda form: _remuneration(fund_id, form),
        told,
        "trust_property.remuneration",
        fund_id=fund_id,
    )
    return answer


def asked_year() -> int:
    """Give the year in the address, this one when it is none."""
    asked = forms.asked_number("year")
    return asked if asked is not None and 2000 <= asked <= 2200 else clock.today().year


def _budget(fund_id: int, form: forms.Form) -> str:
    actor, year = the_actor(), asked_year()
    standing = queries.budget_standing(db.session, actor, fund_id, year)
    return render_template(
        "trust_property/budget.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        year=year,
        this_year=clock.today().year,
        standing=standing,
        versions=queries.budget_versions(db.session, actor, fund_id, year),
        votes=vote_queries.budget_votes(db.session, actor, fund_id, year),
        vote_tag=_vote_tag,
        kinds={kind.value: gettext(title) for kind, title in KINDS.items()},
        typed_lines="" if standing is None else write_lines(standing.budget.lines),
        has_key=key_queries.find_key(db.session, actor, fund_id) is KeySide.TRUSTEE,
        today=clock.today(),
    )


def _vote_tag(state: VoteState) -> tuple[str, str]:
    """Tell what became of a vote in a word, and the kind of its tag."""
    kinds = {VoteState.WANTED: "amber", VoteState.PASSED: "done", VoteState.WITHDRAWN: "plain"}
    return gettext(STATES[state]), kinds.get(state, "red")


def _remuneration(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    fund = fund_queries.get_fund(db.session, actor, fund_id)
    last_month = clock.today().replace(day=1) - timedelta(days=1)
    path = remuneration_path(clock.today().year)
    return render_template(
        "trust_property/remuneration.html",
        form=form,
        fund=fund,
        months=remuneration_queries.remunerations(db.session, actor, fund_id),
        use=queries.use_of(db.session, actor, fund, path),
        terms=policy_queries.find_terms(db.session, actor.community_id, fund_id),
        bases=dict(pieces.basis_options()),
        accounts=fund_queries.bank_accounts(db.session, actor, fund_id),
        matter_tag=pieces.matter_tag,
        last_month=f"{last_month:%Y-%m}",
        has_key=key_queries.find_key(db.session, actor, fund_id) is KeySide.TRUSTEE,
        today=clock.today(),
    )
