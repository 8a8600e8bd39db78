"""What an owner sees of the own units, and what everybody sees of collection."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.trust_property import permissions
from community.trust_property.queries import bills as queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries.surplus import shares_of_unit
from community.trust_property.rules.bills import AGE_TITLES, month_shown
from community.trust_property.views.blueprint import views
from community.web.access import needs, public, the_actor
from community.web.extensions import db


@views.get("/fund/mine")
@needs(permissions.SEE)
def my_bills() -> ResponseReturnValue:
    """Show the bills and receipts of one's own units."""
    actor = the_actor()
    funds = {fund.id: fund for fund in fund_queries.funds(db.session, actor)}
    by_building = fund_queries.funds_of_buildings(db.session, actor)
    accounts = [
        (
            funds[fund_id],
            queries.unit_account(db.session, actor, fund_id, unit.id),
            shares_of_unit(db.session, actor, fund_id, unit.id),
        )
        for unit in _own_units()
        if (fund_id := by_building.get(unit.building_id)) is not None
    ]
    return render_template(
        "trust_property/my_bills.html", accounts=accounts, month_shown=month_shown
    )


@views.get("/fund/<int:fund_id>/mine/<int:receipt_id>")
@needs(permissions.SEE)
def my_receipt(fund_id: int, receipt_id: int) -> ResponseReturnValue:
    """Show one's own receipt; another owner's part of it stays hidden."""
    actor = the_actor()
    found = queries.get_receipt(db.session, actor, fund_id, receipt_id)
    own = {unit.id for unit in _own_units()}
    parts = tuple(part for part in found.parts if part.unit_id in own)
    if not parts:
        abort(404)
    if len(parts) < len(found.parts):
        amount = sum(part.amount_fen for part in parts)
        found = replace(found, parts=parts, amount_fen=amount, payer="")
    return render_template(
        "trust_property/my_receipt.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        receipt=found,
        month_shown=month_shown,
    )


@views.get("/fund/<int:fund_id>/arrears")
@public
def arrears(fund_id: int) -> ResponseReturnValue:
    """Show the collection rate by month and arrears by building, without names."""
    actor = the_actor()
    return render_template(
        "trust_property/arrears.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        months=queries.collection(db.session, actor, fund_id),
        rows=queries.arrears(db.session, actor, fund_id),
        ages={age: gettext(title) for age, title in AGE_TITLES.items()},
        month_shown=month_shown,
    )


def _own_units() -> tuple[identity.Unit, ...]:
    actor = the_actor()
    if actor.subject_id is None:
        return ()
    return identity.owned_units(db.session, actor.community_id, actor.subject_id, clock.today())
