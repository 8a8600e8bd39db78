"""The forms of planning: an activity, a shift, a series, and changes with everybody told."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from community.volunteering.rules.drafts import ActivityDraft, ShiftDraft
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.series import Rhythm
from community.volunteering.schemas.photos import PhotoField
from community.web.fields import AtTime, OnDay, OneOf, Shape, Whole, Words

LONGEST_NOTE = 200


def split_words(text: str) -> tuple[str, ...]:
    """Split a typed list at commas, Chinese ones too, blanks and line breaks."""
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return tuple(dict.fromkeys(each.strip()[:20] for each in parts if each.strip()))


class ActivityForm(Shape):
    """What an activity is."""

    title = Words(required=True, longest=60)
    kind = OneOf(ServiceKind, required=True)
    organising_unit = Words(required=True, longest=60)
    place = Words(required=True, longest=80)
    description = Words(longest=2000, lines=True, load_default="")
    skills = Words(longest=200, lines=True, load_default="")
    minimum_age = Whole(maximum=120, load_default=0)
    leader_ids = fields.List(Whole(minimum=1), load_default=list)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the fields together as one draft."""
        values["skills"] = split_words(values["skills"])
        values["leader_ids"] = tuple(values["leader_ids"])
        photo = values.pop("photo", None)
        return {"draft": ActivityDraft(**values), "photo": photo}


class ActivityBody(ActivityForm):
    """The same for the API, with the picture as base64."""

    photo = PhotoField(load_default=None)


class ShiftForm(Shape):
    """When and where, and how many."""

    starts_at = AtTime(required=True)
    ends_at = AtTime(required=True)
    capacity = Whole(minimum=1, maximum=2000, required=True)
    place = Words(longest=80, load_default="")
    gates = Words(longest=200, lines=True, load_default="")
    note = Words(longest=LONGEST_NOTE, load_default="")

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the fields together as one draft, and keep the rest beside it."""
        draft = ShiftDraft(
            starts_at=values.pop("starts_at"),
            ends_at=values.pop("ends_at"),
            capacity=values.pop("capacity"),
            place=values.pop("place"),
            gates=split_words(values.pop("gates")),
        )
        return {"draft": draft, **values}


class SeriesForm(ShiftForm):
    """The same, again and again until a day."""

    rhythm = OneOf(Rhythm, required=True)
    until = OnDay(required=True)


class ShortenForm(Shape):
    """Until when a shift lasts now, and why."""

    ends_at = AtTime(required=True)
    note = Words(longest=LONGEST_NOTE, load_default="")


class NoteForm(Shape):
    """A sentence for everybody concerned."""

    note = Words(longest=LONGEST_NOTE, load_default="")


class CapacityForm(Shape):
    """How many places."""

    capacity = Whole(minimum=1, maximum=2000, required=True)
