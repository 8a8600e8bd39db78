"""The shapes of surveys, papers, reports and the rules of closing."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, post_load

from community.micro_projects.rules.closing import ClosingTerms
from community.micro_projects.rules.milestones import PaperKind
from community.micro_projects.rules.surveys import Satisfaction
from community.micro_projects.service.closing import ReportDraft
from community.web.fields import ApiShape, OnDay, OneOf, Shape, Whole, Words


class SurveyForm(Shape):
    """Where the code hangs, and until when."""

    place = Words(required=True, longest=80)
    closes_on = OnDay(required=True)


class SurveyBody(ApiShape):
    """Where the code hangs, and until when, over the API."""

    place = Words(required=True, longest=80)
    closes_on = OnDay(required=True)


class SurveyAnswerFields(Schema):
    """One of five, and words if one likes."""

    level = Whole(required=True, minimum=1, maximum=5)
    words = Words(load_default="", longest=300, lines=True)

    @post_load
    def _level(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**given, "level": Satisfaction(given["level"])}


class SurveyAnswerForm(Shape, SurveyAnswerFields):
    """Answer a survey."""


class SurveyAnswerBody(ApiShape, SurveyAnswerFields):
    """Answer a survey, over the API."""


class PapersForm(Shape):
    """What the pictures or papers are."""

    kind = OneOf(PaperKind, required=True)
    title = Words(load_default="", longest=80)


class ReportFields(Schema):
    """What the project came to."""

    words = Words(required=True, longest=2_000, lines=True)
    served_people = Whole(load_default=0, minimum=0, maximum=1_000_000)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"draft": ReportDraft(given["words"], given["served_people"])}


class ReportForm(Shape, ReportFields):
    """Close a project."""


class ReportBody(ApiShape, ReportFields):
    """Close a project, over the API."""


class RulesFields(Schema):
    """A dated rule set of surveys and years' ends."""

    survey_days = Whole(required=True, minimum=1, maximum=90)
    survey_threshold = Whole(required=True, minimum=1, maximum=1_000)
    carry_month = Whole(required=True, minimum=0, maximum=12)
    carry_day = Whole(required=True, minimum=1, maximum=31)
    locality = Words(load_default="", longest=60)
    basis = Words(required=True, longest=200)
    valid_from = OnDay(required=True)

    @post_load
    def _terms(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"terms": ClosingTerms(**given)}


class RulesForm(Shape, RulesFields):
    """Set the rules."""


class RulesBody(ApiShape, RulesFields):
    """Set the rules, over the API."""


class YearForm(Shape):
    """The year that ends."""

    year = Whole(required=True, minimum=2_000, maximum=2_199)


class YearBody(ApiShape):
    """The year that ends, over the API."""

    year = Whole(required=True, minimum=2_000, maximum=2_199)
