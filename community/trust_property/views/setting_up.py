"""The desk's pages of rules, units, rates, contracts and payees."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.errors.estate import FundUnitNotFound
from community.trust_property.queries import estate as estate_queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import keys as key_queries
from community.trust_property.queries import payees as payee_queries
from community.trust_property.queries import policies as policy_queries
from community.trust_property.rules.estate import USES
from community.trust_property.rules.fund import FundState
from community.trust_property.rules.keys import KeySide
from community.trust_property.schemas import setting_up as schemas
from community.trust_property.service import contracts as contract_service
from community.trust_property.service import estate as estate_service
from community.trust_property.service import payees as payee_service
from community.trust_property.service import policies as policy_service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/fund/<int:fund_id>/rules")
@needs(permissions.READ)
def rules(fund_id: int) -> ResponseReturnValue:
    """Show the fund's rules in every version."""
    return _rules(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/rules")
@needs(permissions.PREPARE)
def propose_rules(fund_id: int) -> ResponseReturnValue:
    """Put rules to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            policy_service.propose_rules,
            the_actor(),
            fund_id,
            values["terms"],
            values["valid_from"],
            values["reference"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    again = lambda form: _rules(fund_id, form)  # noqa: E731
    return _sent(fund_id, schemas.TermsForm(), act, again, "trust_property.rules")


@views.get("/desk/fund/<int:fund_id>/estate")
@needs(permissions.READ)
def estate(fund_id: int) -> ResponseReturnValue:
    """Show units by building, fee rates and contracts."""
    return _estate(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/units/take")
@needs(permissions.FOUND)
def take_units(fund_id: int) -> ResponseReturnValue:
    """Take the units from the register."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(estate_service.take_units, the_actor(), fund_id, request_key=key)

    told = gettext("房屋已按住户登记册更新。")
    again = lambda form: _estate(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(
        schemas.EmptyForm(), act, again, told, "trust_property.estate", fund_id=fund_id
    )
    return answer


@views.get("/desk/fund/<int:fund_id>/units/<int:unit_id>")
@needs(permissions.READ)
def unit(fund_id: int, unit_id: int) -> ResponseReturnValue:
    """Show a unit's use and area."""
    return _unit(fund_id, unit_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/units/<int:unit_id>")
@needs(permissions.FOUND)
def set_unit(fund_id: int, unit_id: int) -> ResponseReturnValue:
    """Set a unit's use and area while the fund is prepared."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            estate_service.set_unit,
            the_actor(),
            fund_id,
            unit_id,
            values["use"],
            values["area_centiares"],
            request_key=forms.request_key(),
        )

    answer: ResponseReturnValue = pieces.post(
        schemas.UnitForm(),
        act,
        lambda form: _unit(fund_id, unit_id, form),
        gettext("已更新。"),
        "trust_property.unit",
        fund_id=fund_id,
        unit_id=unit_id,
    )
    return answer


@views.post("/desk/fund/<int:fund_id>/units/<int:unit_id>/change")
@needs(permissions.PREPARE)
def propose_unit(fund_id: int, unit_id: int) -> ResponseReturnValue:
    """Put a unit's use and area to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            estate_service.propose_unit,
            the_actor(),
            fund_id,
            unit_id,
            values["use"],
            values["area_centiares"],
            values["reference"],
            request_key=forms.request_key(),
        )

    again = lambda form: _unit(fund_id, unit_id, form)  # noqa: E731
    return _sent(fund_id, schemas.UnitForm(), act, again, "trust_property.estate")


@views.post("/desk/fund/<int:fund_id>/rates")
@needs(permissions.PREPARE)
def propose_rate(fund_id: int) -> ResponseReturnValue:
    """Put a fee rate to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            estate_service.propose_rate,
            the_actor(),
            fund_id,
            values["use"],
            values["rate_fen"],
            values["valid_from"],
            values["reference"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    again = lambda form: _estate(fund_id, form)  # noqa: E731
    return _sent(fund_id, schemas.RateForm(), act, again, "trust_property.estate")


@views.post("/desk/fund/<int:fund_id>/contracts")
@needs(permissions.PREPARE)
def propose_contract(fund_id: int) -> ResponseReturnValue:
    """Put a contract to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            contract_service.propose_contract,
            the_actor(),
            fund_id,
            values["draft"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    again = lambda form: _estate(fund_id, form)  # noqa: E731
    return _sent(fund_id, schemas.ContractForm(), act, again, "trust_property.estate")


@views.post("/desk/fund/<int:fund_id>/contracts/book")
@needs(permissions.PREPARE)
def book_instalments(fund_id: int) -> ResponseReturnValue:
    """Book the instalments that are due."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(contract_service.book_instalments, the_actor(), fund_id, request_key=key)

    told = gettext("到期的分期已入账。")
    again = lambda form: _estate(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(
        schemas.EmptyForm(), act, again, told, "trust_property.estate", fund_id=fund_id
    )
    return answer


@views.get("/desk/fund/<int:fund_id>/payees")
@needs(permissions.READ)
def payees(fund_id: int) -> ResponseReturnValue:
    """Show the register of payees."""
    return _payees(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/payees")
@needs(permissions.PREPARE)
def propose_payee(fund_id: int) -> ResponseReturnValue:
    """Put a new payee to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payee_service.propose_payee,
            the_actor(),
            fund_id,
            values["draft"],
            values["reference"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    again = lambda form: _payees(fund_id, form)  # noqa: E731
    return _sent(fund_id, schemas.PayeeForm(), act, again, "trust_property.payees")


@views.get("/desk/fund/<int:fund_id>/payees/<int:payee_id>")
@needs(permissions.READ)
def payee(fund_id: int, payee_id: int) -> ResponseReturnValue:
    """Show a payee and where its money goes."""
    return _payee(fund_id, payee_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/payees/<int:payee_id>")
@needs(permissions.PREPARE)
def propose_payee_change(fund_id: int, payee_id: int) -> ResponseReturnValue:
    """Put a payee's other bank details to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            payee_service.propose_payee_change,
            the_actor(),
            fund_id,
            payee_id,
            values["draft"],
            values["reference"],
            taken("papers"),
            request_key=forms.request_key(),
        )

    again = lambda form: _payee(fund_id, payee_id, form)  # noqa: E731
    return _sent(fund_id, schemas.PayeeForm(), act, again, "trust_property.payees")


def _sent(
    fund_id: int, schema: Any, act: pieces.Act, again: pieces.Again, endpoint: str
) -> ResponseReturnValue:
    told = gettext("已提交业委会。批准之前，现在的内容继续有效。")
    answer: ResponseReturnValue = pieces.post(schema, act, again, told, endpoint, fund_id=fund_id)
    return answer


def _page(template: str, fund_id: int, form: forms.Form, **values: Any) -> str:
    actor = the_actor()
    return render_template(
        f"trust_property/{template}.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        has_key=key_queries.find_key(db.session, actor, fund_id) is KeySide.TRUSTEE,
        today=clock.today(),
        **values,
    )


def _rules(fund_id: int, form: forms.Form) -> str:
    versions = policy_queries.rule_versions(db.session, the_actor(), fund_id)
    return _page(
        "rules",
        fund_id,
        form,
        versions=versions,
        now=policy_queries.find_terms(db.session, the_actor().community_id, fund_id),
        bases=pieces.basis_options(),
    )


def _estate(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    houses = fund_queries.fund_buildings(db.session, actor, fund_id)
    asked = forms.asked_number("building")
    chosen = asked if asked is not None else (houses[0].id if houses else 0)
    units = estate_queries.fund_units(db.session, actor, fund_id)
    return _page(
        "estate",
        fund_id,
        form,
        buildings=houses,
        chosen=chosen,
        units=[each for each in units if each.building_id == chosen],
        total=len(units),
        total_area=sum(each.area_centiares for each in units),
        rates=estate_queries.rates(db.session, actor, fund_id),
        contracts=estate_queries.contracts(db.session, actor, fund_id),
        due=estate_queries.count_due_instalments(db.session, actor, fund_id),
        uses=dict(pieces.use_options()),
        contract_kinds=dict(pieces.contract_options()),
        opened=request.args.get("open", ""),
    )


def _unit(fund_id: int, unit_id: int, form: forms.Form) -> str:
    units = estate_queries.fund_units(db.session, the_actor(), fund_id)
    found = next((each for each in units if each.unit_id == unit_id), None)
    if found is None:
        raise FundUnitNotFound
    fund = fund_queries.get_fund(db.session, the_actor(), fund_id)
    return _page(
        "unit",
        fund_id,
        form,
        unit=found,
        uses=pieces.use_options(),
        use=gettext(USES[found.use]),
        is_preparing=fund.state is FundState.PREPARING,
    )


def _payees(fund_id: int, form: forms.Form) -> str:
    shown = payee_queries.payees(db.session, the_actor(), fund_id)
    return _page("payees", fund_id, form, payees=shown)


def _payee(fund_id: int, payee_id: int, form: forms.Form) -> str:
    found = payee_queries.get_payee(db.session, the_actor(), fund_id, payee_id)
    return _page("payee", fund_id, form, payee=found)
