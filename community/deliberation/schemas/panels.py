"""The shapes of panels; each form has its API twin."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, post_load

from community.deliberation.queries.quota_lines import read_quotas
from community.deliberation.rules.panels import MOST_SEATS, SeedSource
from community.deliberation.service.panels import LONGEST_SEED, PanelDraft, SeedPlan
from community.web.fields import ApiShape, AtTime, OneOf, Shape, Ticked, Whole, Words


class PanelFields(Schema):
    """What a panel is for, its seats, its quotas one a line, the days to answer."""

    title = Words(required=True, longest=80)
    purpose = Words(required=True, longest=1_000, lines=True)
    seats = Whole(required=True, minimum=1, maximum=MOST_SEATS)
    quotas = Words(load_default="", longest=4_000, lines=True)
    answer_days = Whole(load_default=7, minimum=1, maximum=60)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = ("title", "purpose", "seats", "quotas", "answer_days")
        kept = {name: given.pop(name) for name in names}
        kept["quotas"] = read_quotas(kept["quotas"])
        return {**given, "draft": PanelDraft(**kept)}


class PanelForm(Shape, PanelFields):
    """Draft a panel."""


class PanelBody(ApiShape, PanelFields):
    """Draft a panel, over the API."""


class SeedFields(Schema):
    """Where the seed will come from, and when."""

    source = OneOf(SeedSource, required=True)
    at = AtTime(required=True)
    words = Words(load_default="", longest=120)

    @post_load
    def _plan(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = {name: given.pop(name) for name in ("source", "at", "words")}
        return {**given, "plan": SeedPlan(**kept)}


class SeedForm(Shape, SeedFields):
    """Publish the list and announce the seed."""


class SeedBody(ApiShape, SeedFields):
    """Publish the list and announce the seed, over the API."""


class DrawForm(Shape):
    """Draw, with the announced number where a lottery is the source."""

    number = Words(load_default="", longest=LONGEST_SEED)


class DrawBody(ApiShape):
    """Draw, over the API."""

    number = Words(load_default="", longest=LONGEST_SEED)


class CancelForm(Shape):
    """Give a panel up."""

    reason = Words(required=True, longest=200)


class CancelBody(ApiShape):
    """Give a panel up, over the API."""

    reason = Words(required=True, longest=200)


class InvitationForm(Shape):
    """Accept or decline."""

    is_accepted = Ticked()


class InvitationBody(ApiShape):
    """Accept or decline, over the API."""

    is_accepted = Ticked()


class ButtonForm(Shape):
    """A button alone."""
