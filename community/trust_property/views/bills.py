"""The desk's pages of bills: a month's bills, the counter, receipts."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from community.kernel import clock
from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import bills as queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import overdue as overdue_queries
from community.trust_property.queries.estate import fund_units
from community.trust_property.rules.bills import Channel, month_shown
from community.trust_property.rules.overdue import STANDING_TITLES
from community.trust_property.schemas import bills as schemas
from community.trust_property.service import billing, receipts
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.fields import Shape
from community.web.qr import qr_svg

MOST_FOUND = 12


@views.app_template_global()
def record_qr(address: str) -> Markup:
    """Draw for a paper the code of a public record."""
    return qr_svg(address, gettext("这张收据在公开记录里的位置"), is_printed=True)


@views.get("/desk/fund/<int:fund_id>/bills")
@needs(permissions.READ)
def bill_runs(fund_id: int) -> ResponseReturnValue:
    """List the months that are billed; the firm counts the next one here."""
    return _runs(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/bills")
@needs(permissions.PREPARE)
def prepare_bills(fund_id: int) -> ResponseReturnValue:
    """Count a month's bills."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            billing.prepare_bills,
            the_actor(),
            fund_id,
            values["month"],
            values["due_on"],
            request_key=forms.request_key(),
        )
        return made

    return forms.submit(
        schemas.BillsForm(),
        act,
        lambda form: _runs(fund_id, form),
        lambda made: _to_run(gettext("账单已算好，请核对后出账。"), fund_id, made),
    )


@views.get("/desk/fund/<int:fund_id>/bills/<int:run_id>")
@needs(permissions.READ)
def bill_run(fund_id: int, run_id: int) -> ResponseReturnValue:
    """Show a month's bills, some at a time."""
    after = forms.asked_number("after") or 0
    return _run(fund_id, run_id, after, forms.Form())


@views.post("/desk/fund/<int:fund_id>/bills/<int:run_id>/post")
@needs(permissions.PREPARE)
def post_bills(fund_id: int, run_id: int) -> ResponseReturnValue:
    """Enter the bills in the books, with progress."""

    def act(_: dict[str, Any]) -> int:
        key = forms.request_key()
        job: int = kernel_db.write(
            billing.post_bills, the_actor(), fund_id, run_id, request_key=key
        )
        return job

    return forms.submit(
        Shape(),
        act,
        lambda form: _run(fund_id, run_id, 0, form),
        lambda job: redirect(url_for("notices.job", job_id=job), 303),
    )


@views.post("/desk/fund/<int:fund_id>/bills/<int:run_id>/drop")
@needs(permissions.PREPARE)
def drop_bills(fund_id: int, run_id: int) -> ResponseReturnValue:
    """Give prepared bills up."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(billing.drop_bills, the_actor(), fund_id, run_id, request_key=key)

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("这一批账单已放弃，可以重新算。"))
        return redirect(url_for("trust_property.bill_runs", fund_id=fund_id), 303)

    return forms.submit(Shape(), act, lambda form: _run(fund_id, run_id, 0, form), done)


@views.get("/desk/fund/<int:fund_id>/counter")
@needs(permissions.READ)
def counter(fund_id: int) -> ResponseReturnValue:
    """Find a unit, see what it owes, take its payment."""
    return _counter(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/counter")
@needs(permissions.PREPARE)
def take_payment(fund_id: int) -> ResponseReturnValue:
    """Take a payment."""

    def act(values: dict[str, Any]) -> int:
        made: int = kernel_db.write(
            receipts.take_payment,
            the_actor(),
            fund_id,
            values["payment"],
            request_key=forms.request_key(),
        )
        return made

    return forms.submit(
        schemas.PaymentForm(),
        act,
        lambda form: _counter(fund_id, form),
        lambda made: _to_receipt(gettext("收款已登记，请把收据交给住户。"), fund_id, made),
    )


@views.get("/desk/fund/<int:fund_id>/receipts")
@needs(permissions.READ)
def receipt_list(fund_id: int) -> ResponseReturnValue:
    """List receipts, the newest first."""
    actor = the_actor()
    found = queries.receipts(db.session, actor, fund_id, forms.asked_number("before"))
    return render_template(
        "trust_property/receipts.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        receipts=found,
        before=found[-1].number if len(found) == queries.MOST_SHOWN else None,
    )


@views.get("/desk/fund/<int:fund_id>/receipts/<int:receipt_id>")
@needs(permissions.READ)
def receipt(fund_id: int, receipt_id: int) -> ResponseReturnValue:
    """Show a receipt to print, with the code that proves it."""
    return _receipt(fund_id, receipt_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/receipts/<int:receipt_id>/void")
@needs(permissions.PREPARE)
def void_receipt(fund_id: int, receipt_id: int) -> ResponseReturnValue:
    """Void a receipt."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            receipts.void_receipt,
            the_actor(),
            fund_id,
            receipt_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.VoidForm(),
        act,
        lambda form: _receipt(fund_id, receipt_id, form),
        lambda _: _to_receipt(gettext("收据已作废，号码保留。"), fund_id, receipt_id),
    )


def _runs(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "trust_property/bill_runs.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        runs=queries.bill_runs(db.session, actor, fund_id),
        today=clock.today(),
        month_shown=month_shown,
    )


def _run(fund_id: int, run_id: int, after: int, form: forms.Form) -> str:
    actor = the_actor()
    bills = queries.bills_of_run(db.session, actor, fund_id, run_id, after)
    return render_template(
        "trust_property/bill_run.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        run=queries.get_bill_run(db.session, actor, fund_id, run_id),
        bills=bills,
        after=bills[-1].id if len(bills) == queries.MOST_SHOWN else None,
        month_shown=month_shown,
    )


def _counter(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    typed = request.form.getlist("unit_ids") or request.args.getlist("unit")
    read = [forms.read_number(each) for each in typed]
    chosen = tuple(number for number in read if number is not None)
    text = request.args.get("q", "").strip()
    units = fund_units(db.session, actor, fund_id)
    found = [unit for unit in units if text and text in f"{unit.building}{unit.name}"]
    return render_template(
        "trust_property/counter.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        accounts=fund_queries.bank_accounts(db.session, actor, fund_id),
        text=text,
        found=found[:MOST_FOUND],
        is_more=len(found) > MOST_FOUND,
        chosen=[unit for unit in units if unit.unit_id in chosen],
        bills=queries.open_bills(db.session, actor, fund_id, chosen),
        plans=overdue_queries.plans_of_units(db.session, actor, fund_id, chosen),
        standings=STANDING_TITLES,
        channels=Channel,
        today=clock.today(),
        month_shown=month_shown,
    )


def _receipt(fund_id: int, receipt_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "trust_property/receipt.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        receipt=queries.get_receipt(db.session, actor, fund_id, receipt_id),
        month_shown=month_shown,
    )


def _to_run(sentence: str, fund_id: int, run_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("trust_property.bill_run", fund_id=fund_id, run_id=run_id), 303)


def _to_receipt(sentence: str, fund_id: int, receipt_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("trust_property.receipt", fund_id=fund_id, receipt_id=receipt_id), 303)
