"""The public accounts for everybody: the fund, its entries, one entry with its vouchers."""

from __future__ import annotations

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import public_accounts as queries
from community.trust_property.queries.public_entry import get_public_entry, public_voucher
from community.trust_property.rules.spending import TITLES as STATES
from community.trust_property.rules.titles import PURPOSES, Words
from community.trust_property.views.blueprint import views
from community.web.access import public, the_actor
from community.web.extensions import db
from community.web.stored_files import send_stored_file


@views.app_template_filter()
def purpose_words(purpose: str) -> str:
    """Tell in the reader's language why an entry was made."""
    told: str = gettext(PURPOSES.get(purpose, purpose))
    return told


@views.app_template_filter()
def account_title(words: Words) -> str:
    """Tell in the reader's language what kind of account it is."""
    told: str = gettext(words.title)
    return told


@views.get("/fund")
@public
def public_funds() -> ResponseReturnValue:
    """List the community's funds; one alone opens at once."""
    found = fund_queries.funds(db.session, the_actor())
    if len(found) == 1:
        return redirect(url_for("trust_property.public_fund", fund_id=found[0].id))
    return render_template("trust_property/public_funds.html", funds=found)


@views.get("/fund/<int:fund_id>")
@public
def public_fund(fund_id: int) -> str:
    """Show how a fund stands: the bank, what came and went, the budget, the newest entries."""
    found = queries.public_accounts(db.session, the_actor(), fund_id)
    today = clock.today()
    return render_template(
        "trust_property/public_fund.html",
        found=found,
        month=today.replace(day=1),
        year=today.replace(month=1, day=1),
        today=today,
    )


@views.get("/fund/<int:fund_id>/entries")
@public
def public_entries(fund_id: int) -> str:
    """List what a total is made of, the newest day first."""
    actor = the_actor()
    path, purpose = request.args.get("path", ""), request.args.get("purpose", "")
    until = _day("until") or clock.today()
    since = _day("since") or until.replace(month=1, day=1)
    found = queries.public_rows(db.session, actor, fund_id, path, since, until, purpose)
    return render_template(
        "trust_property/public_entries.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        found=found,
        asked={"path": path, "purpose": purpose, "since": since.isoformat()},
        since=since,
        until=until,
        title=queries.path_words(db.session, actor, fund_id, path),
    )


@views.get("/fund/<int:fund_id>/day/<int:account_id>")
@public
def public_day(fund_id: int, account_id: int) -> str:
    """List one by one what a day's sum is made of: numbers and amounts, no unit."""
    actor = the_actor()
    day = _day("on") or abort(404)
    purpose = request.args.get("purpose", "")
    return render_template(
        "trust_property/public_day.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        rows=queries.public_day(db.session, actor, fund_id, account_id, day, purpose),
        day=day,
        purpose=purpose,
    )


@views.get("/fund/<int:fund_id>/entry/<int:transaction_id>")
@public
def public_entry(fund_id: int, transaction_id: int) -> str:
    """Show an entry as the public log tells it, with what it rests on."""
    found = get_public_entry(db.session, the_actor(), fund_id, transaction_id)
    return render_template("trust_property/public_entry.html", entry=found, states=STATES)


@views.get("/fund/<int:fund_id>/entry/<int:transaction_id>/voucher/<int:voucher_id>")
@public
def public_twin(fund_id: int, transaction_id: int, voucher_id: int) -> ResponseReturnValue:
    """Send the redacted twin of a voucher."""
    found = public_voucher(db.session, the_actor(), fund_id, transaction_id, voucher_id)
    return send_stored_file(found, is_public=True)


def _day(name: str) -> date | None:
    """Read a day of the address; one that is none counts as not given."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
