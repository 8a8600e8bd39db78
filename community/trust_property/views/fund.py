"""The desk's pages of funds: preparing one, its bank accounts."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import fund as queries
from community.trust_property.queries import matters as matter_queries
from community.trust_property.rules.fund import BankUse
from community.trust_property.rules.matters import MatterState
from community.trust_property.schemas import fund as schemas
from community.trust_property.service import fund as service
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/fund")
@needs(permissions.READ)
def desk_funds() -> ResponseReturnValue:
    """List the community's funds; the office prepares one here."""
    return _funds(forms.Form())


@views.post("/desk/fund")
@needs(permissions.FOUND)
def prepare_fund() -> ResponseReturnValue:
    """Prepare a fund."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            service.prepare_fund,
            the_actor(),
            values["name"],
            values["trustee_id"],
            values["building_ids"],
            request_key=forms.request_key(),
        )
        return made

    return forms.submit(
        schemas.FundForm(), act, _funds, lambda made: _told(gettext("物业资金已建立。"), made)
    )


@views.post("/desk/fund/trustees")
@needs(permissions.FOUND)
def add_trustee() -> ResponseReturnValue:
    """Enter a property firm."""

    def act(values: dict[str, Any]) -> None:
        name, code = values["name"], values["credit_code"]
        key = forms.request_key()
        kernel_db.write(service.add_trustee, the_actor(), name, code, request_key=key)

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("物业公司已登记。"))
        return redirect(url_for("trust_property.desk_funds"), 303)

    return forms.submit(schemas.TrusteeForm(), act, _funds, done)


@views.get("/desk/fund/<int:fund_id>")
@needs(permissions.READ)
def desk_fund(fund_id: int) -> ResponseReturnValue:
    """Show a fund's standing and its bank accounts."""
    return _fund(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/bank-accounts")
@needs(permissions.FOUND)
def add_bank_account(fund_id: int) -> ResponseReturnValue:
    """Register a bank account."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.add_bank_account,
            the_actor(),
            fund_id,
            values["bank_name"],
            values["last_digits"],
            values["use"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.BankAccountForm(),
        act,
        lambda form: _fund(fund_id, form),
        lambda _: _told(gettext("银行账户已登记。"), fund_id),
    )


def _funds(form: forms.Form) -> str:
    actor = the_actor()
    kind = identity.OrganizationKind.PROPERTY
    return render_template(
        "trust_property/funds.html",
        form=form,
        funds=queries.funds(db.session, actor),
        firms=identity.organizations(db.session, actor.community_id, kind),
        buildings=identity.buildings(db.session, actor.community_id),
    )


def _fund(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "trust_property/fund.html",
        form=form,
        fund=queries.get_fund(db.session, actor, fund_id),
        buildings=queries.fund_buildings(db.session, actor, fund_id),
        accounts=queries.bank_accounts(db.session, actor, fund_id),
        uses=BankUse,
        waiting=len(matter_queries.matters(db.session, actor, fund_id, MatterState.OPEN)),
    )


def _told(sentence: str, fund_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("trust_property.desk_fund", fund_id=fund_id), 303)
