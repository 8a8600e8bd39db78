"""What a voter does: look, choose, look again, cast, and keep the receipt."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.deliberation import permissions
from community.deliberation.errors.polls import NotOnRoll, PollNotFound
from community.deliberation.queries import deliveries, own_ballots
from community.deliberation.queries import polls as queries
from community.deliberation.queries.choices import check_choice
from community.deliberation.queries.sealed import find_sealing, own_sealed_receipt
from community.deliberation.rules.poll_words import DELIVERY_WORDS
from community.deliberation.rules.polls import PollState
from community.deliberation.rules.sealed import is_sealed
from community.deliberation.schemas.polls import BallotForm
from community.deliberation.service import ballots as service
from community.deliberation.views.ballot_fields import field_kind, read_choice
from community.deliberation.views.blueprint import views
from community.deliberation.views.budget_words import ballot_cost
from community.deliberation.views.doing import Doing, add_doing
from community.deliberation.views.poll_words import choice_lines, rules_of, steps_of
from community.deliberation.views.sealed_page import sealed_vote_page
from community.kernel import db as kernel_db
from community.kernel.errors import Refusal
from community.web import forms
from community.web.access import needs, public, signed_in, the_actor, uncounted
from community.web.errors import sentence_of, status_of
from community.web.extensions import db
from community.web.filters import moment
from community.web.qr import qr_svg

TAB = "deliberation.topics"


@views.get("/polls")
@public
def polls() -> str:
    """List votes: those to cast first, then the others, then results."""
    g.tab = TAB
    return render_template(
        "deliberation/polls.html",
        polls=queries.polls(db.session, the_actor()),
        states=PollState,
    )


@add_doing
def polls_to_do() -> list[Doing]:
    """List the ballots that wait to be cast."""
    return [
        Doing(
            url_for("deliberation.vote", poll_id=each.id),
            "vote",
            each.title,
            gettext("%(end)s 截止", end=moment(each.closes_at)),
            gettext("等您投票"),
            order=10,
        )
        for each in own_ballots.polls_to_cast(db.session, the_actor())
    ]


@views.get("/polls/<int:poll_id>")
@public
def poll(poll_id: int) -> str:
    """Show what is asked, by which rules, how far it is, and the one thing to do now."""
    found = seen_poll(poll_id)
    mine = own_ballots.own_entries(db.session, the_actor(), poll_id)
    return render_template(
        "deliberation/poll.html",
        poll=found,
        mine=mine,
        deliveries=deliveries.own_deliveries(db.session, the_actor(), poll_id) if mine else {},
        sealing=find_sealing(db.session, the_actor().community_id, poll_id),
        rules=rules_of(found),
        steps=steps_of(found),
        states=PollState,
        ways=DELIVERY_WORDS,
    )


@views.get("/polls/<int:poll_id>/vote")
@needs(permissions.VOTE)
@uncounted
def vote(poll_id: int) -> ResponseReturnValue:
    """Show the ballot of one's entry, with nothing chosen."""
    return vote_page(poll_id, forms.asked_number("entry"))


@views.post("/polls/<int:poll_id>/vote")
@needs(permissions.VOTE)
@uncounted
def check_vote(poll_id: int) -> ResponseReturnValue:
    """Show the choice in words before it is cast; nothing is written yet."""
    found = seen_poll(poll_id)
    entry_id = forms.read_number(request.form.get("roll_entry_id", ""))
    reason = request.form.get("reason", "").strip()[:200]
    try:
        pairs = read_choice(found, request.form)
        check_choice(db.session, the_actor(), poll_id, pairs, reason)
        entry = _entry(poll_id, entry_id)
    except Refusal as refusal:
        form = forms.Form(dict(request.form), refusal=sentence_of(refusal))
        return vote_page(poll_id, entry_id, form), status_of(refusal)
    return render_template(
        "deliberation/check_vote.html",
        poll=found,
        entry=entry,
        pairs=",".join(f"{option}:{number}" for option, number in pairs),
        lines=choice_lines(found, pairs),
        cost_fen=ballot_cost(found, pairs),
        reason=reason,
    )


@views.post("/polls/<int:poll_id>/cast")
@needs(permissions.VOTE)
@uncounted
def cast(poll_id: int) -> ResponseReturnValue:
    """Cast the ballot that was looked at, and go on to its receipt."""

    def act(values: dict[str, Any]) -> service.CastBallot:
        # No request key: a kept answer would tell who cast what. The same ballot twice is one.
        made: service.CastBallot = kernel_db.write(
            service.cast_ballot,
            the_actor(),
            poll_id,
            values["pairs"],
            values["roll_entry_id"],
            values["reason"],
        )
        return made

    def done(made: service.CastBallot) -> ResponseReturnValue:
        flash(gettext("已投票。截止前可以再改。"))
        place = url_for(
            "deliberation.ballot_receipt", poll_id=poll_id, roll_entry_id=made.roll_entry_id
        )
        return redirect(place, 303)

    def again(form: forms.Form) -> str:
        return vote_page(poll_id, forms.read_number(request.form.get("roll_entry_id", "")), form)

    return forms.submit(BallotForm(), act, again, done)


@views.get("/polls/<int:poll_id>/receipts/<int:roll_entry_id>")
@signed_in
@uncounted
def ballot_receipt(poll_id: int, roll_entry_id: int) -> str:
    """Show one's own ballot and what proves it."""
    g.tab = TAB
    found = seen_poll(poll_id)
    own = own_ballots.get_own_ballot(db.session, the_actor(), poll_id, roll_entry_id)
    return render_template(
        "deliberation/ballot_receipt.html",
        poll=found,
        own=own,
        lines=choice_lines(found, own.pairs or ()),
        code=qr_svg(own.tracker, gettext("查票号")) if own.tracker else "",
        has_sealed=bool(own_sealed_receipt(db.session, the_actor(), poll_id, roll_entry_id)),
        is_sealed=is_sealed(found.settings),
        states=PollState,
    )


@views.get("/polls/<int:poll_id>/receipts/<int:roll_entry_id>/file")
@signed_in
@uncounted
def receipt_file(poll_id: int, roll_entry_id: int) -> Response:
    """Give the receipt as a file that /verify and verify.py check."""
    own = own_ballots.get_own_ballot(db.session, the_actor(), poll_id, roll_entry_id)
    receipt = own.receipt or own_sealed_receipt(db.session, the_actor(), poll_id, roll_entry_id)
    if not receipt:
        raise NotOnRoll
    answer = Response(receipt, content_type="text/plain; charset=utf-8")
    name = f"ballot-{poll_id}-{own.tracker or 'sealed'}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def seen_poll(poll_id: int) -> queries.PollView:
    """Give a poll that residents may see. Raises: PollNotFound, also for a draft."""
    g.tab = TAB
    found = queries.get_poll(db.session, the_actor().community_id, poll_id)
    if found.state is PollState.DRAFT:
        raise PollNotFound
    return found


def _entry(poll_id: int, entry_id: int | None) -> own_ballots.OwnEntry:
    mine = own_ballots.own_entries(db.session, the_actor(), poll_id)
    chosen = [each for each in mine if entry_id in (None, each.id)]
    if not chosen:
        raise NotOnRoll
    return chosen[0]


def vote_page(poll_id: int, entry_id: int | None, form: forms.Form | None = None) -> str:
    """Show the ballot of one of the actor's entries. Raises: NotOnRoll."""
    found = seen_poll(poll_id)
    mine = own_ballots.own_entries(db.session, the_actor(), poll_id)
    entry = _entry(poll_id, entry_id)
    others = [each for each in mine if each.id != entry.id]
    if is_sealed(found.settings):
        return sealed_vote_page(found, entry, others, form or forms.Form())
    return render_template(
        "deliberation/vote.html",
        poll=found,
        entry=entry,
        others=others,
        fields=field_kind(found),
        rules=rules_of(found),
        form=form or forms.Form(),
        states=PollState,
    )
