"""The desk's pages of opening day: the draft, the fee ledger, each bank, both signatures."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.kernel import db as kernel_db
from community.kernel.errors import Refusal
from community.trust_property import permissions
from community.trust_property.errors.opening import LedgerMissing
from community.trust_property.importing.fee_columns import ROLE_TITLES
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import opening as queries
from community.trust_property.queries.estate import fund_units
from community.trust_property.queries.fee_ledger import find_fee_ledger
from community.trust_property.queries.payees import payees
from community.trust_property.rules.bills import month_shown
from community.trust_property.rules.opening import KIND_TITLES, STATE_TITLES, OpeningKind
from community.trust_property.schemas import opening as schemas
from community.trust_property.service import fee_import, opening_drafts
from community.trust_property.service import opening as service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.fields import Shape
from community.web.stored_files import read_upload

DRAFT = "/desk/fund/<int:fund_id>/opening"
PAGE = "trust_property.desk_opening"
LEDGER_PAGE = "trust_property.desk_fee_ledger"


@views.get(DRAFT)
@needs(permissions.READ)
def desk_opening(fund_id: int) -> ResponseReturnValue:
    """Show the draft with its sums, and what is still missing."""
    return _opening(fund_id, forms.Form())


@views.post(DRAFT)
@needs(permissions.PREPARE)
def start_opening(fund_id: int) -> ResponseReturnValue:
    """Begin a draft."""

    def act(values: dict[str, Any]) -> None:
        day, key = values["opening_on"], forms.request_key()
        kernel_db.write(opening_drafts.start_opening, the_actor(), fund_id, day, request_key=key)

    return _post(fund_id, schemas.DayForm(), act, gettext("已选定开账日，请把数据填齐。"))


@views.post(f"{DRAFT}/drop")
@needs(permissions.PREPARE)
def drop_opening(fund_id: int) -> ResponseReturnValue:
    """Give the draft up."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(opening_drafts.drop_opening, the_actor(), fund_id, request_key=key)

    return _post(fund_id, Shape(), act, gettext("草稿已放弃，可以重新选开账日。"))


@views.post(f"{DRAFT}/items")
@needs(permissions.PREPARE)
def add_opening_item(fund_id: int) -> ResponseReturnValue:
    """Add an item by hand."""

    def act(values: dict[str, Any]) -> None:
        item, key = values["item"], forms.request_key()
        kernel_db.write(
            opening_drafts.add_opening_item, the_actor(), fund_id, item, request_key=key
        )

    return _post(fund_id, schemas.ItemForm(), act, gettext("已加入草稿。"))


@views.post(f"{DRAFT}/items/<int:item_id>/remove")
@needs(permissions.PREPARE)
def remove_opening_item(fund_id: int, item_id: int) -> ResponseReturnValue:
    """Take an item out."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            opening_drafts.remove_opening_item, the_actor(), fund_id, item_id, request_key=key
        )

    return _post(fund_id, Shape(), act, gettext("已从草稿里删去。"))


@views.post(f"{DRAFT}/banks/<int:bank_account_id>")
@needs(permissions.PREPARE)
def state_bank_balance(fund_id: int, bank_account_id: int) -> ResponseReturnValue:
    """State a bank account's balance beside the bank's own paper."""

    def act(values: dict[str, Any]) -> None:
        sent = read_upload("statement")
        proof = None
        if sent is not None and sent.content:
            proof = schemas.take_in_proof(sent.name, sent.content, values["letter_fen"])
        kernel_db.write(
            opening_drafts.state_bank_balance,
            the_actor(),
            fund_id,
            bank_account_id,
            values["book_fen"],
            proof,
            request_key=forms.request_key(),
        )

    return _post(fund_id, schemas.BalanceForm(), act, gettext("余额已登记，请看两边是否一致。"))


@views.post(f"{DRAFT}/propose")
@needs(permissions.PREPARE)
def propose_opening(fund_id: int) -> ResponseReturnValue:
    """Sign for the trustee and put the opening to the committee."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.propose_opening, the_actor(), fund_id, request_key=key)

    return _post(fund_id, Shape(), act, gettext("已提交业委会，等对方签字。"))


@views.get(f"{DRAFT}/ledger")
@needs(permissions.READ)
def desk_fee_ledger(fund_id: int) -> ResponseReturnValue:
    """Show what was understood of the fee ledger."""
    return _ledger(fund_id, forms.Form())


@views.post(f"{DRAFT}/ledger")
@needs(permissions.PREPARE)
def keep_fee_ledger(fund_id: int) -> ResponseReturnValue:
    """Take a fee ledger in; nothing of it is written yet."""
    form = forms.Form()
    try:
        sent = read_upload("ledger")
        if sent is None or not sent.content:
            raise LedgerMissing
        ready = schemas.take_in_ledger(sent.name, sent.content)
        key = forms.request_key()
        kernel_db.write(fee_import.keep_fee_ledger, the_actor(), fund_id, ready, request_key=key)
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
        return _opening(fund_id, form), status_of(refusal)
    return redirect(url_for(LEDGER_PAGE, fund_id=fund_id), 303)


@views.post(f"{DRAFT}/ledger/answer")
@needs(permissions.PREPARE)
def answer_fee_ledger(fund_id: int) -> ResponseReturnValue:
    """Note the answers to what the ledger leaves open."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            fee_import.answer_fee_ledger,
            the_actor(),
            fund_id,
            values["year"],
            values["meaning"],
            values["older_month"],
            request_key=forms.request_key(),
        )

    again = lambda form: _ledger(fund_id, form)  # noqa: E731
    done = lambda _: redirect(url_for(LEDGER_PAGE, fund_id=fund_id), 303)  # noqa: E731
    return forms.submit(schemas.AnswerForm(), act, again, done)


@views.post(f"{DRAFT}/ledger/write")
@needs(permissions.PREPARE)
def write_fee_ledger(fund_id: int) -> ResponseReturnValue:
    """Write the ledger into the draft."""
    # Read outside the writer; the command finds it remembered.
    find_fee_ledger(db.session, the_actor(), fund_id)

    def act(values: dict[str, Any]) -> None:
        left_out, key = values["left_out"], forms.request_key()
        kernel_db.write(
            fee_import.write_fee_ledger, the_actor(), fund_id, left_out, request_key=key
        )

    again = lambda form: _ledger(fund_id, form)  # noqa: E731
    told = gettext("台账已写入草稿。再导入一次会替换它，不会重复。")
    answer: ResponseReturnValue = pieces.post(
        schemas.WriteForm(), act, again, told, PAGE, fund_id=fund_id
    )
    return answer


def _post(fund_id: int, schema: Shape, act: pieces.Act, told: str) -> ResponseReturnValue:
    again = lambda form: _opening(fund_id, form)  # noqa: E731
    answer: ResponseReturnValue = pieces.post(schema, act, again, told, PAGE, fund_id=fund_id)
    return answer


def _opening(fund_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    found = queries.find_opening(session, actor, fund_id)
    by_hand = [kind for kind in OpeningKind if kind not in {OpeningKind.BANK, OpeningKind.RESERVE}]
    items = []
    for kind in by_hand if found is not None else ():
        items += [
            each
            for each in queries.opening_items(session, actor, fund_id, kind)
            if not each.is_imported
        ]
    units = fund_units(session, actor, fund_id)
    return render_template(
        "trust_property/opening.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        accounts=fund_queries.bank_accounts(session, actor, fund_id),
        opening=found,
        state=gettext(STATE_TITLES[found.state]) if found is not None else "",
        items=items,
        kinds={kind: gettext(title) for kind, title in KIND_TITLES.items()},
        by_hand=by_hand,
        units=[(each.unit_id, f"{each.building} {each.name}") for each in units],
        payees=[(each.id, each.name) for each in payees(session, actor, fund_id)],
        today=clock.today(),
        month_shown=month_shown,
    )


def _ledger(fund_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    opening = queries.get_opening(session, actor, fund_id)
    found = None
    try:
        found = find_fee_ledger(session, actor, fund_id)
    except Refusal as refusal:
        form.refusal = sentence_of(refusal)
    return render_template(
        "trust_property/opening_ledger.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        opening=opening,
        found=found,
        roles={role: gettext(title) for role, title in ROLE_TITLES.items()},
        questions=[(each, each.sentence(gettext)) for each in found.questions] if found else [],
        told=lambda each: gettext(each.reason).format(**dict(each.facts)),
        month_shown=month_shown,
    )
