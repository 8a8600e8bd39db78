"""Shapes of what is sent about decisions, the six steps and 规约."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import post_load

from community.deliberation.rules.bylaws import BylawKind
from community.deliberation.rules.processes import Step, StepCount, Thresholds
from community.deliberation.service.processes import StepReport
from community.web.fields import OnDay, OneOf, Shape, Ticked, Whole, Words

_BETWEEN = re.compile(r"[、，,；;\s]+")


class DecisionForm(Shape):
    """Who sees to a decision, by when, and when it is looked at again."""

    owner_id = Whole(required=True, minimum=1)
    due_on = OnDay(required=True)
    review_on = OnDay(required=True)


class HandOnForm(DecisionForm):
    """Another in charge, or another day."""

    words = Words(required=True, shortest=2, longest=500, lines=True)


class ProgressForm(Shape):
    """How far it is."""

    percent = Whole(required=True, maximum=99)
    words = Words(required=True, shortest=2, longest=500, lines=True)


class DoneForm(Shape):
    """That it is done."""

    words = Words(required=True, shortest=2, longest=500, lines=True)


class ReviewForm(Shape):
    """Whether it has helped."""

    is_solved = Ticked()
    words = Words(required=True, shortest=2, longest=500, lines=True)


class SpanQuery(Shape):
    """A span of days, both included."""

    since = OnDay(required=True)
    until = OnDay(required=True)


class SignersForm(Shape):
    """The names under a paper."""

    signers = Words(required=True, shortest=2, longest=500, lines=True)

    @post_load
    def split(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Read one name after the other."""
        return {**values, "signers": read_names(values["signers"])}


def read_names(text: str) -> tuple[str, ...]:
    """Read names parted by commas or blanks."""
    return tuple(name for name in _BETWEEN.split(text.strip()) if name)


class ProcessForm(Shape):
    """A matter that begins its six steps, with the shares it is held to."""

    title = Words(required=True, longest=120)
    words = Words(required=True, shortest=4, longest=4_000, lines=True)
    subject = Words(longest=60, load_default="")
    review_num = Whole(minimum=1, maximum=100, load_default=2)
    review_den = Whole(minimum=1, maximum=100, load_default=3)
    attend_num = Whole(minimum=1, maximum=100, load_default=1)
    attend_den = Whole(minimum=1, maximum=100, load_default=2)
    passing_num = Whole(minimum=1, maximum=100, load_default=1)
    passing_den = Whole(minimum=1, maximum=100, load_default=2)
    posting_days = Whole(maximum=60, load_default=5)
    legal_basis = Words(longest=200, load_default=Thresholds().legal_basis)

    @post_load
    def gather(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put the shares together, as the command takes them."""
        own = {name: values.pop(name) for name in ("title", "words", "subject")}
        return {**own, "thresholds": Thresholds(**values)}


class StepForm(Shape):
    """A step as it was held."""

    step = OneOf(Step, required=True)
    held_on = OnDay(required=True)
    place = Words(longest=120, load_default="")
    words = Words(required=True, shortest=2, longest=1_000, lines=True)
    expected = Whole(maximum=100_000, load_default=0)
    present = Whole(maximum=100_000, load_default=0)
    yes = Whole(maximum=100_000, load_default=0)
    signers = Words(required=True, shortest=2, longest=500, lines=True)

    @post_load
    def gather(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put the report together, as the command takes it."""
        count = StepCount(values["expected"], values["present"], values["yes"])
        report = StepReport(
            values["step"],
            values["held_on"],
            values["place"],
            values["words"],
            count,
            read_names(values["signers"]),
        )
        return {"report": report}


class BylawForm(Shape):
    """A text of the community's own law with its first draft."""

    kind = OneOf(BylawKind, required=True)
    title = Words(required=True, longest=120)
    text = Words(required=True, shortest=4, longest=60_000, lines=True)
    reason = Words(required=True, shortest=2, longest=500, lines=True)


class DraftForm(Shape):
    """A draft of a text."""

    text = Words(required=True, shortest=4, longest=60_000, lines=True)
    reason = Words(required=True, shortest=2, longest=500, lines=True)


class AdoptForm(Shape):
    """By what a draft is adopted."""

    poll_id = Whole(minimum=1, load_default=None)
    motion_id = Whole(minimum=1, load_default=None)
    adopted_by_words = Words(longest=200, load_default="")
