"""The shapes of conversations, viewpoints and answers; each form has its API twin."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, post_load

from community.deliberation.rules.opinions import (
    LEAST_GROUP,
    LONGEST_VIEWPOINT,
    MOST_GROUP,
    SMALLEST_GROUP,
    Stance,
    ViewpointState,
)
from community.deliberation.service.opinions import ConversationDraft
from community.web.fields import ApiShape, AtTime, OneOf, Shape, Ticked, Whole, Words

NAMES = (
    "title",
    "text",
    "closes_at",
    "viewpoints",
    "smallest_group",
    "sets_same_aside",
    "takes_viewpoints",
)


class ConversationFields(Schema):
    """What is asked, the first viewpoints one a line, and how the map is drawn."""

    title = Words(required=True, longest=80)
    text = Words(required=True, longest=2_000, lines=True)
    closes_at = AtTime(required=True)
    viewpoints = Words(required=True, longest=20_000, lines=True)
    smallest_group = Whole(load_default=SMALLEST_GROUP, minimum=LEAST_GROUP, maximum=MOST_GROUP)
    sets_same_aside = Ticked()
    takes_viewpoints = Ticked()

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = {name: given.pop(name) for name in NAMES}
        kept["viewpoints"] = tuple(kept["viewpoints"].splitlines())
        return {**given, "draft": ConversationDraft(**kept)}


class ConversationForm(Shape, ConversationFields):
    """Open a conversation."""


class ConversationBody(ApiShape, ConversationFields):
    """Open a conversation, over the API."""


class StanceForm(Shape):
    """Answer a viewpoint."""

    stance = OneOf(Stance, required=True)


class StanceBody(ApiShape):
    """Answer a viewpoint, over the API."""

    stance = OneOf(Stance, required=True)


class ViewpointForm(Shape):
    """Say something."""

    text = Words(required=True, longest=LONGEST_VIEWPOINT)


class ViewpointBody(ApiShape):
    """Say something, over the API."""

    text = Words(required=True, longest=LONGEST_VIEWPOINT)


class ViewpointDecisionForm(Shape):
    """Show, refuse or withdraw a viewpoint."""

    state = OneOf(ViewpointState, required=True)
    reason = Words(load_default="", longest=200)


class ViewpointDecisionBody(ApiShape):
    """Show, refuse or withdraw a viewpoint, over the API."""

    state = OneOf(ViewpointState, required=True)
    reason = Words(load_default="", longest=200)


class ClosingForm(Shape):
    """Let a conversation run longer."""

    closes_at = AtTime(required=True)


class ClosingBody(ApiShape):
    """Let a conversation run longer, over the API."""

    closes_at = AtTime(required=True)


class NothingForm(Shape):
    """A button alone."""
