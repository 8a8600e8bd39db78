"""The desk's list of overdue units to print, its reminders, plans and refunds."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import overdue as queries
from community.trust_property.queries.estate import fund_units
from community.trust_property.rules.overdue import REMINDER_DAYS, STANDING_TITLES
from community.trust_property.schemas import overdue as schemas
from community.trust_property.service import overdue as service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.fields import Shape

LIST = "/desk/fund/<int:fund_id>/overdue"
PAGE = "trust_property.desk_overdue"


@views.get(LIST)
@needs(permissions.READ)
def desk_overdue(fund_id: int) -> ResponseReturnValue:
    """List overdue units, to print and to remind."""
    return _overdue(fund_id, forms.Form())


@views.post(f"{LIST}/remind")
@needs(permissions.PREPARE)
def send_reminders(fund_id: int) -> ResponseReturnValue:
    """Remind the owners of overdue units."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.send_reminders, the_actor(), fund_id, request_key=key)

    return _post(fund_id, Shape(), act, gettext("提醒已发给业主本人，只写自己房屋的欠费。"))


@views.post(f"{LIST}/plans")
@needs(permissions.PREPARE)
def agree_plan(fund_id: int) -> ResponseReturnValue:
    """Agree on instalments."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.agree_plan,
            the_actor(),
            fund_id,
            values["unit_id"],
            values["count"],
            values["first_on"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.PlanForm(), act, gettext("分期约定已登记，按约定缴时不再提醒。"))


@views.post(f"{LIST}/plans/<int:unit_id>/end")
@needs(permissions.PREPARE)
def end_plan(fund_id: int, unit_id: int) -> ResponseReturnValue:
    """End a plan."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.end_plan, the_actor(), fund_id, unit_id, request_key=key)

    return _post(fund_id, Shape(), act, gettext("分期约定已结束。"))


@views.post(f"{LIST}/refunds")
@needs(permissions.PREPARE)
def propose_refund(fund_id: int) -> ResponseReturnValue:
    """Ask the committee to pay a prepayment back."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.propose_refund,
            the_actor(),
            fund_id,
            values["unit_id"],
            values["amount_fen"],
            values["bank_account_id"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.RefundForm(), act, gettext("退款已提交业委会批准。"))


def _post(fund_id: int, schema: Shape, act: pieces.Act, told: str) -> ResponseReturnValue:
    again = lambda form: _overdue(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(schema, act, again, told, PAGE, fund_id=fund_id)
    return answer


def _overdue(fund_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    found = queries.overdue_units(session, actor, fund_id)
    return render_template(
        "trust_property/overdue.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        overdue=found,
        remindable=sum(each.may_be_reminded for each in found),
        days=REMINDER_DAYS,
        standings={key: gettext(title) for key, title in STANDING_TITLES.items()},
        units=[
            (each.unit_id, f"{each.building} {each.name}")
            for each in fund_units(session, actor, fund_id)
        ],
        banks=[
            (each.id, f"{each.bank_name} {each.last_digits}")
            for each in fund_queries.bank_accounts(session, actor, fund_id)
            if not each.is_closed and each.use.value == "operating"
        ],
        today=clock.today(),
    )
