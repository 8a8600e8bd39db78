"""How a tender is judged: for everybody, for the desk, and a member's own sheet."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community import identity
from community.kernel import clock
from community.kernel import db as kernel_db
from community.micro_projects import permissions
from community.micro_projects.queries import award_pages
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.rules.panels import SEAT_KIND_TITLES, SEED_TITLES, Bar
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.schemas import awards as schemas
from community.micro_projects.schemas.suppliers import ButtonForm
from community.micro_projects.service import awards, panels, reviews
from community.micro_projects.views.award_words import options
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.evaluation_words import say_next
from community.micro_projects.views.pressing import press
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db


@views.get("/projects/tenders/<int:tender_id>/evaluation")
@public
def evaluation(tender_id: int) -> str:
    """Show everybody how a tender is judged, as far as it may be known now."""
    found = award_pages.evaluation(db.session, the_actor(), tender_id)
    return render_template(
        "micro_projects/evaluation.html",
        found=found,
        next=say_next(found),
        bars={each.value: each for each in Bar},
    )


@views.get("/projects/lots/<int:lot_id>.json")
@public
def lot_file(lot_id: int) -> Response:
    """Give all that anybody needs to repeat a lot."""
    told = award_pages.lot_file(db.session, the_actor(), lot_id)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="lot-{lot_id}.json"'
    return answer


@views.get("/desk/tenders/<int:tender_id>/evaluation")
@needs(permissions.READ)
def desk_evaluation(tender_id: int) -> str:
    """Show the desk a tender's evaluation and what comes next."""
    return _desk(tender_id, forms.Form())


@views.post("/desk/tenders/<int:tender_id>/bids/<int:bid_id>/judge")
@needs(permissions.AWARD)
def judge_bid(tender_id: int, bid_id: int) -> ResponseReturnValue:
    """Say whether a bid counts."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            reviews.judge_bid,
            the_actor(),
            bid_id,
            values["is_responsive"],
            values["reason"],
            request_key=forms.request_key(),
        )

    return _press(schemas.JudgeForm(), act, tender_id, gettext("已记录，单位会收到通知。"))


@views.post("/desk/tenders/<int:tender_id>/bids/<int:bid_id>/price")
@needs(permissions.AWARD)
def decide_price(tender_id: int, bid_id: int) -> ResponseReturnValue:
    """Decide on the explanation of a low price."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            reviews.decide_price,
            the_actor(),
            bid_id,
            values["is_accepted"],
            values["words"],
            request_key=forms.request_key(),
        )

    return _press(schemas.DecideForm(), act, tender_id, gettext("结论已公开。"))


@views.post("/desk/tenders/<int:tender_id>/panel")
@needs(permissions.AWARD)
def publish_panel_list(tender_id: int) -> ResponseReturnValue:
    """Publish the list of who may be drawn."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            panels.publish_panel_list, the_actor(), tender_id, values["plan"], request_key=key
        )

    told = gettext("名单指纹和种子来源已经公布。")
    return _press(schemas.LotSeedForm(), act, tender_id, told)


@views.post("/desk/tenders/<int:tender_id>/lots/<int:lot_id>/panel")
@needs(permissions.AWARD)
def draw_panel(tender_id: int, lot_id: int) -> ResponseReturnValue:
    """Draw the panel."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(panels.draw_panel, the_actor(), lot_id, values["number"], request_key=key)

    return _press(schemas.LotDrawForm(), act, tender_id, gettext("评委已抽出并通知本人。"))


@views.post("/desk/tenders/<int:tender_id>/panel/give-up")
@needs(permissions.AWARD)
def give_up_panel(tender_id: int) -> ResponseReturnValue:
    """Give a panel up that can no longer decide."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(panels.give_up_panel, the_actor(), tender_id, request_key=key)

    return _press(ButtonForm(), act, tender_id, gettext("请重新公布名单、抽取评委。"))


@views.post("/desk/tenders/<int:tender_id>/tie")
@needs(permissions.AWARD)
def publish_tie_list(tender_id: int) -> ResponseReturnValue:
    """Publish which tied bids a lot will part."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(
            awards.publish_tie_list, the_actor(), tender_id, values["plan"], request_key=key
        )

    told = gettext("并列名单和种子来源已经公布。")
    return _press(schemas.LotSeedForm(), act, tender_id, told)


@views.post("/desk/tenders/<int:tender_id>/lots/<int:lot_id>/tie")
@needs(permissions.AWARD)
def draw_tie(tender_id: int, lot_id: int) -> ResponseReturnValue:
    """Part tied bids."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(awards.draw_tie, the_actor(), lot_id, values["number"], request_key=key)

    return _press(schemas.LotDrawForm(), act, tender_id, gettext("已抽签，先后已定。"))


@views.post("/desk/tenders/<int:tender_id>/notice")
@needs(permissions.AWARD)
def notice_award(tender_id: int) -> ResponseReturnValue:
    """Post who comes first."""

    def act(_: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(awards.notice_award, the_actor(), tender_id, request_key=key)
        return made

    return press(
        ButtonForm(),
        act,
        lambda form: _desk(tender_id, form),
        gettext("结果已公示，投标单位都会收到通知。"),
        lambda made: url_for("micro_projects.award", award_id=made),
    )


@views.post("/desk/tenders/<int:tender_id>/failed")
@needs(permissions.AWARD)
def declare_failed(tender_id: int) -> ResponseReturnValue:
    """End a tender none of whose bidders is left."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(awards.declare_failed, the_actor(), tender_id, request_key=key)

    return _press(ButtonForm(), act, tender_id, gettext("已宣布流标，可以重新招标。"))


@views.get("/desk/evaluators")
@needs(permissions.READ)
def desk_evaluators() -> str:
    """Show the pool."""
    return _pool(forms.Form())


@views.post("/desk/evaluators")
@needs(permissions.AWARD)
def add_evaluator() -> ResponseReturnValue:
    """Let somebody into the pool."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            panels.add_evaluator,
            the_actor(),
            values["person_id"],
            values["kind"],
            values["field"],
            request_key=forms.request_key(),
        )

    return press(
        schemas.EvaluatorForm(),
        act,
        _pool,
        gettext("已加入评委库。"),
        lambda _: url_for("micro_projects.desk_evaluators"),
    )


@views.post("/desk/evaluators/<int:evaluator_id>/remove")
@needs(permissions.AWARD)
def remove_evaluator(evaluator_id: int) -> ResponseReturnValue:
    """Let somebody leave the pool."""

    def act(_: dict[str, Any]) -> None:
        key = forms.request_key()
        kernel_db.write(panels.remove_evaluator, the_actor(), evaluator_id, request_key=key)

    return press(
        ButtonForm(),
        act,
        _pool,
        gettext("已退出评委库。"),
        lambda _: url_for("micro_projects.desk_evaluators"),
    )


@views.post("/desk/seats/<int:seat_id>/recuse")
@needs(permissions.AWARD)
def recuse_member(seat_id: int) -> ResponseReturnValue:
    """See to it that a member leaves."""
    tender_id = panel_queries.tender_of_seat(db.session, the_actor(), seat_id)

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            panels.recuse, the_actor(), seat_id, values["words"], request_key=forms.request_key()
        )

    return _press(schemas.RecuseForm(), act, tender_id, gettext("已回避。"))


def _press(schema: Any, act: Any, tender_id: int, told: str) -> ResponseReturnValue:
    return press(
        schema,
        act,
        lambda form: _desk(tender_id, form),
        told,
        lambda _: url_for("micro_projects.desk_evaluation", tender_id=tender_id),
    )


def _desk(tender_id: int, form: forms.Form) -> str:
    found = award_pages.desk_evaluation(db.session, the_actor(), tender_id)
    return render_template(
        "micro_projects/desk_evaluation.html",
        form=form,
        found=found,
        next=say_next(found),
        is_evaluating=found.tender.state is TenderState.EVALUATING,
        may_run=the_actor().may(permissions.AWARD.code),
        sources=options(SEED_TITLES),
        soonest=clock.now() + timedelta(hours=2),
        bars={each.value: each for each in Bar},
        today=clock.today(),
    )


def _pool(form: forms.Form) -> str:
    actor = the_actor()
    text = request.args.get("q", "")
    people = identity.search_people(db.session, actor.community_id, text) if text else ()
    return render_template(
        "micro_projects/desk_evaluators.html",
        form=form,
        evaluators=award_pages.evaluators(db.session, actor),
        people=people,
        text=text,
        kinds=options(SEAT_KIND_TITLES),
        may_run=actor.may(permissions.AWARD.code),
    )
