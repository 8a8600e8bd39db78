"""The desk's pages of money: the reward budget, its payers, and the merchants' settlement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.kernel import clock
from community.kernel import db as kernel_db
from community.rewards import permissions, schemas
from community.rewards.queries import budget as queries
from community.rewards.queries import settlements as settlement_queries
from community.rewards.rules.settlements import SheetState
from community.rewards.service import budget as service
from community.rewards.service import settlements as settlement_service
from community.rewards.views.blueprint import views
from community.rewards.views.sheets import send_sheet
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/rewards")
@needs(permissions.READ)
def budget() -> ResponseReturnValue:
    """Show points outstanding, what they cost, what is left, and what merchants get."""
    return _budget(forms.Form())


@views.get("/desk/rewards/entries")
@needs(permissions.READ)
def budget_entries() -> ResponseReturnValue:
    """Show what the year's total is made of."""
    year = _year()
    page = queries.budget_statement(db.session, the_actor(), year, request.args.get("after"))
    return render_template(
        "rewards/budget_entries.html",
        year=year,
        page=page,
        pager={"has_next": page.next_cursor is not None, "next_cursor": page.next_cursor},
    )


@views.post("/desk/rewards/payers")
@needs(permissions.BUDGET)
def add_payer() -> ResponseReturnValue:
    """Name a payer."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.add_payer, the_actor(), values["name"], request_key=key)

    return _on_budget(schemas.PayerForm(), act, gettext("出资方已加入。"))


@views.post("/desk/rewards/fund")
@needs(permissions.BUDGET)
def fund_budget() -> ResponseReturnValue:
    """Put money in."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.fund_budget,
            the_actor(),
            values["payer_id"],
            values["year"],
            values["amount_fen"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _on_budget(schemas.FundForm(), act, gettext("经费已登记。"))


@views.post("/desk/rewards/return")
@needs(permissions.BUDGET)
def return_budget() -> ResponseReturnValue:
    """Give unused money back."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.return_budget,
            the_actor(),
            values["payer_id"],
            values["year"],
            values["amount_fen"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _on_budget(schemas.FundForm(), act, gettext("退回已登记。"))


@views.get("/desk/rewards/settlements")
@needs(permissions.READ)
def settlements() -> ResponseReturnValue:
    """Show months to settle and sheets to pay, those first."""
    return _settlements(forms.Form())


@views.post("/desk/rewards/settlements")
@needs(permissions.BUDGET)
def make_sheet() -> ResponseReturnValue:
    """Make a merchant's settlement sheet."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            settlement_service.make_sheet,
            the_actor(),
            values["merchant_id"],
            values["month"],
            request_key=forms.request_key(),
        )
        return made

    return forms.submit(
        schemas.SheetForm(),
        act,
        _settlements,
        lambda made: _told(gettext("结算单已做好，请打印、签字后付款。"), made),
    )


@views.get("/desk/rewards/settlements/<int:sheet_id>")
@needs(permissions.READ)
def sheet(sheet_id: int) -> ResponseReturnValue:
    """Show a settlement sheet."""
    return _sheet(sheet_id, forms.Form())


@views.get("/desk/rewards/settlements/<int:sheet_id>.xlsx")
@needs(permissions.READ)
def sheet_file(sheet_id: int) -> ResponseReturnValue:
    """Give a settlement sheet as a workbook."""
    return send_sheet(settlement_queries.get_sheet(db.session, the_actor(), sheet_id))


@views.post("/desk/rewards/settlements/<int:sheet_id>/pay")
@needs(permissions.BUDGET)
def pay_sheet(sheet_id: int) -> ResponseReturnValue:
    """Record a payment."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            settlement_service.pay_sheet,
            the_actor(),
            sheet_id,
            values["reference"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.PayForm(),
        act,
        lambda form: _sheet(sheet_id, form),
        lambda _: _told(gettext("付款已登记。"), sheet_id),
    )


@views.post("/desk/rewards/settlements/<int:sheet_id>/withdraw")
@needs(permissions.BUDGET)
def withdraw_sheet(sheet_id: int) -> ResponseReturnValue:
    """Withdraw an unpaid sheet."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(settlement_service.withdraw_sheet, the_actor(), sheet_id, request_key=key)

    return forms.submit(
        schemas.ReasonForm(),
        act,
        lambda form: _sheet(sheet_id, form),
        lambda _: _told(gettext("结算单已撤回，里面的兑换等下次结算。"), sheet_id),
    )


def _budget(form: forms.Form) -> str:
    return render_template(
        "rewards/budget.html",
        form=form,
        budget=queries.reward_budget(db.session, the_actor(), _year()),
        this_year=clock.today().year,
    )


def _on_budget(
    schema: Schema, act: Callable[[dict[str, Any]], None], told: str
) -> ResponseReturnValue:
    def done(_: None) -> ResponseReturnValue:
        flash(told)
        return redirect(url_for("rewards.budget"), 303)

    return forms.submit(schema, act, _budget, done)


def _year() -> int:
    asked = request.args.get("year", "")
    is_year = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if is_year else clock.today().year


def _settlements(form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "rewards/settlements.html",
        form=form,
        waiting=settlement_queries.months_waiting(db.session, actor),
        sheets=settlement_queries.sheets(db.session, actor),
    )


def _sheet(sheet_id: int, form: forms.Form) -> str:
    found = settlement_queries.get_sheet(db.session, the_actor(), sheet_id)
    return render_template("rewards/sheet.html", form=form, page=found, states=SheetState)


def _told(sentence: str, sheet_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("rewards.sheet", sheet_id=sheet_id), 303)
