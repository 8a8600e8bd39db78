"""The forms around a place: for whom, swapped for what, and the own skills."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from community.volunteering.schemas.activities import split_words
from community.web.fields import OnDay, Shape, Whole, Words


class PersonForm(Shape):
    """Who it concerns."""

    person_id = Whole(minimum=1, required=True)


class SwapForm(Shape):
    """Which shift is wanted in return, if any."""

    wanted_shift_id = Whole(minimum=1, load_default=None)


class SkillsForm(Shape):
    """The own skills, separated by commas."""

    skills = Words(longest=400, lines=True, load_default="")

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Split them."""
        return {"skills": split_words(values["skills"])}


class BlockForm(Shape):
    """Until when somebody may not take part, and why."""

    person_id = Whole(minimum=1, required=True)
    until = OnDay(required=True)
    reason = Words(required=True, longest=200)
