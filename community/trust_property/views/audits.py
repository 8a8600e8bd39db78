"""Audits: worked on at the auditor's desk, open to everybody from the announcement on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import audits as queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.rules.audits import OPINIONS, SEVERITIES
from community.trust_property.schemas import audits as schemas
from community.trust_property.service import audits as service
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.fields import Shape

DESK = "/desk/fund/<int:fund_id>/audits"
ONE = f"{DESK}/<int:audit_id>"


@views.get("/fund/<int:fund_id>/audits")
@public
def public_audits(fund_id: int) -> ResponseReturnValue:
    """Show everybody a fund's audits."""
    actor = the_actor()
    return render_template(
        "trust_property/audits.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        audits=queries.audits(db.session, actor, fund_id),
        opinions=OPINIONS,
    )


@views.get("/fund/<int:fund_id>/audits/<int:audit_id>")
@public
def public_audit(fund_id: int, audit_id: int) -> ResponseReturnValue:
    """Show everybody an audit: how the sample was drawn, findings, replies, the opinion."""
    return render_template("trust_property/audit.html", **_facts(fund_id, audit_id, forms.Form()))


@views.get("/desk/audits")
@needs(permissions.READ)
def desk_audits() -> ResponseReturnValue:
    """List the audits of every fund; the auditor announces one here."""
    return _audits(forms.Form())


@views.post(DESK)
@needs(permissions.AUDIT)
def announce_audit(fund_id: int) -> ResponseReturnValue:
    """Announce an audit."""

    def act(values: dict[str, Any]) -> int:
        key = forms.request_key()
        plan = values["plan"]
        made: int = kernel_db.write(
            service.announce_audit, the_actor(), fund_id, plan, request_key=key
        )
        return made

    return forms.submit(
        schemas.AuditPlanForm(),
        act,
        _audits,
        lambda made: _told(gettext("审计已公告。下一个检查点签出后就能抽样。"), fund_id, made),
    )


@views.get(ONE)
@needs(permissions.READ)
def desk_audit(fund_id: int, audit_id: int) -> ResponseReturnValue:
    """Work through an audit's sample."""
    return _desk(fund_id, audit_id, forms.Form())


@views.post(f"{ONE}/draw")
@needs(permissions.AUDIT)
def draw_sample(fund_id: int, audit_id: int) -> ResponseReturnValue:
    """Draw the sample."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.draw_sample, the_actor(), fund_id, audit_id, request_key=key)

    return _work(Shape(), act, gettext("样本已抽出并公开。"), fund_id, audit_id)


@views.post(f"{ONE}/check")
@needs(permissions.AUDIT)
def check_entry(fund_id: int, audit_id: int) -> ResponseReturnValue:
    """Note that an entry was looked at."""

    def act(values: dict[str, Any]) -> None:
        number = values["transaction_id"]
        key = forms.request_key()
        kernel_db.write(
            service.check_entry, the_actor(), fund_id, audit_id, number, request_key=key
        )

    return _work(schemas.EntryForm(), act, gettext("已记为查过。"), fund_id, audit_id)


@views.post(f"{ONE}/findings")
@needs(permissions.AUDIT)
def add_finding(fund_id: int, audit_id: int) -> ResponseReturnValue:
    """Attach a finding to an entry."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.add_finding,
            the_actor(),
            fund_id,
            audit_id,
            values["transaction_id"],
            values["severity"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _work(schemas.FindingForm(), act, gettext("审计发现已公开。"), fund_id, audit_id)


@views.post(f"{ONE}/findings/<int:finding_id>/replies")
@needs(permissions.ANSWER)
def reply_to_finding(fund_id: int, audit_id: int, finding_id: int) -> ResponseReturnValue:
    """Reply to a finding."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.reply_to_finding,
            the_actor(),
            fund_id,
            audit_id,
            finding_id,
            values["words"],
            request_key=forms.request_key(),
        )

    return _work(schemas.ReplyForm(), act, gettext("答复已公开。"), fund_id, audit_id)


@views.post(f"{ONE}/opinion")
@needs(permissions.AUDIT)
def give_opinion(fund_id: int, audit_id: int) -> ResponseReturnValue:
    """Close the audit with its opinion."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.give_opinion,
            the_actor(),
            fund_id,
            audit_id,
            values["kind"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _work(schemas.OpinionForm(), act, gettext("审计意见已公开。"), fund_id, audit_id)


def _work(
    shape: Schema, act: Callable[[dict[str, Any]], None], said: str, fund_id: int, audit_id: int
) -> ResponseReturnValue:
    return forms.submit(
        shape,
        act,
        lambda form: _desk(fund_id, audit_id, form),
        lambda _: _told(said, fund_id, audit_id),
    )


def _audits(form: forms.Form) -> str:
    actor = the_actor()
    funds = fund_queries.funds(db.session, actor)
    return render_template(
        "trust_property/desk_audits.html",
        form=form,
        funds=[(fund, queries.audits(db.session, actor, fund.id)) for fund in funds],
        opinions=OPINIONS,
    )


def _desk(fund_id: int, audit_id: int, form: forms.Form) -> str:
    facts = _facts(fund_id, audit_id, form)
    return render_template("trust_property/desk_audit.html", **facts)


def _facts(fund_id: int, audit_id: int, form: forms.Form) -> dict[str, Any]:
    actor = the_actor()
    return {
        "form": form,
        "fund": fund_queries.get_fund(db.session, actor, fund_id),
        "file": queries.get_audit(db.session, actor, fund_id, audit_id),
        "opinions": OPINIONS,
        "severities": SEVERITIES,
    }


def _told(sentence: str, fund_id: int, audit_id: int) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("trust_property.desk_audit", fund_id=fund_id, audit_id=audit_id), 303)
