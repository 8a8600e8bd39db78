"""The desk's pages of keys and handovers."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel import db as kernel_db
from community.kernel.permissions import Role
from community.trust_property import permissions
from community.trust_property.errors.matters import ReasonMissing
from community.trust_property.queries import fund as fund_queries
from community.trust_property.queries import handovers as handover_queries
from community.trust_property.queries import keys as queries
from community.trust_property.rules.keys import KeySide
from community.trust_property.schemas import setting_up as schemas
from community.trust_property.service import handovers as handover_service
from community.trust_property.service import keys as service
from community.trust_property.views import pieces
from community.trust_property.views.blueprint import views
from community.trust_property.views.papers import taken
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.pdf import send_pdf


@views.get("/desk/fund/<int:fund_id>/keys")
@needs(permissions.READ)
def keys(fund_id: int) -> ResponseReturnValue:
    """Show who holds which key."""
    return _keys(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/keys")
@needs(permissions.FOUND)
def register_key_holder(fund_id: int) -> ResponseReturnValue:
    """Give a key."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.register_key_holder,
            the_actor(),
            fund_id,
            values["side"],
            values["person_id"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _posted_key(fund_id, schemas.HolderForm(), act, gettext("钥匙已登记。"))


@views.post("/desk/fund/<int:fund_id>/deputies")
@needs(permissions.FOUND)
def appoint_deputy(fund_id: int) -> ResponseReturnValue:
    """Let a deputy stand in."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.appoint_deputy,
            the_actor(),
            fund_id,
            values["holder_id"],
            values["person_id"],
            values["from_on"],
            values["until_on"],
            values["reference"],
            request_key=forms.request_key(),
        )

    return _posted_key(fund_id, schemas.DeputyForm(), act, gettext("代理已登记。"))


@views.post("/desk/fund/<int:fund_id>/keys/<int:holder_id>/end")
@needs(permissions.FOUND)
def end_key(fund_id: int, holder_id: int) -> ResponseReturnValue:
    """Take a key back."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(service.end_key, the_actor(), fund_id, holder_id, request_key=key)

    return _posted_key(fund_id, schemas.EmptyForm(), act, gettext("钥匙已收回。"))


@views.get("/desk/fund/<int:fund_id>/handovers")
@needs(permissions.READ)
def handovers(fund_id: int) -> ResponseReturnValue:
    """Show handovers, and what is open now."""
    return _handovers(fund_id, forms.Form())


@views.post("/desk/fund/<int:fund_id>/handovers")
@needs(permissions.FOUND)
def hand_over(fund_id: int) -> ResponseReturnValue:
    """End one side's keys and give them to others."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            handover_service.hand_over,
            the_actor(),
            fund_id,
            values["side"],
            values["person_ids"],
            values["reference"],
            values["trustee_id"],
            request_key=forms.request_key(),
        )

    answer: ResponseReturnValue = pieces.post(
        schemas.HandoverForm(),
        act,
        lambda form: _handovers(fund_id, form),
        gettext("交接已办理，原来的钥匙即刻失效。"),
        "trust_property.handovers",
        fund_id=fund_id,
    )
    return answer


@views.get("/desk/fund/<int:fund_id>/handovers/<int:handover_id>")
@needs(permissions.READ)
def handover(fund_id: int, handover_id: int) -> ResponseReturnValue:
    """Show a handover with its list."""
    return _handover(fund_id, handover_id, forms.Form())


@views.get("/desk/fund/<int:fund_id>/handovers/<int:handover_id>.pdf")
@needs(permissions.READ)
def handover_paper(fund_id: int, handover_id: int) -> ResponseReturnValue:
    """Give the list for both signatures as a PDF."""
    actor = the_actor()
    found = handover_queries.get_handover(db.session, actor, fund_id, handover_id)
    fund = fund_queries.get_fund(db.session, actor, fund_id)
    return send_pdf(
        f"handover-{handover_id}",
        "trust_property/handover_paper.html",
        fund=fund,
        handover=found,
        side=pieces.side_word(found.side),
    )


@views.post("/desk/fund/<int:fund_id>/handovers/<int:handover_id>/confirm")
@needs(permissions.READ)
def confirm_handover(fund_id: int, handover_id: int) -> ResponseReturnValue:
    """Confirm the list one takes over."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            handover_service.confirm_handover, the_actor(), fund_id, handover_id, request_key=key
        )

    return _posted_handover(fund_id, handover_id, act, gettext("已确认接收。"))


@views.post("/desk/fund/<int:fund_id>/handovers/<int:handover_id>/sign")
@needs(permissions.FOUND)
def keep_signed_handover(fund_id: int, handover_id: int) -> ResponseReturnValue:
    """Keep the signed list."""

    def act(_: dict[str, Any]) -> None:
        papers = taken("paper")
        if not papers:
            raise ReasonMissing
        kernel_db.write(
            handover_service.keep_signed_handover,
            the_actor(),
            fund_id,
            handover_id,
            papers[0],
            request_key=forms.request_key(),
        )

    return _posted_handover(fund_id, handover_id, act, gettext("签字文件已保存。"))


def _posted_key(fund_id: int, schema: Any, act: pieces.Act, told: str) -> ResponseReturnValue:
    answer: ResponseReturnValue = pieces.post(
        schema,
        act,
        lambda form: _keys(fund_id, form),
        told,
        "trust_property.keys",
        fund_id=fund_id,
    )
    return answer


def _posted_handover(
    fund_id: int, handover_id: int, act: pieces.Act, told: str
) -> ResponseReturnValue:
    answer: ResponseReturnValue = pieces.post(
        schemas.EmptyForm(),
        act,
        lambda form: _handover(fund_id, handover_id, form),
        told,
        "trust_property.handover",
        fund_id=fund_id,
        handover_id=handover_id,
    )
    return answer


def _candidates(side: KeySide) -> list[tuple[int, str]]:
    community_id = the_actor().community_id
    role = Role.PROPERTY if side is KeySide.TRUSTEE else Role.COMMITTEE
    ids = identity.people_with_role(db.session, community_id, role)
    cards = identity.people(db.session, community_id, ids)
    return [(person_id, cards[person_id].name) for person_id in ids if person_id in cards]


def _keys(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    return render_template(
        "trust_property/keys.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        holders=queries.key_holders(db.session, actor, fund_id),
        side_word=pieces.side_word,
        candidates=sorted({*_candidates(KeySide.TRUSTEE), *_candidates(KeySide.COMMITTEE)}),
        today=clock.today(),
    )


def _handovers(fund_id: int, form: forms.Form) -> str:
    actor = the_actor()
    kind = identity.OrganizationKind.PROPERTY
    return render_template(
        "trust_property/handovers.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        handovers=handover_queries.handovers(db.session, actor, fund_id),
        items=handover_queries.open_items(db.session, actor, fund_id),
        candidates=sorted({*_candidates(KeySide.TRUSTEE), *_candidates(KeySide.COMMITTEE)}),
        firms=identity.organizations(db.session, actor.community_id, kind),
        side_word=pieces.side_word,
    )


def _handover(fund_id: int, handover_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = handover_queries.get_handover(db.session, actor, fund_id, handover_id)
    return render_template(
        "trust_property/handover.html",
        form=form,
        fund=fund_queries.get_fund(db.session, actor, fund_id),
        handover=found,
        side=pieces.side_word(found.side),
        may_confirm=queries.find_key(db.session, actor, fund_id) is found.side,
    )
