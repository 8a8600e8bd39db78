"""The desk's pages of deposits, collections for others, and the cash box; sums for everybody."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import held_money as queries
from community.trust_property.queries.estate import fund_units
from community.trust_property.rules.held_money import DEPOSIT_TITLES
from community.trust_property.schemas import opening as schemas
from community.trust_property.service import agencies, cash_box, deposits
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.fields import Shape

FUND = "/desk/fund/<int:fund_id>"
PAGE = "trust_property.desk_held_money"
DEPOSIT = f"{FUND}/deposits/<int:deposit_id>"
AGENCY = f"{FUND}/agencies/<int:agency_id>"


@views.get(f"{FUND}/held")
@needs(permissions.READ)
def desk_held_money(fund_id: int) -> ResponseReturnValue:
    """Show deposits, collections and the cash box."""
    return _held(fund_id, forms.Form())


@views.get("/fund/<int:fund_id>/held")
@public
def public_held_money(fund_id: int) -> ResponseReturnValue:
    """Show what is held for others in sums, apart from the fund's own money."""
    actor = the_actor()
    return render_template(
        "trust_property/public_held_money.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        held=queries.held_totals(db.session, actor, fund_id),
    )


@views.post(f"{FUND}/deposits")
@needs(permissions.PREPARE)
def take_deposit(fund_id: int) -> ResponseReturnValue:
    """Take a deposit."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            deposits.take_deposit,
            the_actor(),
            fund_id,
            values["unit_id"],
            values["label"],
            values["amount_fen"],
            values["payer"],
            values["way"],
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.DepositForm(), act, gettext("押金已登记。"))


@views.get(f"{DEPOSIT}/receipt")
@needs(permissions.READ)
def deposit_receipt(fund_id: int, deposit_id: int) -> ResponseReturnValue:
    """Show a deposit's receipt to print."""
    actor = the_actor()
    return render_template(
        "trust_property/deposit_receipt.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        deposit=queries.get_deposit_receipt(db.session, actor, fund_id, deposit_id),
    )


@views.post(f"{DEPOSIT}/return")
@needs(permissions.PREPARE)
def return_deposit(fund_id: int, deposit_id: int) -> ResponseReturnValue:
    """Give a deposit back."""

    def act(values: dict[str, Any]) -> None:
        way, key = values["way"], forms.request_key()
        kernel_db.write(
            deposits.return_deposit, the_actor(), fund_id, deposit_id, way, request_key=key
        )

    return _post(fund_id, schemas.WayForm(), act, gettext("押金已退还。"))


@views.post(f"{DEPOSIT}/forfeit")
@needs(permissions.PREPARE)
def propose_forfeit(fund_id: int, deposit_id: int) -> ResponseReturnValue:
    """Ask the committee that a deposit is kept."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            deposits.propose_forfeit,
            the_actor(),
            fund_id,
            deposit_id,
            values["reason"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.ForfeitForm(), act, gettext("已提交业委会决定。"))


@views.post(f"{FUND}/agencies")
@needs(permissions.PREPARE)
def add_agency(fund_id: int) -> ResponseReturnValue:
    """Begin a collection for somebody else."""

    def act(values: dict[str, Any]) -> None:
        name, key = values["name"], forms.request_key()
        kernel_db.write(agencies.add_agency, the_actor(), fund_id, name, request_key=key)

    return _post(fund_id, schemas.AgencyForm(), act, gettext("代收项目已建立。"))


@views.post(f"{AGENCY}/collect")
@needs(permissions.PREPARE)
def collect_for_others(fund_id: int, agency_id: int) -> ResponseReturnValue:
    """Take in what belongs to somebody else."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            agencies.collect_for_others,
            the_actor(),
            fund_id,
            agency_id,
            values["amount_fen"],
            values["way"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.MoveForm(), act, gettext("代收已登记。"))


@views.post(f"{AGENCY}/pass-on")
@needs(permissions.PREPARE)
def pass_on(fund_id: int, agency_id: int) -> ResponseReturnValue:
    """Pass on what was collected."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            agencies.pass_on,
            the_actor(),
            fund_id,
            agency_id,
            values["amount_fen"],
            values["way"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.MoveForm(), act, gettext("转付已登记。"))


@views.post(f"{FUND}/cash/count")
@needs(permissions.PREPARE)
def count_cash(fund_id: int) -> ResponseReturnValue:
    """Enter a count of the box."""

    def act(values: dict[str, Any]) -> None:
        counted, reason = values["counted_fen"], values["reason"]
        key = forms.request_key()
        kernel_db.write(cash_box.count_cash, the_actor(), fund_id, counted, reason, request_key=key)

    return _post(fund_id, schemas.CountForm(), act, gettext("盘点已登记。"))


@views.post(f"{FUND}/cash/bank")
@needs(permissions.PREPARE)
def bank_cash(fund_id: int) -> ResponseReturnValue:
    """Pay cash into the bank."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            cash_box.bank_cash,
            the_actor(),
            fund_id,
            values["bank_account_id"],
            values["amount_fen"],
            values["on"],
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.BankCashForm(), act, gettext("现金存行已登记，等银行流水对上。"))


def _post(fund_id: int, schema: Shape, act: pieces.Act, told: str) -> ResponseReturnValue:
    again = lambda form: _held(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(schema, act, again, told, PAGE, fund_id=fund_id)
    return answer


def _held(fund_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    accounts = fund_queries.bank_accounts(session, actor, fund_id)
    return render_template(
        "trust_property/held_money.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        held=queries.held_totals(session, actor, fund_id),
        deposits=queries.deposits(session, actor, fund_id),
        counts=queries.cash_counts(session, actor, fund_id),
        states={state: gettext(title) for state, title in DEPOSIT_TITLES.items()},
        banks=[
            (each.id, f"{each.bank_name} {each.last_digits}")
            for each in accounts
            if not each.is_closed and each.use.value == "operating"
        ],
        units=[
            (each.unit_id, f"{each.building} {each.name}")
            for each in fund_units(session, actor, fund_id)
        ],
        today=clock.today(),
    )
