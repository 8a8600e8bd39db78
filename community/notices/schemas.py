"""The shapes of what pages and the API send."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import Schema, ValidationError, post_load

from community.kernel import files
from community.kernel.errors import N_
from community.notices.rules import NoticeDraft, NoticeKind, Outcome
from community.web.fields import ApiShape, AtTime, OnDay, OneOf, Shape, Ticked, Whole, Words

HOUR = 60


class PublishFields(Schema):
    """A notice."""

    title = Words(required=True, longest=60)
    body = Words(required=True, longest=5_000, lines=True)
    kind = OneOf(NoticeKind, required=True)
    opens_at = AtTime(required=True)
    closes_at = AtTime(required=True)
    contact = Words(load_default="", longest=60)
    replaces_id = Whole(load_default=None, minimum=1)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"draft": NoticeDraft(**given)}


class PublishForm(Shape, PublishFields):
    """Publish a notice."""


class PublishBody(ApiShape, PublishFields):
    """Publish a notice, over the API."""


class WithdrawFields(Schema):
    """Why a notice is taken back."""

    reason = Words(required=True, shortest=2, longest=200)


class WithdrawForm(Shape, WithdrawFields):
    """Take a notice back."""


class WithdrawBody(ApiShape, WithdrawFields):
    """Take a notice back, over the API."""


class PostingFields(Schema):
    """Where and when a sheet hung."""

    place = Words(required=True, longest=60)
    posted_at = AtTime(required=True)


class PostingForm(Shape, PostingFields):
    """A posting; its photo comes as a file beside it."""


class PostingBody(ApiShape, PostingFields):
    """A posting with its photo as base64, over the API."""

    photo_name = Words(load_default="photo.jpg", longest=80)
    photo_base64 = Words(required=True, longest=14_000_000)

    @post_load
    def _ready(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        try:
            content = base64.b64decode(given.pop("photo_base64"), validate=True)
        except ValueError as error:
            raise ValidationError(N_("照片内容不是 base64 编码，请检查后重试。")) from error
        upload = files.Upload(given.pop("photo_name"), content)
        return given | {"photo": files.take_in(upload, files.IMAGES)}


class ObjectionFields(Schema):
    """Why somebody objects."""

    reason = Words(required=True, shortest=5, longest=1_000, lines=True)


class ObjectionForm(Shape, ObjectionFields):
    """Object."""


class ObjectionBody(ApiShape, ObjectionFields):
    """Object, over the API."""


class AnswerFields(Schema):
    """What became of an objection."""

    outcome = OneOf(Outcome, required=True)
    answer = Words(required=True, shortest=5, longest=1_000, lines=True)


class AnswerForm(Shape, AnswerFields):
    """Answer."""


class AnswerBody(ApiShape, AnswerFields):
    """Answer, over the API."""


class PreferenceForm(Shape):
    """How one wants to be reached; hours of the day on the page."""

    wants_sms = Ticked()
    quiet_from_hour = Whole(required=True, minimum=0, maximum=23)
    quiet_until_hour = Whole(required=True, minimum=0, maximum=23)


class PreferenceBody(ApiShape):
    """How one wants to be reached, over the API; minutes of the Shanghai day."""

    wants_sms = Ticked()
    quiet_from_minute = Whole(required=True, minimum=0, maximum=1_439)
    quiet_until_minute = Whole(required=True, minimum=0, maximum=1_439)


class CalendarDayFields(Schema):
    """A day off or a worked weekend."""

    day = OnDay(required=True)
    is_working = Ticked()
    name = Words(load_default="", longest=20)
    is_shared = Ticked()


class CalendarDayForm(Shape, CalendarDayFields):
    """Enter a day."""


class CalendarDayBody(ApiShape, CalendarDayFields):
    """Enter a day, over the API."""


class ClearDayFields(Schema):
    """A day to take back."""

    day = OnDay(required=True)
    is_shared = Ticked()


class ClearDayForm(Shape, ClearDayFields):
    """Take a day back."""


class ClearDayBody(ApiShape, ClearDayFields):
    """Take a day back, over the API."""
