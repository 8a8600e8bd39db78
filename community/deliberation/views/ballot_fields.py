"""The fields of a ballot by its kind, and the pairs they give."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from community.deliberation.errors.polls import BadChoice
from community.deliberation.queries.polls import PollView
from community.deliberation.rules.poll_words import BALLOT_REASONS
from community.deliberation.rules.polls import Pairs
from community.web import forms

ONE, MANY, NUMBERS, RANKS = "one", "many", "numbers", "ranks"
_FIELDS: Mapping[str, str] = {
    "yes_no": ONE,
    "single": ONE,
    "consent": ONE,
    "multiple": MANY,
    "approval": MANY,
    "score": NUMBERS,
    "dots": NUMBERS,
    "ranked": RANKS,
    "owners": ONE,
    "budget": MANY,
}


def field_kind(poll: PollView) -> str:
    """Tell how a ballot is filled in: one, many, numbers or ranks."""
    if poll.kind.value == "owners" and poll.settings.get("seats"):
        return MANY
    form = poll.settings.get("form")
    if form in {"points", "ranked"}:
        return NUMBERS if form == "points" else RANKS
    return _FIELDS[poll.kind.value]


def read_choice(poll: PollView, typed: MultiDict[str, str]) -> Pairs:
    """Read the fields of a ballot; what does not fit is for the count's own check.

    Raises: BadChoice for what is no number.
    """
    kind = field_kind(poll)
    if kind in {ONE, MANY}:
        chosen = [forms.read_number(each) for each in typed.getlist("choice")]
        return tuple((each, 1) for each in chosen if each is not None)
    pairs = []
    for option in poll.options:
        text = typed.get(f"number_{option.number}", "").strip()
        if not text:
            continue
        number = forms.read_number(text.removeprefix("-"))
        if number is None or number > 10**6:
            raise BadChoice(reason=BALLOT_REASONS["number_out_of_range"])
        if number or kind == RANKS or poll.kind.value == "score":
            pairs.append((option.number, -number if text.startswith("-") else number))
    return tuple(pairs)
