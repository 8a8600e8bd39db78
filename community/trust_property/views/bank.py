"""The desk's pages of bank accounts: statements, what was understood of them, and their lines."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.kernel.errors import Refusal
from community.kernel.jobs import find_job
from community.trust_property import permissions
from community.trust_property.errors.bank import StatementEmpty
from community.trust_property.importing.statement import TITLES, Column
from community.trust_property.queries import bank as queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import matching as matching_queries
from community.trust_property.rules.bank import StatementState
from community.trust_property.schemas import bank as schemas
from community.trust_property.service import statements as service
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.stored_files import read_upload, send_stored_file

FUND = "/desk/fund/<int:fund_id>"
ACCOUNT = f"{FUND}/bank/<int:bank_account_id>"
STATEMENT = f"{FUND}/statements/<int:statement_id>"
MOST_SHOWN = 50


@views.get(f"{FUND}/bank")
@needs(permissions.READ)
def desk_bank(fund_id: int) -> ResponseReturnValue:
    """Show how far each bank account's statements go, and what waits to be explained."""
    actor = the_actor()
    return render_template(
        "trust_property/bank.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        standings=queries.standings(db.session, actor, fund_id),
        waiting=matching_queries.waiting_matches(db.session, actor, fund_id),
    )


@views.get(ACCOUNT)
@needs(permissions.READ)
def desk_bank_account(fund_id: int, bank_account_id: int) -> ResponseReturnValue:
    """List an account's lines and statements; a statement is uploaded here."""
    return _account(fund_id, bank_account_id, forms.Form())


def _account(fund_id: int, bank_account_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    only_open = request.args.get("open") == "1"
    page = forms.asked_number("page") or 1
    lines = queries.bank_lines(session, actor, fund_id, bank_account_id, only_open, page)
    return render_template(
        "trust_property/bank_account.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        account=fund_queries.get_bank_account(session, actor, fund_id, bank_account_id),
        statements=queries.statements_of(session, actor, fund_id, bank_account_id),
        lines=lines,
        guesses=matching_queries.best_guesses(session, actor, fund_id, bank_account_id, lines),
        only_open=only_open,
        open_lines=queries.count_open(session, actor, bank_account_id),
        page=page,
        has_more=len(lines) == queries.PAGE,
        states=StatementState,
    )


@views.post(f"{ACCOUNT}/statements")
@needs(permissions.PREPARE)
def upload_statement(fund_id: int, bank_account_id: int) -> ResponseReturnValue:
    """Take a statement in; nothing is added before somebody has looked at it."""
    form = forms.Form()
    try:
        sent = read_upload("statement")
        if sent is None or not sent.content:
            raise StatementEmpty
        taken = schemas.take_in_statement(sent.name, sent.content)
        made = kernel_db.write(
            service.keep_statement,
            the_actor(),
            fund_id,
            bank_account_id,
            taken,
            request_key=forms.request_key(),
        )
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _account(fund_id, bank_account_id, form), status_of(refusal)
    return _to_statement(fund_id, made)


@views.get(STATEMENT)
@needs(permissions.READ)
def desk_statement(fund_id: int, statement_id: int) -> ResponseReturnValue:
    """Show what was understood of a statement, or how far adding it is."""
    return _statement(fund_id, statement_id, forms.Form())


def _statement(fund_id: int, statement_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    view = queries.get_statement(session, actor, fund_id, statement_id)
    shared = {
        "form": form,
        "view": view,
        "fund": fund_queries.get_fund(session, actor, fund_id),
        "account": fund_queries.get_bank_account(session, actor, fund_id, view.bank_account_id),
    }
    if view.state is not StatementState.READ:
        job = find_job(session, actor.community_id, view.job_id) if view.job_id else None
        return render_template("trust_property/bank_progress.html", job=job, **shared)
    found = queries.understood(session, actor, fund_id, statement_id)
    held = {each.place - 1: each.column.value for each in found.columns}
    return render_template(
        "trust_property/bank_statement.html",
        found=found,
        held=held,
        titles=[(each.value, gettext(TITLES[each])) for each in Column],
        questions=[each.sentence(gettext) for each in found.questions],
        codes={each.code for each in found.questions},
        most=MOST_SHOWN,
        moved=sum(line.amount_fen for line in found.lines),
        **shared,
    )


@views.post(f"{STATEMENT}/correct")
@needs(permissions.PREPARE)
def correct_statement(fund_id: int, statement_id: int) -> ResponseReturnValue:
    """Note what the user says of columns, signs and days."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.correct_statement,
            the_actor(),
            fund_id,
            statement_id,
            values["columns"],
            values["sign"],
            values["day_order"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.CorrectionForm(),
        act,
        lambda form: _statement(fund_id, statement_id, form),
        lambda _: _to_statement(fund_id, statement_id),
    )


@views.post(f"{STATEMENT}/add")
@needs(permissions.PREPARE)
def add_statement(fund_id: int, statement_id: int) -> ResponseReturnValue:
    """Add the lines as long work."""
    # Read outside the writer; the command finds it remembered.
    queries.understood(db.session, the_actor(), fund_id, statement_id)

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.add_statement,
            the_actor(),
            fund_id,
            statement_id,
            values["opening_fen"],
            values["closing_fen"],
            request_key=forms.request_key(),
        )

    return forms.submit(
        schemas.BalanceForm(),
        act,
        lambda form: _statement(fund_id, statement_id, form),
        lambda _: _to_statement(fund_id, statement_id),
    )


@views.post(f"{STATEMENT}/withdraw")
@needs(permissions.PREPARE)
def withdraw_statement(fund_id: int, statement_id: int) -> ResponseReturnValue:
    """Give a statement up before its lines were added."""
    view = queries.get_statement(db.session, the_actor(), fund_id, statement_id)
    key = forms.request_key()
    kernel_db.write(service.withdraw_statement, the_actor(), fund_id, statement_id, request_key=key)
    flash(gettext("这份对账单已放弃，什么都没有改变。"))
    place = url_for(
        "trust_property.desk_bank_account", fund_id=fund_id, bank_account_id=view.bank_account_id
    )
    return redirect(place, 303)


@views.get(f"{STATEMENT}/file")
@needs(permissions.READ)
def statement_file(fund_id: int, statement_id: int) -> ResponseReturnValue:
    """Give the file back as the bank wrote it."""
    found = queries.statement_file(db.session, the_actor(), fund_id, statement_id)
    return send_stored_file(found)


def _to_statement(fund_id: int, statement_id: int) -> ResponseReturnValue:
    place = url_for("trust_property.desk_statement", fund_id=fund_id, statement_id=statement_id)
    return redirect(place, 303)
