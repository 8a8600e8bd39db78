"""The desk's pages of budgets, spending requests, payments and remuneration."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import budgets as budget_queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import keys as key_queries
from community.trust_property.queries import matters as matter_queries
from community.trust_property.queries import payees as payee_queries
from community.trust_property.queries import policies as policy_queries
from community.trust_property.queries import spending as queries
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterKind
from community.trust_property.rules.spending import EDITABLE, RequestState
from community.trust_property.schemas import spending as schemas
from community.trust_property.service import emergencies as emergency_service
from community.trust_property.service import payments as payment_service
from community.trust_property.service import spending as service
from community.trust_property.service.spending import RequestDraft
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/fund/<int:fund_id>/spending")
@needs(permissions.READ)
def spending(fund_id: int) -> ResponseReturnValue:
    """List spending requests; the firm asks here."""
    return _spending(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/spending")
@needs(permissions.PREPARE)
def ask_spending(fund_id: int) -> ResponseReturnValue:
    """Ask for money."""

    def act(values: dict[str, Any]) -> int:
        key, draft = forms.request_key(), _draft(values)
        made: int = kernel_db.write(
            service.ask_spending, the_actor(), fund_id, draft, request_key=key
        )
        return made

    return _asked(fund_id, act, gettext("申请已提出，钱已在科目里冻结。"))


@views.post("/desk/fund/<int:fund_id>/emergencies")
@needs(permissions.PREPARE)
def spend_emergency(fund_id: int) -> ResponseReturnValue:
    """Spend in an emergency."""

    def act(values: dict[str, Any]) -> int:
        key, draft = forms.request_key(), _draft(values)
        made: int = kernel_db.write(
            emergency_service.spend_emergency, the_actor(), fund_id, draft, request_key=key
        )
        return made

    return _asked(fund_id, act, gettext("紧急支出已登记，等业委会追认。"))


@views.get("/desk/fund/<int:fund_id>/spending/<int:request_id>")
@needs(permissions.READ)
def spending_request(fund_id: int, request_id: int) -> ResponseReturnValue:
    """Show a request with its steps, versions, papers and payments."""
    return _request(fund_id, request_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/spending/<int:request_id>/edit")
@needs(permissions.PREPARE)
def edit_spending(fund_id: int, request_id: int) -> ResponseReturnValue:
    """Ask for something else instead."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.edit_spending,
            the_actor(),
            fund_id,
            request_id,
            _draft(values),
            request_key=forms.request_key(),
        )

    told = gettext("已修改。原来的批准作废，须重新批准。")
    return _posted(fund_id, request_id, schemas.RequestForm(), act, told)


@views.post("/desk/fund/<int:fund_id>/spending/<int:request_id>/withdraw")
@needs(permissions.PREPARE)
def withdraw_spending(fund_id: int, request_id: int) -> ResponseReturnValue:
    """Withdraw a request."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.withdraw_spending,
            the_actor(),
            fund_id,
            request_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    told = gettext("已撤回，冻结的钱已放回科目。")
    return _posted(fund_id, request_id, schemas.ReasonForm(), act, told)


@views.post("/desk/fund/<int:fund_id>/spending/<int:request_id>/pay")
@needs(permissions.PREPARE)
def pay_request(fund_id: int, request_id: int) -> ResponseReturnValue:
    """Record a payment."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payment_service.pay_request,
            the_actor(),
            fund_id,
            request_id,
            values["draft"],
            request_key=forms.request_key(),
        )

    told = gettext("付款已登记，等银行流水对上。")
    return _posted(fund_id, request_id, schemas.PaymentForm(), act, told)


@views.post("/desk/fund/<int:fund_id>/spending/<int:request_id>/payments/<int:payment_id>/return")
@needs(permissions.PREPARE)
def return_payment(fund_id: int, request_id: int, payment_id: int) -> ResponseReturnValue:
    """Record that the bank sent a payment back."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payment_service.return_payment,
            the_actor(),
            fund_id,
            payment_id,
            values["returned_on"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return _posted(fund_id, request_id, schemas.ReturnForm(), act, gettext("退票已登记。"))


def _draft(values: dict[str, Any]) -> RequestDraft:
    draft = RequestDraft(**values)
    return replace(draft, quotes=taken("quotes"), vouchers=taken("vouchers"))


def _asked(fund_id: int, act: pieces.Act, told: str) -> ResponseReturnValue:
    def done(made: int) -> ResponseReturnValue:
        flash(told)
        where = url_for("trust_property.spending_request", fund_id=fund_id, request_id=made)
        return redirect(where, 303)

    return forms.submit(schemas.RequestForm(), act, lambda form: _spending(fund_id, form), done)


def _posted(
    fund_id: int, request_id: int, schema: Any, act: pieces.Act, told: str
) -> ResponseReturnValue:
    answer: ResponseReturnValue = pieces.post(
        schema,
        act,
        lambda form: _request(fund_id, request_id, form),
        told,
        "trust_property.spending_request",
        fund_id=fund_id,
        request_id=request_id,
    )
    return answer


def _choices(fund_id: int) -> dict[str, Any]:
    """Give what a request's form chooses from: this year's lines and the payees."""
    actor = the_actor()
    standing = budget_queries.budget_standing(db.session, actor, fund_id, clock.today().year)
    return {
        "standing": standing,
        "debts": queries.taken_over_debts(db.session, actor, fund_id),
        "payees": payee_queries.payees(db.session, actor, fund_id),
        "terms": policy_queries.find_terms(db.session, actor.community_id, fund_id),
        "has_key": key_queries.find_key(db.session, actor, fund_id) is KeySide.TRUSTEE,
    }


def _spending(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "trust_property/spending.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        requests=queries.requests(db.session, actor, fund_id),
        overdue=queries.overdue_emergencies(db.session, actor, fund_id),
        request_tag=pieces.request_tag,
        ratify_word=pieces.ratify_word,
        **_choices(fund_id),
    )


def _request(fund_id: int, request_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_request(db.session, actor, fund_id, request_id)
    kind = MatterKind.RATIFY if found.is_emergency else MatterKind.SPEND
    return render_template(
        "trust_property/spending_request.html",
        form=form,
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
        accounts=fund_queries.bank_accounts(db.session, actor, fund_id),
        is_editable=found.state in EDITABLE and not found.is_emergency,
        is_payable=found.state is RequestState.APPROVED,
        today=clock.today(),
        **_choices(fund_id),
    )
