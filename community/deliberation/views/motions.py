"""A motion's page: members second, amend, wait to speak; the chair gives the floor and counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.queries import motions as queries
from community.deliberation.queries.decisions import find_decision_of
from community.deliberation.queries.meetings import seats
from community.deliberation.queries.polls import find_poll
from community.deliberation.rules.meetings import yes_needed
from community.deliberation.schemas import meetings as schemas
from community.deliberation.service import counting, motions, phone_votes, speeches
from community.deliberation.views.blueprint import views
from community.deliberation.views.meeting_words import Act, post
from community.deliberation.views.meetings import meeting_facts
from community.kernel.db import write
from community.web import forms
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.fields import Shape

MOTION = "/motions/<int:motion_id>"
AMENDMENT = f"{MOTION}/amendments/<int:amendment_id>"


@views.get(MOTION)
@public
def motion(motion_id: int) -> str:
    """Show a motion: exact words, amendments, speakers, count."""
    return _motion(motion_id, forms.Form())


@views.get(f"{MOTION}/live")
@public
def motion_live(motion_id: int) -> ResponseReturnValue:
    """Tell who is there and who speaks, by the server's clock; the page asks every few seconds."""
    actor = the_actor()
    found = queries.get_motion(db.session, actor, motion_id)
    facts = meeting_facts(found.meeting_id)
    floor = queries.floor_of(db.session, actor, motion_id)
    speaking = floor.speaking
    return jsonify(
        present=facts["meeting"].present_count,
        quorum=facts["meeting"].quorum,
        has_quorum=facts["meeting"].has_quorum,
        speaker=None if speaking is None else speaking.name,
        seconds_left=None if speaking is None else speaking.seconds_left,
        waiting=[each.name for each in floor.waiting],
        state=found.state.value,
        amendments=[each.state.value for each in found.amendments],
    )


@views.post(f"{MOTION}/second")
@needs(permissions.ATTEND)
def second_motion(motion_id: int) -> ResponseReturnValue:
    """Second a motion."""
    return _press(
        motion_id,
        lambda key: write(motions.second_motion, the_actor(), motion_id, request_key=key),
        gettext("已附议。文字从现在起固定。"),
    )


@views.post(f"{MOTION}/withdraw")
@needs(permissions.ATTEND)
def withdraw_motion(motion_id: int) -> ResponseReturnValue:
    """Take a motion back."""
    return _press(
        motion_id,
        lambda key: write(motions.withdraw_motion, the_actor(), motion_id, request_key=key),
        gettext("动议已撤回。"),
    )


@views.post(f"{MOTION}/amendments")
@needs(permissions.ATTEND)
def move_amendment(motion_id: int) -> ResponseReturnValue:
    """Move an amendment."""

    def act(values: dict[str, Any]) -> None:
        words = values["from_words"], values["to_words"]
        key = forms.request_key()
        write(motions.move_amendment, the_actor(), motion_id, *words, request_key=key)

    return _post(schemas.AmendmentForm(), act, motion_id, gettext("修正案已提出，等附议。"))


@views.post(f"{AMENDMENT}/second")
@needs(permissions.ATTEND)
def second_amendment(motion_id: int, amendment_id: int) -> ResponseReturnValue:
    """Second an amendment."""
    at = motion_id, amendment_id
    return _press(
        motion_id,
        lambda key: write(motions.second_amendment, the_actor(), *at, request_key=key),
        gettext("已附议修正案。"),
    )


@views.post(f"{AMENDMENT}/withdraw")
@needs(permissions.ATTEND)
def withdraw_amendment(motion_id: int, amendment_id: int) -> ResponseReturnValue:
    """Take an amendment back."""
    at = motion_id, amendment_id
    return _press(
        motion_id,
        lambda key: write(motions.withdraw_amendment, the_actor(), *at, request_key=key),
        gettext("修正案已撤回。"),
    )


@views.post(f"{AMENDMENT}/count")
@needs(permissions.RUN)
def count_amendment(motion_id: int, amendment_id: int) -> ResponseReturnValue:
    """Count hands for an amendment."""

    def act(values: dict[str, Any]) -> None:
        votes = values["yes"], values["no"], values["abstain"]
        at, key = (motion_id, amendment_id), forms.request_key()
        write(counting.count_amendment, the_actor(), *at, *votes, request_key=key)

    return _post(schemas.CountForm(), act, motion_id, gettext("修正案的计票已记录。"))


@views.post(f"{MOTION}/count")
@needs(permissions.RUN)
def count_motion(motion_id: int) -> ResponseReturnValue:
    """Count hands for a motion."""

    def act(values: dict[str, Any]) -> None:
        votes, key = (values["yes"], values["no"], values["abstain"]), forms.request_key()
        write(counting.count_motion, the_actor(), motion_id, *votes, request_key=key)

    return _post(schemas.CountForm(), act, motion_id, gettext("计票已记录。"))


@views.post(f"{MOTION}/phone-vote")
@needs(permissions.RUN)
def begin_phone_vote(motion_id: int) -> ResponseReturnValue:
    """Let those present vote by phone."""

    def act(values: dict[str, Any]) -> None:
        at, key = (motion_id, values["minutes"]), forms.request_key()
        write(phone_votes.begin_phone_vote, the_actor(), *at, request_key=key)

    return _post(
        schemas.VoteTimeForm(), act, motion_id, gettext("手机表决开始，到会的人可以投票。")
    )


@views.post(f"{MOTION}/phone-vote/end")
@needs(permissions.RUN)
def end_phone_vote(motion_id: int) -> ResponseReturnValue:
    """Count a poll whose time is over."""
    return _press(
        motion_id,
        lambda key: write(phone_votes.end_phone_vote, the_actor(), motion_id, request_key=key),
        gettext("手机表决已计票。"),
    )


@views.post(f"{MOTION}/phone-vote/release")
@needs(permissions.RUN)
def release_motion(motion_id: int) -> ResponseReturnValue:
    """Let a motion be discussed again whose poll was withdrawn."""
    return _press(
        motion_id,
        lambda key: write(phone_votes.release_motion, the_actor(), motion_id, request_key=key),
        gettext("表决已撤回，可以继续讨论。"),
    )


@views.post(f"{MOTION}/speak")
@needs(permissions.ATTEND)
def ask_to_speak(motion_id: int) -> ResponseReturnValue:
    """Wait to speak."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        write(speeches.ask_to_speak, the_actor(), motion_id, values["side"], request_key=key)

    return _post(schemas.SideForm(), act, motion_id, gettext("已排队，轮到时主持人会叫您。"))


@views.post(f"{MOTION}/leave")
@needs(permissions.ATTEND)
def leave_queue(motion_id: int) -> ResponseReturnValue:
    """Give up one's place."""
    return _press(
        motion_id,
        lambda key: write(speeches.leave_queue, the_actor(), motion_id, request_key=key),
        gettext("已退出排队。"),
    )


@views.post(f"{MOTION}/speakers")
@needs(permissions.RUN)
def note_speaker(motion_id: int) -> ResponseReturnValue:
    """Let somebody without a phone wait to speak."""

    def act(values: dict[str, Any]) -> None:
        who, key = (values["person_id"], values["side"]), forms.request_key()
        write(speeches.note_speaker, the_actor(), motion_id, *who, request_key=key)

    return _post(schemas.SpeakerForm(), act, motion_id, gettext("已排队。"))


@views.post(f"{MOTION}/floor")
@needs(permissions.RUN)
def give_floor(motion_id: int) -> ResponseReturnValue:
    """Give the floor to who is next."""
    return _press(
        motion_id,
        lambda key: write(speeches.give_floor, the_actor(), motion_id, request_key=key),
        gettext("计时开始。"),
    )


@views.post(f"{MOTION}/floor/end")
@needs(permissions.RUN)
def end_speech(motion_id: int) -> ResponseReturnValue:
    """End the speech that runs."""
    return _press(
        motion_id,
        lambda key: write(speeches.end_speech, the_actor(), motion_id, request_key=key),
        gettext("发言结束。"),
    )


def _press(motion_id: int, press: Callable[[str], object], told: str) -> ResponseReturnValue:
    return _post(Shape(), lambda _: press(forms.request_key()), motion_id, told)


def _post(schema: Shape, act: Act, motion_id: int, told: str) -> ResponseReturnValue:
    return post(
        schema, act, lambda form: _motion(motion_id, form), told,
        "deliberation.motion", motion_id=motion_id,
    )  # fmt: skip


def _motion(motion_id: int, form: forms.Form) -> str:
    actor = the_actor()
    found = queries.get_motion(db.session, actor, motion_id)
    facts = meeting_facts(found.meeting_id)
    decision = find_decision_of(db.session, actor, motion_id)
    present = [each for each in seats(db.session, actor, found.meeting_id) if each.is_present]
    base = facts["meeting"].present_count
    if facts["figures"].passing_base.value == "members":
        base = facts["meeting"].expected_count or 0
    pending = {"moved", "seconded"}
    poll = None
    if found.poll_id is not None:
        poll = find_poll(db.session, actor.community_id, found.poll_id)
    return render_template(
        "deliberation/motion.html",
        poll=poll,
        form=form,
        motion=found,
        floor=queries.floor_of(db.session, actor, motion_id),
        present=present,
        decision=decision,
        pending=[each for each in found.amendments if each.state.value in pending],
        **facts | {"needed": yes_needed(facts["figures"], base)},
    )
