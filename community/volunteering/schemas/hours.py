"""The forms around hours: times, corrections, doubts, reviews, back-filling, paper."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from community.volunteering.rules.drafts import BackFillDraft, SheetLine
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.schemas.photos import PhotoField
from community.web.fields import AtTime, OnDay, OneOf, Shape, Ticked, Whole, Words

MOST_MINUTES = 1_440


class ConfirmForm(Shape):
    """Whose hours to confirm; nobody named means all."""

    person_ids = fields.List(Whole(minimum=1), load_default=list)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Give them as a frozen value."""
        return {"person_ids": tuple(values["person_ids"])}


class TimesForm(Shape):
    """When somebody came and left, and why it is corrected."""

    in_at = AtTime(required=True)
    out_at = AtTime(required=True)
    reason = Words(required=True, longest=200)


class ReasonForm(Shape):
    """Why not."""

    note = Words(required=True, longest=200)


class ReviewForm(Shape):
    """A decision with its reason."""

    is_accepted = Ticked()
    note = Words(longest=200, load_default="")


class CorrectForm(Shape):
    """What a record should say, and why."""

    minutes = Whole(maximum=MOST_MINUTES, required=True)
    reason = Words(required=True, longest=200)


class DisputeForm(Shape):
    """What is doubted, and what it should be."""

    question = Words(required=True, longest=400, lines=True)
    claimed_minutes = Whole(maximum=MOST_MINUTES, load_default=None)


class AnswerForm(Shape):
    """The answer to a doubt, with the corrected minutes if any."""

    answer = Words(required=True, longest=400, lines=True)
    minutes = Whole(maximum=MOST_MINUTES, load_default=None)


class BackFillForm(Shape):
    """Hours to be filled in later; the evidence comes beside them."""

    person_id = Whole(minimum=1, required=True)
    kind = OneOf(ServiceKind, required=True)
    title = Words(required=True, longest=60)
    place = Words(required=True, longest=80)
    served_on = OnDay(required=True)
    minutes = Whole(minimum=1, maximum=MOST_MINUTES, required=True)
    reason = Words(required=True, longest=400, lines=True)
    activity_id = Whole(minimum=1, load_default=None)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the fields together as one draft."""
        evidence = values.pop("evidence", None)
        return {"draft": BackFillDraft(**values), "evidence": evidence}


class BackFillBody(BackFillForm):
    """The same for the API, with the evidence as base64."""

    evidence = PhotoField(required=True)


class DecideForm(Shape):
    """Approve or refuse, with a note."""

    is_approved = Ticked()
    note = Words(longest=200, load_default="")


class SheetLineBody(Shape):
    """One name on a sheet."""

    person_id = Whole(minimum=1, required=True)
    in_at = AtTime(required=True)
    out_at = AtTime(required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> SheetLine:
        """Give it as the command takes it."""
        return SheetLine(**values)


class SheetBody(Shape):
    """A photographed sheet as base64, and what it says."""

    photo = PhotoField(required=True)
    lines = fields.List(fields.Nested(SheetLineBody), required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Give the lines as a frozen value."""
        return {"photo": values["photo"], "lines": tuple(values["lines"])}
