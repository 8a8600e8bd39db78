"""Shapes of what is sent about topics, their discussion and moderation."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from community.deliberation.rules.discussion import ArgumentSide, FlagReason
from community.deliberation.rules.topics import (
    Answerer,
    TopicCategory,
    TopicOrigin,
    TopicOutcome,
    TopicState,
)
from community.deliberation.service.topics import TopicDraft
from community.web.fields import OnDay, OneOf, Shape, Ticked, Whole, Words

_DRAFT = ("title", "words", "category", "building_id", "place")


class TopicForm(Shape):
    """A topic as a resident writes it."""

    title = Words(required=True, shortest=4, longest=60)
    words = Words(required=True, shortest=4, longest=2_000, lines=True)
    category = OneOf(TopicCategory, required=True)
    building_id = Whole(minimum=1, load_default=None)
    place = Words(longest=60, load_default="")

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the topic's own fields together as one draft."""
        draft = TopicDraft(**{name: values.pop(name) for name in _DRAFT})
        if "dropped" in values:
            values["dropped"] = frozenset(values["dropped"])
        return {"draft": draft, **values}


class ChangeForm(TopicForm):
    """A changed draft, and the photos to leave out."""

    dropped = fields.List(Whole(minimum=1), load_default=list)


class RecordForm(TopicForm):
    """A topic that the desk writes down for a resident."""

    person_id = Whole(required=True, minimum=1)
    origin = OneOf(TopicOrigin, load_default=TopicOrigin.PAPER)


class TopicsQuery(Shape):
    """Which topics are listed."""

    text = Words(longest=60, load_default="")
    category = OneOf(TopicCategory, load_default=None)
    building_id = Whole(minimum=1, load_default=None)
    state = OneOf(TopicState, load_default=None)
    before = Whole(minimum=1, load_default=None)


class SimilarQuery(Shape):
    """Words of a topic about to be raised."""

    words = Words(longest=2_000, required=True, lines=True)


class TopicReasonForm(Shape):
    """A public reason."""

    reason = Words(required=True, shortest=2, longest=200, lines=True)


class WithdrawForm(Shape):
    """Why a topic is taken back."""

    reason = Words(longest=200, load_default="", lines=True)


class WordsForm(Shape):
    """An addition or a reply."""

    words = Words(required=True, shortest=2, longest=500, lines=True)


class ArgueForm(WordsForm):
    """A reason for or against."""

    side = OneOf(ArgumentSide, required=True)


class MarkForm(Shape):
    """Whether an argument is useful."""

    is_useful = Ticked()


class JudgeForm(Shape):
    """Whether an answer satisfies."""

    is_satisfied = Ticked()
    words = Words(longest=300, load_default="", lines=True)


class AnswerForm(Shape):
    """An answer by the role that owes it."""

    outcome = OneOf(TopicOutcome, required=True)
    words = Words(required=True, shortest=2, longest=1_000, lines=True)
    promised_on = OnDay(load_default=None)


class AssignForm(TopicReasonForm):
    """Another role that owes the answer."""

    answerer = OneOf(Answerer, required=True)


class MergeForm(TopicReasonForm):
    """Into which topic, and why."""

    into_id = Whole(required=True, minimum=1)


class ConsentForm(Shape):
    """Whether an author agrees to a merger."""

    agrees = Ticked()


class TargetForm(Shape):
    """What is flagged or moderated: a topic, or an argument in it."""

    argument_id = Whole(minimum=1, load_default=None)


class FlagForm(TargetForm):
    """Why somebody asks the moderator to look."""

    reason = OneOf(FlagReason, required=True)
    words = Words(longest=200, load_default="", lines=True)


class ModerateForm(TargetForm):
    """What a moderator says in public."""

    words = Words(required=True, shortest=2, longest=300, lines=True)


class HideForm(ModerateForm):
    """Why something is hidden."""

    reason = OneOf(FlagReason, required=True)


class AppealForm(Shape):
    """Why an author wants something back."""

    words = Words(required=True, shortest=2, longest=500, lines=True)


class DecideForm(Shape):
    """What becomes of an appeal."""

    restores = Ticked()
    words = Words(required=True, shortest=2, longest=300, lines=True)


class TopicRulesForm(Shape):
    """The community's figures for topics."""

    threshold = Whole(required=True, minimum=1, maximum=100_000)
    answer_days = Whole(required=True, minimum=1, maximum=60)
    appeal_days = Whole(required=True, minimum=1, maximum=60)
    consent_days = Whole(required=True, minimum=1, maximum=60)
    undo_days = Whole(required=True, minimum=1, maximum=60)


class Nothing(Shape):
    """A press of a button."""
