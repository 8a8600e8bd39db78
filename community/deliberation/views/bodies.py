"""Bodies: who sits in them, by which figures they decide, and demands that they meet."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.deliberation import permissions
from community.deliberation.queries import bodies as queries
from community.deliberation.queries.demands import demands
from community.deliberation.rules.bodies import BodyKind, TermPhase
from community.deliberation.schemas import meetings as schemas
from community.deliberation.service import bodies as service
from community.deliberation.service import demands as demanding
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import post
from community.kernel import clock
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.fields import Shape


@views.get("/bodies")
@public
def bodies() -> str:
    """List the bodies of the community."""
    return render_template("deliberation/bodies.html", bodies=_bodies())


@views.get("/bodies/<int:body_id>")
@public
def body(body_id: int) -> str:
    """Show a body: members, figures, demands."""
    return _body(body_id, forms.Form())


@views.post("/bodies/<int:body_id>/demands")
@needs(permissions.ATTEND)
def raise_demand(body_id: int) -> ResponseReturnValue:
    """Demand a meeting."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            demanding.raise_demand,
            the_actor(),
            body_id,
            values["title"],
            values["reason"],
            request_key=forms.request_key(),
        )

    told = gettext("已发起，您是第一个签名的人。")
    return post(
        schemas.DemandForm(), act, lambda form: _body(body_id, form), told,
        "deliberation.body", body_id=body_id,
    )  # fmt: skip


@views.post("/bodies/<int:body_id>/demands/<int:demand_id>/sign")
@needs(permissions.ATTEND)
def sign_demand(body_id: int, demand_id: int) -> ResponseReturnValue:
    """Sign a demand."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            demanding.sign_demand, the_actor(), demand_id, request_key=forms.request_key()
        )

    told = gettext("已签名。")
    return post(
        Shape(), act, lambda form: _body(body_id, form), told,
        "deliberation.body", body_id=body_id,
    )  # fmt: skip


@views.get("/desk/bodies")
@needs(permissions.READ)
def desk_bodies() -> str:
    """List bodies and terms that end soon; found another."""
    return _desk(forms.Form())


@views.post("/desk/bodies")
@needs(permissions.CONVENE)
def found_body() -> ResponseReturnValue:
    """Found a body."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.found_body,
            the_actor(),
            values["kind"],
            values["name"],
            values["term_months"],
            request_key=forms.request_key(),
        )

    told = gettext("已建立。请加入成员，核对议事数字。")
    return post(schemas.BodyForm(), act, _desk, told, "deliberation.desk_bodies")


@views.get("/desk/bodies/<int:body_id>")
@needs(permissions.READ)
def desk_body(body_id: int) -> str:
    """Show a body with the forms for members and figures."""
    return _desk_body(body_id, forms.Form())


@views.post("/desk/bodies/<int:body_id>/members")
@needs(permissions.CONVENE)
def seat_member(body_id: int) -> ResponseReturnValue:
    """Let somebody sit in a body."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.seat_member,
            the_actor(),
            body_id,
            values["person_id"],
            values["office"],
            values["from_on"],
            values["until_on"],
            values["side"],
            request_key=forms.request_key(),
        )

    told = gettext("已加入成员。")
    return post(
        schemas.MemberForm(), act, lambda form: _desk_body(body_id, form), told,
        "deliberation.desk_body", body_id=body_id,
    )  # fmt: skip


@views.post("/desk/bodies/<int:body_id>/members/<int:member_id>/end")
@needs(permissions.CONVENE)
def end_term(body_id: int, member_id: int) -> ResponseReturnValue:
    """End a member's term."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.end_term,
            the_actor(),
            body_id,
            member_id,
            values["reason"],
            request_key=forms.request_key(),
        )

    told = gettext("任期已结束。")
    return post(
        schemas.EndingForm(), act, lambda form: _desk_body(body_id, form), told,
        "deliberation.desk_body", body_id=body_id,
    )  # fmt: skip


@views.post("/desk/bodies/<int:body_id>/rules")
@needs(permissions.CONVENE)
def set_body_rule(body_id: int) -> ResponseReturnValue:
    """Let new figures hold from a day on."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.set_body_rule,
            the_actor(),
            body_id,
            values["valid_from"],
            values["figures"],
            values["adopted_by_words"],
            request_key=forms.request_key(),
        )

    told = gettext("新的议事数字已登记。")
    return post(
        schemas.FiguresForm(), act, lambda form: _desk_body(body_id, form), told,
        "deliberation.desk_body", body_id=body_id,
    )  # fmt: skip


def _bodies() -> tuple[queries.BodyView, ...]:
    return queries.bodies(db.session, the_actor())


def _body(body_id: int, form: forms.Form) -> str:
    return render_template("deliberation/body.html", form=form, **_facts(body_id))


def _facts(body_id: int) -> dict[str, Any]:
    actor = the_actor()
    found = queries.get_body(db.session, actor, body_id)
    sitting = queries.members_of_body(db.session, actor.community_id, body_id, clock.today())
    terms = queries.members(db.session, actor, body_id)
    return {
        "body": found,
        "figures": found.rule.figures,
        "members": [each for each in terms if each.phase is not TermPhase.OVER],
        "over": [each for each in terms if each.phase is TermPhase.OVER],
        "demands": demands(db.session, actor, body_id),
        "is_member": actor.subject_id in sitting,
        "by_register": found.kind is BodyKind.OWNERS_MEETING,
    }


def _desk(form: forms.Form) -> str:
    ending = queries.ending_terms(db.session, the_actor())
    return render_template(
        "deliberation/desk_bodies.html", form=form, bodies=_bodies(), ending=ending
    )


def _desk_body(body_id: int, form: forms.Form) -> str:
    actor = the_actor()
    looked_for = request.args.get("q", "").strip()
    found = identity.search_people(db.session, actor.community_id, looked_for) if looked_for else ()
    return render_template(
        "deliberation/desk_body.html",
        form=form,
        looked_for=looked_for,
        people=found,
        rules=queries.rules_of(db.session, actor, body_id),
        today=clock.today(),
        **_facts(body_id),
    )
