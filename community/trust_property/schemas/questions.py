"""Shapes of what is sent about questions."""

from __future__ import annotations

from community.trust_property.rules.questions import SubjectKind
from community.web.fields import ApiShape, OneOf, Shape, Ticked, Whole, Words


class _AskFields:
    kind = OneOf(SubjectKind, required=True)
    subject_id = Whole(required=True, minimum=1)
    words = Words(required=True, shortest=4, longest=500, lines=True)


class AskForm(_AskFields, Shape):
    """An owner asks."""


class AskBody(_AskFields, ApiShape):
    """A question through the API."""


class _AnswerFields:
    words = Words(required=True, shortest=2, longest=1_000, lines=True)


class AnswerForm(_AnswerFields, Shape):
    """The firm or the committee answers."""


class AnswerBody(_AnswerFields, ApiShape):
    """An answer through the API; vouchers come by the page."""


class _JudgeFields:
    is_satisfied = Ticked()


class JudgeForm(_JudgeFields, Shape):
    """The asker judges the answer."""


class JudgeBody(_JudgeFields, ApiShape):
    """The asker judges the answer through the API."""
