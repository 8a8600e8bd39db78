"""The shape of a dated rule set of awards, as a form with percentages and over the API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, post_load

from community.micro_projects.rules.award_terms import AwardTerms
from community.web.fields import ApiShape, OnDay, Shape, Whole, Words

WHOLE_BP = 10_000


class RuleFields(Schema):
    """Panels, days and where they come from."""

    panel_seats = Whole(required=True, minimum=3, maximum=21)
    expert_parts = Whole(required=True, maximum=100)
    expert_whole = Whole(required=True, minimum=1, maximum=100)
    explain_days = Whole(required=True, minimum=1, maximum=60)
    standstill_days = Whole(required=True, minimum=1, maximum=60)
    objection_days = Whole(required=True, minimum=1, maximum=60)
    complaint_days = Whole(required=True, minimum=1, maximum=60)
    ruling_days = Whole(required=True, minimum=1, maximum=90)
    appeal_days = Whole(required=True, minimum=1, maximum=60)
    locality = Words(longest=60, load_default="")
    basis = Words(required=True, shortest=4, longest=200)
    valid_from = OnDay(required=True)
    valid_until = OnDay(load_default=None)


class AwardRulesForm(Shape, RuleFields):
    """What holds for awards from a day on; low prices in whole percent."""

    low_mean_percent = Whole(required=True, minimum=1, maximum=100)
    low_next_percent = Whole(required=True, minimum=1, maximum=100)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the figures together, percentages as basis points."""
        mean, nearest = values.pop("low_mean_percent"), values.pop("low_next_percent")
        return {"terms": AwardTerms(low_mean_bp=mean * 100, low_next_bp=nearest * 100, **values)}


class AwardRulesBody(ApiShape, RuleFields):
    """What holds for awards from a day on, over the API; low prices in basis points."""

    low_mean_bp = Whole(required=True, minimum=1, maximum=WHOLE_BP)
    low_next_bp = Whole(required=True, minimum=1, maximum=WHOLE_BP)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the figures together."""
        return {"terms": AwardTerms(**values)}
