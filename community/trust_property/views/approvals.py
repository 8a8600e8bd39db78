"""The committee's phone pages: what waits, one thing on one screen, approve or send back."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import db as kernel_db
from community.trust_property import permissions
from community.trust_property.queries import budgets as budget_queries
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import keys as key_queries
from community.trust_property.queries import matters as queries
from community.trust_property.queries import spending as spending_queries
from community.trust_property.rules.fund import emergency_path, expense_path
from community.trust_property.rules.keys import KeySide
from community.trust_property.rules.matters import MatterKind, MatterState
from community.trust_property.schemas import spending as schemas
from community.trust_property.service import matters as service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db


@views.get("/desk/fund/<int:fund_id>/approvals")
@needs(permissions.READ)
def approvals(fund_id: int) -> ResponseReturnValue:
    """List what waits for the committee, then what was decided."""
    actor = the_actor()
    return render_template(
        "trust_property/approvals.html",
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        waiting=queries.matters(db.session, actor, fund_id, MatterState.OPEN),
        decided=[
            each
            for each in queries.matters(db.session, actor, fund_id)
            if each.state is not MatterState.OPEN
        ][:30],
        kind_title=pieces.kind_title,
        matter_tag=pieces.matter_tag,
        side=key_queries.find_key(db.session, actor, fund_id),
    )


@views.get("/desk/fund/<int:fund_id>/approvals/<int:matter_id>")
@needs(permissions.READ)
def matter(fund_id: int, matter_id: int) -> ResponseReturnValue:
    """Show one matter whole: what the key binds to."""
    return _matter(fund_id, matter_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/approvals/<int:matter_id>/approve")
@needs(permissions.APPROVE)
def approve_matter(fund_id: int, matter_id: int) -> ResponseReturnValue:
    """Turn the committee's key."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.approve_matter,
            the_actor(),
            fund_id,
            matter_id,
            values["content_hash"],
            request_key=forms.request_key(),
        )

    return _posted(fund_id, matter_id, schemas.ApproveForm(), act, gettext("已用您的钥匙批准。"))


@views.post("/desk/fund/<int:fund_id>/approvals/<int:matter_id>/reject")
@needs(permissions.APPROVE)
def reject_matter(fund_id: int, matter_id: int) -> ResponseReturnValue:
    """Send it back with a reason."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.reject_matter,
            the_actor(),
            fund_id,
            matter_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    return _posted(fund_id, matter_id, schemas.ReasonForm(), act, gettext("已退回。"))


@views.post("/desk/fund/<int:fund_id>/approvals/<int:matter_id>/withdraw")
@needs(permissions.PREPARE)
def withdraw_matter(fund_id: int, matter_id: int) -> ResponseReturnValue:
    """Withdraw what one put to the committee."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.withdraw_matter,
            the_actor(),
            fund_id,
            matter_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    return _posted(fund_id, matter_id, schemas.ReasonForm(), act, gettext("已撤回。"))


def _posted(
    fund_id: int, matter_id: int, schema: Any, act: pieces.Act, told: str
) -> ResponseReturnValue:
    answer: ResponseReturnValue = pieces.post(
        schema,
        act,
        lambda form: _matter(fund_id, matter_id, form),
        told,
        "trust_property.matter",
        fund_id=fund_id,
        matter_id=matter_id,
    )
    return answer


def _matter(fund_id: int, matter_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_matter(db.session, actor, fund_id, matter_id)
    side = key_queries.find_key(db.session, actor, fund_id)
    is_open = found.state is MatterState.OPEN
    is_other = actor.person_id not in {found.raised_by_id, *found.approver_ids}
    return render_template(
        "trust_property/matter.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        matter=found,
        kind=pieces.kind_title(found.kind),
        tag=pieces.matter_tag(found.state),
        line=_line(fund_id, found),
        may_approve=is_open and is_other and side is KeySide.COMMITTEE,
        may_withdraw=is_open and side is KeySide.TRUSTEE,
        is_payee=found.kind == MatterKind.PAYEE and any(each.before for each in found.facts),
        has_before=any(each.before for each in found.facts),
    )


def _line(fund_id: int, found: queries.MatterView) -> budget_queries.Use | None:
    """Tell what is left of the line a spending matter draws on."""
    if found.kind not in {MatterKind.SPEND, MatterKind.RATIFY} or found.subject_id is None:
        return None
    actor = the_actor()
    fund = fund_queries.get_fund(db.session, actor, fund_id)
    asked = spending_queries.get_request(db.session, actor, fund_id, found.subject_id)
    path = expense_path(asked.year, asked.line_code)
    if asked.is_emergency:
        path = emergency_path(asked.year)
    return budget_queries.use_of(db.session, actor, fund, path)
