"""The desk's pages of a roll, and a poll's sheets for the city's own e-voting system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from community import identity
from community.deliberation import permissions
from community.deliberation.errors.polls import NoSuchNumber, RollEntryNotFound
from community.deliberation.queries import polls as queries
from community.deliberation.queries import posted_rolls, results, roll_corrections
from community.deliberation.queries.polls import PollView
from community.deliberation.rules.city_files import read_city_rows
from community.deliberation.rules.polls import PollState
from community.deliberation.rules.sealed import FAULT_WORDS, Fault
from community.deliberation.schemas import polls as schemas
from community.deliberation.service import city_ballots, rolls
from community.deliberation.views.blueprint import views
from community.deliberation.views.poll_words import choice_lines
from community.kernel import db as kernel_db
from community.kernel import sheets
from community.web import forms
from community.web.access import needs, the_actor
from community.web.extensions import db
from community.web.sheets import Cell, Sheet, send_sheets

LIMITS = sheets.Limits()
MOST_FOUND = 12


@views.get("/desk/polls/<int:poll_id>/roll")
@needs(permissions.READ)
def desk_roll(poll_id: int) -> str:
    """Show the roll a page at a time, gaps first."""
    return roll_page(poll_id, forms.Form())


@views.get("/desk/polls/<int:poll_id>/roll/<int:roll_entry_id>")
@needs(permissions.CONVENE)
def roll_entry(poll_id: int, roll_entry_id: int) -> str:
    """Show one entry of a roll, to put it right."""
    return _entry_page(poll_id, roll_entry_id, forms.Form())


@views.post("/desk/polls/<int:poll_id>/roll/<int:roll_entry_id>/voter")
@needs(permissions.CONVENE)
def name_voter(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Let somebody vote for an entry."""

    def act(values: dict[str, Any]) -> None:
        key = forms.request_key()
        person_id = values["person_id"]
        kernel_db.write(rolls.name_voter, the_actor(), roll_entry_id, person_id, request_key=key)

    return _on_entry(poll_id, roll_entry_id, schemas.VoterForm(), act)


@views.post("/desk/polls/<int:poll_id>/roll/<int:roll_entry_id>/heads")
@needs(permissions.CONVENE)
def merge_heads(poll_id: int, roll_entry_id: int) -> ResponseReturnValue:
    """Put another entry, by its number, under this one's head."""

    def act(values: dict[str, Any]) -> None:
        other = _entry_of(poll_id, values["other_id"])
        key = forms.request_key()
        kernel_db.write(rolls.merge_heads, the_actor(), roll_entry_id, other, request_key=key)

    return _on_entry(poll_id, roll_entry_id, schemas.HeadForm(), act)


@views.post("/desk/polls/<int:poll_id>/units/<int:unit_id>/area")
@needs(permissions.CONVENE)
def correct_area(poll_id: int, unit_id: int) -> ResponseReturnValue:
    """Put a unit's area right."""

    def act(values: dict[str, Any]) -> None:
        kernel_db.write(
            rolls.correct_area,
            the_actor(),
            poll_id,
            unit_id,
            values["area"],
            values["basis"],
            request_key=forms.request_key(),
        )

    roll = posted_rolls.desk_roll(db.session, the_actor(), poll_id)
    homes = {unit[0]: each.id for each in roll for unit in each.units}
    if unit_id not in homes:
        raise RollEntryNotFound
    return _on_entry(poll_id, homes[unit_id], schemas.AreaForm(), act)


@views.get("/desk/polls/<int:poll_id>/sheet")
@needs(permissions.READ)
def poll_sheet(poll_id: int) -> ResponseReturnValue:
    """Give a poll as a workbook: the roll, and once it is decided the ballots and the result."""
    poll = queries.get_poll(db.session, the_actor().community_id, poll_id)
    entries = sorted(
        posted_rolls.desk_roll(db.session, the_actor(), poll_id), key=lambda each: each.number
    )
    heads = ["编号", "姓名", "楼栋", "房屋", "面积（平方米）", "选择"]
    rows: list[list[Cell]] = [
        [
            each.number,
            each.head,
            each.building,
            "、".join(name for _, name, _, _ in each.units),
            f"{each.area_centiares // 100}.{each.area_centiares % 100:02d}",
            "",
        ]
        for each in entries
    ]
    above = [poll.title, f"{poll.content_hash}"]
    made = [Sheet("名册", heads, rows, above)]
    if poll.has_result:
        made += _result_sheets(poll)
    return send_sheets(f"表决-{poll.id}", *made)


@views.post("/desk/polls/<int:poll_id>/city-ballots")
@needs(permissions.OPERATE)
def import_city(poll_id: int) -> ResponseReturnValue:
    """Take over the ballots of the city's own system from its file."""
    poll = queries.get_poll(db.session, the_actor().community_id, poll_id)

    def act(_: dict[str, Any]) -> int:
        file = request.files.get("sheet")
        content = b"" if file is None else file.read(LIMITS.file + 1)
        grids = sheets.open_sheets(content, LIMITS, ("编号", "选择")).grids
        texts = [[cell.text for cell in row] for row in (grids[0].rows if grids else ())]
        lines = read_city_rows(texts, {each.title: each.number for each in poll.options})
        job: int = kernel_db.write(
            city_ballots.import_ballots,
            the_actor(),
            poll_id,
            lines,
        )
        return job

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("文件没有问题，正在后台导入。"))
        return redirect(url_for("deliberation.desk_poll", poll_id=poll_id), 303)

    def again(form: forms.Form) -> str:
        return roll_page(poll_id, form)

    return forms.submit(schemas.Empty(), act, again, done)


def _result_sheets(poll: PollView) -> list[Sheet]:
    found = results.ballot_lines(db.session, the_actor(), poll.id)
    ballots: list[list[Cell]] = [
        [
            each.number,
            each.tracker,
            "、".join(" ".join(said).strip() for said in choice_lines(poll, each.pairs))
            or (FAULT_WORDS[Fault(each.fault)] if each.fault else ""),
            f"{each.area_centiares // 100}.{each.area_centiares % 100:02d}",
        ]
        for each in found
    ]
    result = results.get_result(db.session, the_actor(), poll.id)
    titles = {each.number: each.title for each in poll.options}
    totals: list[list[Cell]] = [
        [titles.get(number, ""), total] for number, total in result.outcome["totals"]
    ]
    return [
        Sheet("选票", ["编号", "查票号", "选择", "面积（平方米）"], ballots),
        Sheet("结果", ["选项", "票数或得分"], totals, [result.outcome_hash]),
    ]


def _entry_of(poll_id: int, number: int) -> int:
    for each in posted_rolls.desk_roll(db.session, the_actor(), poll_id):
        if each.number == number:
            return each.id
    raise NoSuchNumber(number=number)


def roll_page(poll_id: int, form: forms.Form) -> str:
    """Draw the desk's page of a roll."""
    poll = queries.get_poll(db.session, the_actor().community_id, poll_id)
    looked_for = request.args.get("q", "").strip()[:60]
    after = forms.asked_number("after")
    return render_template(
        "deliberation/desk_roll.html",
        poll=poll,
        form=form,
        looked_for=looked_for,
        page=posted_rolls.desk_roll_page(db.session, the_actor(), poll_id, looked_for, after),
        corrections=roll_corrections.corrections_of(db.session, the_actor(), poll_id),
        may_change=_may_change(poll),
    )


def _may_change(poll: PollView) -> bool:
    return poll.state is PollState.ROLL_POSTED and the_actor().may(permissions.CONVENE.code)


def _entry_page(poll_id: int, roll_entry_id: int, form: forms.Form) -> str:
    here = the_actor().community_id
    poll = queries.get_poll(db.session, here, poll_id)
    roll = posted_rolls.desk_roll(db.session, the_actor(), poll_id)
    entry = next((each for each in roll if each.id == roll_entry_id), None)
    if entry is None:
        raise RollEntryNotFound
    # By the page's search; a form that comes back with an error brings it along.
    name = request.values.get("who", "").strip()[:60]
    voters = identity.people(db.session, here, [entry.voter_id] if entry.voter_id else [])
    return render_template(
        "deliberation/desk_roll_entry.html",
        poll=poll,
        entry=entry,
        form=form,
        looked_for=name,
        found=identity.search_people(db.session, here, name)[:MOST_FOUND] if name else (),
        voter=voters.get(entry.voter_id or 0),
        may_change=_may_change(poll),
    )


def _on_entry(
    poll_id: int, roll_entry_id: int, shape: Schema, act: Callable[[dict[str, Any]], Any]
) -> ResponseReturnValue:
    def done(_: object) -> ResponseReturnValue:
        flash(gettext("已更正。"))
        return redirect(url_for("deliberation.desk_roll", poll_id=poll_id), 303)

    return forms.submit(shape, act, lambda form: _entry_page(poll_id, roll_entry_id, form), done)
