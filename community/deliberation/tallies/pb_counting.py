"""Counting a whole `.pb` file by a rule, and setting the result beside the published one."""

from __future__ import annotations

from dataclasses import dataclass

from community.deliberation.tallies.counting import count
from community.deliberation.tallies.kinds import BallotForm, PollKind, Utility
from community.deliberation.tallies.pabulib import BadFile, PbFile
from community.deliberation.tallies.values import Outcome, Setting


@dataclass(frozen=True)
class Counted:
    """What a rule buys; amounts in the file's own unit, as text without a float."""

    setting: Setting
    outcome: Outcome
    winners: tuple[str, ...]
    tie: tuple[str, ...]
    spent: int | str
    budget: int | str
    published: tuple[str, ...] | None


def count_pb(file: PbFile, setting: Setting) -> Counted:
    """Count a file; what the setting leaves open comes from the file.

    Raises: BadFile (bad_number), BadSetting.
    """
    is_approval = file.form == BallotForm.APPROVAL
    points = [point for ballot in file.ballots for _, point in ballot]
    whole: Setting = {
        "budget": int(file.budget * file.scale),
        "form": file.form.value,
        "utility": (Utility.COST if is_approval else Utility.POINTS).value,
        "step": file.scale,
        "places": _whole(file, "max_length"),
        "least_points": min([1, *points]),
        "least_votes": max(1, _whole(file, "min_project_score_threshold") * file.points_scale),
        **setting,
    }
    outcome = count(PollKind.BUDGET, whole, file.options(), file.ballots)
    spent = sum(
        int(one.cost * file.scale) for one in file.projects if one.number in outcome.winners
    )
    selected = tuple(one.project_id for one in file.projects if one.is_selected)
    return Counted(
        setting=whole,
        outcome=outcome,
        winners=file.project_ids(outcome.winners),
        tie=file.project_ids(outcome.tie),
        spent=amount_text(spent, file.scale),
        budget=amount_text(int(file.budget * file.scale), file.scale),
        published=selected or None,
    )


def amount_text(amount: int, scale: int) -> int | str:
    """Give an amount in the file's unit: whole where it is, else as a decimal number in a text."""
    if amount % scale == 0:
        return amount // scale
    places = len(str(scale)) - 1
    return f"{amount // scale}.{amount % scale:0{places}d}".rstrip("0")


def _whole(file: PbFile, name: str) -> int:
    text = file.meta.get(name, "")
    if not text:
        return 0
    if not text.isascii() or not text.isdigit():
        raise BadFile("bad_number", column=name, found=text[:40], line=0)
    return int(text)
