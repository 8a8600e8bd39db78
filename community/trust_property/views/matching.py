"""The desk's pages of one bank line, of money that waits to be explained, and of closing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import bank as queries
from community.trust_property.queries import closing as closing_queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import matching as matching_queries
from community.trust_property.rules.match_sources import match_sources
from community.trust_property.schemas import bank as schemas
from community.trust_property.service import closing as closing_service
from community.trust_property.service import matching as service
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db

FUND = "/desk/fund/<int:fund_id>"
LINE = f"{FUND}/bank-lines/<int:line_id>"
MATCH = f"{FUND}/bank-matches/<int:match_id>"


@views.get(LINE)
@needs(permissions.READ)
def desk_bank_line(fund_id: int, line_id: int) -> ResponseReturnValue:
    """Show what a bank line may be, likeliest first."""
    return _line(fund_id, line_id, forms.Form())


def _line(fund_id: int, line_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    seek = _sought()
    found = matching_queries.line_choices(session, actor, fund_id, line_id, seek)
    accounts = fund_queries.bank_accounts(session, actor, fund_id)
    own = next(each for each in accounts if each.id == found.line.bank_account_id)
    return render_template(
        "trust_property/bank_line.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        found=found,
        seek=seek,
        account=own,
        other_accounts=[each for each in accounts if each.use is own.use and each.id != own.id],
        sources={"book": gettext("账目")} | _titles(),
    )


def _sought() -> str:
    """Read which unit or name to look for; what is no short text looks for nothing."""
    given = {"seek": request.args.get("seek", "")}
    form = schemas.SeekForm()
    return "" if form.validate(given) else str(form.load(given)["seek"])


def _titles() -> dict[str, str]:
    return {each.name: gettext(each.title) for each in match_sources()}


@views.post(f"{LINE}/match")
@needs(permissions.PREPARE)
def match_lines(fund_id: int, line_id: int) -> ResponseReturnValue:
    """Match a line, with others when they belong together."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.match_lines,
            the_actor(),
            fund_id,
            values["line_ids"],
            values["picks"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _submitted(schemas.MatchForm(), act, fund_id, line_id)


@views.post(f"{LINE}/book")
@needs(permissions.PREPARE)
def book_line(fund_id: int, line_id: int) -> ResponseReturnValue:
    """Enter a line that nobody announced."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.book_line,
            the_actor(),
            fund_id,
            line_id,
            values["kind"],
            values["other_account_id"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _submitted(schemas.BookForm(), act, fund_id, line_id)


def _submitted(schema: Any, act: Any, fund_id: int, line_id: int) -> ResponseReturnValue:
    line = queries.get_line(db.session, the_actor(), fund_id, line_id)

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已核对。"))
        return redirect(_account_url(fund_id, line.bank_account_id), 303)

    return forms.submit(schema, act, lambda form: _line(fund_id, line_id, form), done)


@views.post(f"{MATCH}/undo")
@needs(permissions.PREPARE)
def undo_match(fund_id: int, match_id: int) -> ResponseReturnValue:
    """Take a match back."""
    kernel_db.write(
        service.undo_match, the_actor(), fund_id, match_id, request_key=forms.request_key()
    )
    flash(gettext("核对已撤销，流水可以重新核对。"))
    return redirect(url_for("trust_property.desk_bank", fund_id=fund_id), 303)


@views.get(f"{MATCH}/explain")
@needs(permissions.READ)
def desk_explain(fund_id: int, match_id: int) -> ResponseReturnValue:
    """Ask what money was that waits on a public account."""
    return _explain(fund_id, match_id, forms.Form())


def _explain(fund_id: int, match_id: int, form: forms.Form) -> str:
    actor, session = the_actor(), db.session
    found = matching_queries.get_waiting(session, actor, fund_id, match_id)
    seek = _sought()
    offer = matching_queries.offers_to_explain(session, actor, fund_id, match_id, seek)
    return render_template(
        "trust_property/bank_explain.html",
        form=form,
        fund=fund_queries.get_fund(session, actor, fund_id),
        found=found,
        offer=offer,
        seek=seek,
        sources=_titles(),
    )


@views.post(f"{MATCH}/explain")
@needs(permissions.PREPARE)
def explain_match(fund_id: int, match_id: int) -> ResponseReturnValue:
    """Explain it, with a reference."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.explain_match,
            the_actor(),
            fund_id,
            match_id,
            values["kind"],
            values["picks"],
            values["reference"],
            request_key=forms.request_key(),
        )

    def done(_: None) -> ResponseReturnValue:
        flash(gettext("已说明，公开账目随即更新。"))
        return redirect(url_for("trust_property.desk_bank", fund_id=fund_id), 303)

    return forms.submit(
        schemas.ExplainForm(), act, lambda form: _explain(fund_id, match_id, form), done
    )


@views.get(f"{FUND}/closing")
@needs(permissions.READ)
def desk_closing(fund_id: int) -> ResponseReturnValue:
    """Show what prevents a period from closing, each with its link."""
    return _closing(fund_id, forms.Form(), _asked_day())


def _asked_day() -> date:
    form = schemas.ClosingForm()
    errors = form.validate({"ends_on": request.args.get("ends_on", "")})
    if errors:
        return queries.last_closable_day()
    found: date = form.load({"ends_on": request.args["ends_on"]})["ends_on"]
    return found


def _closing(fund_id: int, form: forms.Form, ends_on: date) -> str:
    actor = the_actor()
    found = closing_queries.closing(db.session, actor, fund_id, ends_on)
    return render_template(
        "trust_property/closing.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        found=found,
        blocks=[
            (gettext(each.message).format(**dict(each.facts)), each.code, each.account_id)
            for each in found.blocks
        ],
        is_second=found.softly_by is not None and found.softly_by != actor.person_id,
    )


@views.post(f"{FUND}/closing/soft")
@needs(permissions.PREPARE)
def close_softly(fund_id: int) -> ResponseReturnValue:
    """Close a period softly."""

    def act(values: dict[str, Any]) -> date:
        day: date = values["ends_on"]
        key = forms.request_key()
        kernel_db.write(closing_service.close_softly, the_actor(), fund_id, day, request_key=key)
        return day

    return _closed(fund_id, act, gettext("已初结，等业委会终结。"))


@views.post(f"{FUND}/closing/final")
@needs(permissions.APPROVE)
def close_for_good(fund_id: int) -> ResponseReturnValue:
    """Close a period for good."""

    def act(values: dict[str, Any]) -> date:
        day: date = values["ends_on"]
        key = forms.request_key()
        kernel_db.write(closing_service.close_for_good, the_actor(), fund_id, day, request_key=key)
        return day

    return _closed(fund_id, act, gettext("已终结，余额已写入公开日志。"))


def _closed(fund_id: int, act: Any, sentence: str) -> ResponseReturnValue:
    def again(form: forms.Form) -> str:
        typed = str(form.value("ends_on"))
        errors = schemas.ClosingForm().validate({"ends_on": typed})
        day = queries.last_closable_day() if errors else date.fromisoformat(typed)
        return _closing(fund_id, form, day)

    def done(day: date) -> ResponseReturnValue:
        flash(sentence)
        place = url_for("trust_property.desk_closing", fund_id=fund_id, ends_on=day.isoformat())
        return redirect(place, 303)

    return forms.submit(schemas.ClosingForm(), act, again, done)


def _account_url(fund_id: int, bank_account_id: int) -> str:
    return url_for(
        "trust_property.desk_bank_account", fund_id=fund_id, bank_account_id=bank_account_id, open=1
    )
