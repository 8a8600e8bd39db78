"""Shapes of what is sent about calls of the venture fund, applications, juries and choices."""

from __future__ import annotations

import base64
import re
from typing import Any

from marshmallow import ValidationError, fields, post_load

from community.kernel import files
from community.kernel.errors import N_, Refusal
from community.micro_projects.rules.deciding import MOST_LINES
from community.micro_projects.rules.projects import ProjectCategory, ProjectKind
from community.micro_projects.rules.venture_calls import MOST_CRITERIA
from community.micro_projects.rules.venture_choice import Choice
from community.micro_projects.service.venture_applications import ApplicationDraft
from community.micro_projects.service.venture_calls import CallCriterion, CallDraft
from community.web.fields import AtTime, OnDay, OneOf, Shape, Ticked, Whole, Words, Yuan

_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?\Z")
_CRITERION = ("criterion_title", "criterion_percent", "criterion_text")


def _hundredths(typed: str, name: str) -> int:
    """Read a share or a mark of up to two places as whole hundredths."""
    read = _PERCENT.match(typed)
    if read is None:
        raise ValidationError(N_("请填 0 到 100 的数字，最多两位小数。"), name)
    whole, rest = read.groups()
    found = int(whole) * 100 + int(((rest or "") + "00")[:2])
    if found > 10_000:
        raise ValidationError(N_("请填 0 到 100 的数字，最多两位小数。"), name)
    return found


class CallForm(Shape):
    """A call as the officer writes it; weights and the pass mark come as typed, up to 100."""

    title = Words(required=True, shortest=4, longest=60)
    text = Words(required=True, longest=4_000, lines=True)
    themes = Words(required=True, longest=400, lines=True)
    basis = Words(longest=200, load_default="")
    purse_fen = Yuan(required=True, minimum=1)
    most_fen = Yuan(required=True, minimum=1)
    most_sponsored = Whole(load_default=2, minimum=0, maximum=20)
    pass_mark = Words(longest=6, load_default="60")
    experts = Whole(required=True, minimum=1, maximum=20)
    residents = Whole(required=True, minimum=1, maximum=20)
    officials = Whole(required=True, minimum=1, maximum=20)
    opens_at = AtTime(required=True)
    closes_at = AtTime(required=True)
    pitch_at = AtTime(required=True)
    pitch_place = Words(required=True, longest=60)
    notice_days = Whole(load_default=5, minimum=5, maximum=60)
    criterion_title = fields.List(Words(longest=40), load_default=list)
    criterion_percent = fields.List(Words(longest=6), load_default=list)
    criterion_text = fields.List(Words(longest=300), load_default=list)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the call's own fields together as one draft."""
        columns = [values.pop(name) for name in _CRITERION]
        most = max(len(each) for each in columns)
        if most > MOST_CRITERIA:
            raise ValidationError(N_("评审标准太多了。"), "criterion_title")
        rows = zip(*(each + [""] * (most - len(each)) for each in columns), strict=True)
        criteria = []
        for title, percent, text in rows:
            if not title and not percent:
                continue
            weight = _hundredths(percent, "criterion_percent")
            if not title or not weight:
                raise ValidationError(N_("每条标准都要有名称和权重。"), "criterion_percent")
            criteria.append(CallCriterion(title, weight, text))
        themes = re.split(r"[\n、，,；;]+", values.pop("themes"))
        values |= {
            "criteria": tuple(criteria),
            "themes": tuple(each.strip()[:40] for each in themes if each.strip()),
            "pass_hundredths": _hundredths(values.pop("pass_mark"), "pass_mark"),
        }
        return {"draft": CallDraft(**values)}


class CallReasonForm(Shape):
    """A public reason."""

    reason = Words(required=True, shortest=2, longest=500, lines=True)


class CallWordsForm(Shape):
    """A public word at the end of a call."""

    words = Words(longest=500, load_default="", lines=True)


class ApplicationForm(Shape):
    """An application as those who apply write it; `submits` hands it in."""

    theme = Words(required=True, longest=40)
    title = Words(required=True, shortest=4, longest=60)
    need = Words(required=True, shortest=4, longest=2_000, lines=True)
    plan = Words(required=True, shortest=4, longest=4_000, lines=True)
    kind = OneOf(ProjectKind, required=True)
    category = OneOf(ProjectCategory, required=True)
    place = Words(longest=60, load_default="")
    names = fields.List(Words(longest=60), required=True)
    amounts = fields.List(fields.Raw(), required=True)
    matched_fen = Yuan(load_default=0)
    match_words = Words(longest=300, load_default="", lines=True)
    group_name = Words(longest=40, load_default="")
    sponsor_id = Whole(minimum=1, load_default=None)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Pair names with amounts and bring the fields together as one draft."""
        names, amounts = values.pop("names"), values.pop("amounts")
        if len(names) != len(amounts) or len(names) > MOST_LINES:
            raise ValidationError({"names": [N_("请为每一项写名称和金额。")]})
        lines = []
        for name, amount in zip(names, amounts, strict=True):
            if name == "" and str(amount).strip() == "":
                continue
            try:
                lines.append((name, Yuan(minimum=1).deserialize(amount)))
            except ValidationError as error:
                raise ValidationError({"names": error.messages}) from error
        return {"draft": ApplicationDraft(**values, lines=tuple(lines))}


class RecordApplicationForm(ApplicationForm):
    """A group's application that the desk enters; the signed paper comes as a file."""

    person_id = Whole(required=True, minimum=1)
    group_name = Words(required=True, longest=40)
    sponsor_id = Whole(required=True, minimum=1)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Part the lead from the draft."""
        person_id = values.pop("person_id")
        return {**super().read(values, **options), "person_id": person_id}


class RecordApplicationBody(RecordApplicationForm):
    """A group's application with its signed paper, as the API sends it."""

    paper_name = Words(required=True, longest=120)
    paper_base64 = Words(required=True, longest=28_000_000)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Take the paper in."""
        paper = _taken_in(values)
        return {**super().read(values, **options), "paper": paper}


class SponsorForm(Shape):
    """Whether an organisation sponsors a group."""

    agrees = Ticked()


class ScreenForm(Shape):
    """Whether an application meets the call, and why not."""

    is_eligible = Ticked()
    reason = Words(longest=300, load_default="", lines=True)


class JurorForm(Shape):
    """Who of the pool is to sit."""

    person_id = Whole(required=True, minimum=1)


class ChoiceForm(Shape):
    """What each application is given, 0 or nothing for none, and why."""

    application_id = fields.List(Whole(minimum=1), required=True)
    granted_fen = fields.List(fields.Raw(), load_default=list)
    words = fields.List(Words(longest=300), load_default=list)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the columns together as choices."""
        ids, amounts, words = (
            values.pop(name) for name in ("application_id", "granted_fen", "words")
        )
        # A form drops an only field that was left empty.
        amounts, words = (each or [""] * len(ids) for each in (amounts, words))
        if not len(ids) == len(amounts) == len(words) <= 500:
            raise ValidationError({"granted_fen": [N_("请为每个项目填写资助金额。")]})
        found = []
        for key, amount, said in zip(ids, amounts, words, strict=True):
            try:
                granted = Yuan().deserialize(amount) if str(amount).strip() else 0
            except ValidationError as error:
                raise ValidationError({"granted_fen": error.messages}) from error
            if granted or said:
                found.append(Choice(key, granted, said))
        return {"choices": tuple(found)}


class MatchForm(Shape):
    """Money that somebody gave; its paper comes as a file."""

    giver = Words(required=True, shortest=2, longest=80)
    amount_fen = Yuan(required=True, minimum=1)
    received_on = OnDay(required=True)


class MatchBody(MatchForm):
    """Money that somebody gave with its paper, as the API sends it."""

    paper_name = Words(required=True, longest=120)
    paper_base64 = Words(required=True, longest=28_000_000)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Take the paper in."""
        paper = _taken_in(values)
        return {**values, "paper": paper}


def _taken_in(values: dict[str, Any]) -> files.Ready:
    """Take the paper out of what the API was sent."""
    try:
        content = base64.b64decode(values.pop("paper_base64"), validate=True)
    except ValueError as error:
        raise ValidationError(N_("文件内容要用 base64 编码。"), "paper_base64") from error
    upload = files.Upload(values.pop("paper_name"), content)
    try:
        return files.take_in(upload)
    except Refusal as refusal:
        raise ValidationError(str(refusal), "paper_base64") from refusal


class DecideMatchForm(Shape):
    """Whether reported money counts, and why not."""

    counts = Ticked()
    words = Words(longest=300, load_default="", lines=True)
