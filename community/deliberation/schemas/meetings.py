"""Shapes of what is sent about bodies, meetings, motions and speeches."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from community.deliberation.rules.bodies import (
    BodyFigures,
    BodyKind,
    Office,
    PassingBase,
    Side,
)
from community.deliberation.rules.meetings import SpeechSide
from community.web.fields import AtTime, OnDay, OneOf, Shape, Ticked, Whole, Words


class BodyForm(Shape):
    """A body to be founded."""

    kind = OneOf(BodyKind, required=True)
    name = Words(required=True, longest=60)
    term_months = Whole(minimum=1, maximum=120, load_default=36)


class FiguresForm(Shape):
    """A dated set of a body's figures."""

    valid_from = OnDay(required=True)
    adopted_by_words = Words(required=True, longest=200)
    notice_days = Whole(required=True, maximum=60)
    quorum_num = Whole(required=True, minimum=1, maximum=100)
    quorum_den = Whole(required=True, minimum=1, maximum=100)
    passing_num = Whole(required=True, minimum=1, maximum=100)
    passing_den = Whole(required=True, minimum=1, maximum=100)
    is_passing_inclusive = Ticked()
    passing_base = OneOf(PassingBase, required=True)
    demand_num = Whole(required=True, minimum=1, maximum=100)
    demand_den = Whole(required=True, minimum=1, maximum=100)
    posting_days = Whole(required=True, maximum=60)
    speech_seconds = Whole(required=True, minimum=10, maximum=3_600)
    speeches_each = Whole(required=True, minimum=1, maximum=10)
    meetings_a_year = Whole(required=True, maximum=60)
    legal_basis = Words(required=True, longest=200)

    @post_load
    def gather(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put the figures together, as the command takes them."""
        own = {name: values.pop(name) for name in ("valid_from", "adopted_by_words")}
        return {**own, "figures": BodyFigures(**values)}


class MemberForm(Shape):
    """A member's term."""

    person_id = Whole(required=True, minimum=1)
    office = OneOf(Office, required=True)
    from_on = OnDay(required=True)
    until_on = OnDay(required=True)
    side = OneOf(Side, load_default=Side.RESIDENTS)


class EndingForm(Shape):
    """Why something is ended or cancelled."""

    reason = Words(required=True, shortest=2, longest=200)


class PlanForm(Shape):
    """A meeting in the year's calendar."""

    title = Words(required=True, longest=120)
    place = Words(required=True, longest=120)
    starts_at = AtTime(required=True)


class PlanBody(PlanForm):
    """A meeting of a body through the API."""

    body_id = Whole(required=True, minimum=1)


class ArrangeForm(PlanForm):
    """A planned meeting's day, place and officers."""

    chair_id = Whole(minimum=1, load_default=None)
    secretary_id = Whole(minimum=1, load_default=None)


class ItemForm(Shape):
    """An item of an agenda; `subject` as "topic:12"."""

    title = Words(required=True, longest=120)
    words = Words(longest=2_000, lines=True, load_default="")
    subject = Words(longest=60, load_default="")


class CodeForm(Shape):
    """A code from the room's screen or a card."""

    code = Words(required=True, longest=300)


class PersonForm(Shape):
    """A person of the roll."""

    person_id = Whole(required=True, minimum=1)


class MotionForm(Shape):
    """A motion in its exact words."""

    agenda_item_id = Whole(required=True, minimum=1)
    title = Words(required=True, shortest=2, longest=120)
    words = Words(required=True, shortest=4, longest=4_000, lines=True)


class AmendmentForm(Shape):
    """Which words of a motion become which."""

    from_words = Words(longest=1_000, lines=True, load_default="")
    to_words = Words(longest=1_000, lines=True, load_default="")


class CountForm(Shape):
    """Hands counted."""

    yes = Whole(required=True, maximum=100_000)
    no = Whole(required=True, maximum=100_000)
    abstain = Whole(maximum=100_000, load_default=0)


class SideForm(Shape):
    """For or against."""

    side = OneOf(SpeechSide, required=True)


class SpeakerForm(SideForm):
    """Somebody without a phone who raised a hand."""

    person_id = Whole(required=True, minimum=1)


class VoteTimeForm(Shape):
    """For how long phones vote."""

    minutes = Whole(minimum=1, maximum=60, load_default=3)


class NotesForm(Shape):
    """What was said on an item."""

    notes = Words(longest=4_000, lines=True, load_default="")


class DemandForm(Shape):
    """A demand for a meeting."""

    title = Words(required=True, shortest=4, longest=120)
    reason = Words(required=True, shortest=4, longest=1_000, lines=True)


class YearQuery(Shape):
    """A year of the calendar."""

    year = Whole(required=True, minimum=2_000, maximum=2_199)
