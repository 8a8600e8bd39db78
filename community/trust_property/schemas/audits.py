"""Shapes of what is sent about audits."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from community.trust_property.rules.audits import OpinionKind, Severity
from community.trust_property.service.audits import AuditPlan
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Whole, Words, Yuan

MOST_FEN = 10**12
MOST_RANDOM = 500


class _PlanFields:
    since = OnDay(required=True)
    until = OnDay(required=True)
    at_least_fen = Yuan(required=True, minimum=1, maximum=MOST_FEN)
    random_count = Whole(required=True, maximum=MOST_RANDOM)

    @post_load
    def _plan(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"plan": AuditPlan(**values)}


class AuditPlanForm(_PlanFields, Shape):
    """The auditor announces an audit."""


class AuditPlanBody(_PlanFields, ApiShape):
    """An audit through the API."""


class _EntryFields:
    transaction_id = Whole(required=True, minimum=1)


class EntryForm(_EntryFields, Shape):
    """The auditor has looked at an entry."""


class EntryBody(_EntryFields, ApiShape):
    """An entry through the API."""


class _FindingFields(_EntryFields):
    severity = OneOf(Severity, required=True)
    words = Words(required=True, shortest=2, longest=1_000, lines=True)


class FindingForm(_FindingFields, Shape):
    """The auditor notes a finding."""


class FindingBody(_FindingFields, ApiShape):
    """A finding through the API."""


class _ReplyFields:
    words = Words(required=True, shortest=2, longest=1_000, lines=True)


class ReplyForm(_ReplyFields, Shape):
    """The firm or the committee replies to a finding."""


class ReplyBody(_ReplyFields, ApiShape):
    """A reply through the API."""


class _OpinionFields:
    kind = OneOf(OpinionKind, required=True)
    words = Words(required=True, shortest=4, longest=4_000, lines=True)


class OpinionForm(_OpinionFields, Shape):
    """The auditor concludes."""


class OpinionBody(_OpinionFields, ApiShape):
    """An opinion through the API."""
