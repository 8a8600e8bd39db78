"""The desk's pages of paper ballots: print, log the return, count before witnesses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup
from marshmallow import Schema
from werkzeug.wrappers import Response

from community.deliberation import permissions
from community.deliberation.queries import papers as queries
from community.deliberation.queries import polls
from community.deliberation.queries.paging import cut_page, is_found
from community.deliberation.rules.papers import PaperState
from community.deliberation.rules.poll_words import PAPER_WORDS
from community.deliberation.rules.polls import Pairs, PollState
from community.deliberation.schemas import papers as schemas
from community.deliberation.schemas.polls import Empty
from community.deliberation.service import papers as service
from community.deliberation.views.ballot_fields import field_kind, read_choice
from community.deliberation.views.blueprint import views
from community.deliberation.views.poll_words import rules_of
from community.kernel import db as kernel_db
from community.web import forms
from community.web.access import needs, the_actor, uncounted
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.qr import qr_svg


@views.get("/desk/polls/<int:poll_id>/papers")
@needs(permissions.COUNT)
def papers(poll_id: int) -> str:
    """List a poll's papers: what waits first."""
    return _papers(poll_id, forms.Form())


@views.post("/desk/polls/<int:poll_id>/papers/print")
@needs(permissions.OPERATE)
def make_papers(poll_id: int) -> ResponseReturnValue:
    """Give each entry of the roll its paper."""

    def act(_: dict[str, Any]) -> int:
        key = forms.request_key()
        made: int = kernel_db.write(service.print_papers, the_actor(), poll_id, request_key=key)
        return made

    def told(made: int) -> str:
        sentence: str = ngettext("新编了 %(num)s 张纸质票。", "新编了 %(num)s 张纸质票。", made)
        return sentence

    return _on_papers(poll_id, Empty(), act, told)


@views.get("/desk/polls/<int:poll_id>/papers/sheet")
@needs(permissions.OPERATE)
def paper_sheet(poll_id: int) -> Response:
    """Draw the papers of one building, or of all, for the printer."""
    poll = polls.get_poll(db.session, the_actor().community_id, poll_id)
    building = request.args.get("building", "")[:60]
    sheets = queries.sheets_of(db.session, the_actor(), poll_id, building)
    return send_pdf(
        f"纸质票-{poll_id}",
        "deliberation/paper_sheet.html",
        poll=poll,
        rules=rules_of(poll),
        fields=field_kind(poll),
        sheets=[(each, _code_of(each.code)) for each in sheets],
    )


@views.post("/desk/polls/<int:poll_id>/papers/returns")
@needs(permissions.OPERATE)
@uncounted
def log_return(poll_id: int) -> ResponseReturnValue:
    """Note that the paper of a typed or scanned code came back."""

    def act(values: dict[str, Any]) -> int:
        return _log(values["code"].strip().upper())

    return _on_papers(
        poll_id,
        schemas.PaperCodeForm(),
        act,
        lambda number: gettext("第 %(n)s 号已登记收回。", n=number),
    )


@views.post("/desk/polls/<int:poll_id>/papers/count")
@needs(permissions.CONVENE)
def begin_count(poll_id: int) -> ResponseReturnValue:
    """Begin the witnessed count."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            service.begin_count,
            the_actor(),
            poll_id,
            values["witnesses"],
            values["place"],
            request_key=forms.request_key(),
        )

    return _on_papers(poll_id, schemas.WitnessesForm(), act, lambda _: gettext("唱票开始。"))


@views.get("/desk/papers/<string:code>")
@needs(permissions.COUNT)
@uncounted
def paper(code: str) -> str:
    """Show one paper: log it while the poll runs, read it at the count."""
    return _paper(code, forms.Form())


@views.post("/desk/papers/<string:code>/return")
@needs(permissions.OPERATE)
@uncounted
def return_paper(code: str) -> ResponseReturnValue:
    """Note that a scanned paper came back."""

    def done(number: int) -> ResponseReturnValue:
        flash(gettext("第 %(n)s 号已登记收回。", n=number))
        return redirect(url_for("deliberation.paper", code=code), 303)

    return forms.submit(Empty(), lambda _: _log(code), lambda form: _paper(code, form), done)


@views.post("/desk/papers/<string:code>/read")
@needs(permissions.COUNT)
@uncounted
def read_paper(code: str) -> ResponseReturnValue:
    """Write down what one reads on a paper."""

    def read(pairs: Pairs | None, reason: str) -> PaperState:
        state: PaperState = kernel_db.write(service.read_paper, the_actor(), code, pairs, reason)
        return state

    return _on_paper(code, read)


@views.post("/desk/papers/<string:code>/settle")
@needs(permissions.COUNT)
@uncounted
def settle_paper(code: str) -> ResponseReturnValue:
    """Settle a paper that two read differently."""

    def settle(pairs: Pairs | None, reason: str) -> PaperState:
        state: PaperState = kernel_db.write(service.settle_paper, the_actor(), code, pairs, reason)
        return state

    return _on_paper(code, settle)


def _log(code: str) -> int:
    number: int = kernel_db.write(service.log_return, the_actor(), code)
    return number


def _typed(code: str, *, is_spoilt: bool) -> Pairs | None:
    if is_spoilt:
        return None
    found = queries.get_paper(db.session, the_actor(), code)
    poll = polls.get_poll(db.session, the_actor().community_id, found.poll_id)
    return read_choice(poll, request.form)


def _code_of(code: str) -> Markup:
    return qr_svg(url_for("deliberation.paper", code=code, _external=True), code, is_printed=True)


def _papers(poll_id: int, form: forms.Form) -> str:
    found = polls.get_poll(db.session, the_actor().community_id, poll_id)
    listed = queries.papers_of(db.session, the_actor(), poll_id)
    looked_for = request.args.get("q", "").strip()[:60]
    return render_template(
        "deliberation/desk_papers.html",
        poll=found,
        form=form,
        papers=listed,
        looked_for=looked_for,
        page=cut_page(
            [
                each
                for each in listed
                if is_found(looked_for, each.number, each.building, each.code)
            ],
            lambda each: each.number,
            request.args.get("after", type=int),
        ),
        states=PollState,
        many=[(PAPER_WORDS[state], many) for state, many in queries.count_states(listed).items()],
        words=PAPER_WORDS,
        count=queries.find_count(db.session, the_actor(), poll_id),
        buildings=queries.buildings_of_roll(db.session, the_actor(), poll_id),
    )


def _paper(code: str, form: forms.Form) -> str:
    found = queries.get_paper(db.session, the_actor(), code)
    poll = polls.get_poll(db.session, the_actor().community_id, found.poll_id)
    return render_template(
        "deliberation/desk_paper.html",
        paper=found,
        poll=poll,
        form=form,
        fields=field_kind(poll),
        states=PollState,
        paper_states=PaperState,
        words=PAPER_WORDS,
        has_read=the_actor().person_id in found.readers,
        count=queries.find_count(db.session, the_actor(), found.poll_id),
    )


def _on_papers(
    poll_id: int,
    shape: Schema,
    act: Callable[[dict[str, Any]], Any],
    told: Callable[[Any], str],
) -> ResponseReturnValue:
    def done(result: object) -> ResponseReturnValue:
        flash(told(result))
        return redirect(url_for("deliberation.papers", poll_id=poll_id), 303)

    return forms.submit(shape, act, lambda form: _papers(poll_id, form), done)


def _on_paper(code: str, act: Callable[[Pairs | None, str], PaperState]) -> ResponseReturnValue:
    """Take what one reads on a paper, and go back to the list."""

    def take(values: dict[str, Any]) -> PaperState:
        return act(_typed(code, is_spoilt=values["is_spoilt"]), values["reason"])

    def done(state: PaperState) -> ResponseReturnValue:
        flash(gettext("已记下：%(state)s。", state=gettext(PAPER_WORDS[state])))
        found = queries.get_paper(db.session, the_actor(), code)
        return redirect(url_for("deliberation.papers", poll_id=found.poll_id), 303)

    return forms.submit(schemas.ReadingForm(), take, lambda form: _paper(code, form), done)
