"""The shapes of contracts, milestones, payments and endings; each form has its API twin."""

from __future__ import annotations

from enum import StrEnum
from itertools import zip_longest
from typing import Any

from marshmallow import Schema, fields, post_load, pre_load

from community.micro_projects.rules.contracts import Side
from community.micro_projects.rules.milestones import Finding, Verdict
from community.micro_projects.rules.plans import read_changed_plan, read_plan
from community.micro_projects.service.changes import ChangeDraft
from community.micro_projects.service.contracts import ContractDraft
from community.micro_projects.service.endings import Ending
from community.web.fields import ApiShape, AtTime, OnDay, OneOf, Shape, Ticked, Whole, Words, Yuan


def _gather(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: given.pop(name) for name in names if name in given}


_PLAN_ROWS = ("plan_titles", "plan_shares", "plan_days", "plan_criteria")


def _plan_line(row: tuple[str, ...]) -> str:
    """Write a row as a line; what parts a line is no part of a field."""
    cells = [" ".join(str(each).translate(_PARTING).split()) for each in row]
    return "｜".join(cells) if any(cells) else ""


_PARTING = str.maketrans("|｜", "／／")


class ContractFields(Schema):
    """What a contract says; `plan` is one milestone a line."""

    title = Words(required=True, longest=100)
    scope = Words(required=True, longest=4_000, lines=True)
    terms = Words(load_default="", longest=4_000, lines=True)
    amount_fen = Yuan(load_default=None, minimum=1, maximum=10**11)
    starts_on = OnDay(required=True)
    ends_on = OnDay(required=True)
    supervisor_id = Whole(load_default=None, minimum=1, maximum=10**15 - 1)
    plan = Words(required=True, longest=4_000, lines=True)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = ("title", "scope", "terms", "amount_fen", "starts_on", "ends_on", "supervisor_id")
        kept = _gather(given, *names)
        return {**given, "draft": ContractDraft(plan=read_plan(given.pop("plan")), **kept)}


class ContractForm(Shape, ContractFields):
    """Draft a contract; its plan is typed in rows of four fields."""

    plan_titles = fields.List(fields.Raw())
    plan_shares = fields.List(fields.Raw())
    plan_days = fields.List(fields.Raw())
    plan_criteria = fields.List(fields.Raw())

    @pre_load
    def _join(self, typed: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Write the rows as lines; an empty row is an empty line, so that numbers stay."""
        parts = [typed.get(name) or [] for name in _PLAN_ROWS]
        if not any(parts) or not all(isinstance(part, list) for part in parts):
            return typed
        kept = {name: value for name, value in typed.items() if name not in _PLAN_ROWS}
        rows = zip_longest(*parts, fillvalue="")
        return {**kept, "plan": "\n".join(_plan_line(row) for row in rows)}


class ContractBody(ApiShape, ContractFields):
    """Draft a contract, over the API."""


class SignedBy(StrEnum):
    """Which side signed; `both` on one paper."""

    COMMUNITY = "community"
    ORGANIZATION = "organization"
    BOTH = "both"


class SignForm(Shape):
    """Which side signed on which day."""

    side = OneOf(SignedBy, required=True)
    signed_on = OnDay(required=True)

    @post_load
    def _sides(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        side = given.pop("side")
        sides = tuple(Side) if side is SignedBy.BOTH else (Side(side.value),)
        return {**given, "sides": sides}


class OwnSignForm(Shape):
    """On which day one's own side signed."""

    signed_on = OnDay(required=True)


class ReasonForm(Shape):
    """A reason that everybody may read."""

    reason = Words(required=True, longest=400)


class ReasonBody(ApiShape):
    """A reason, over the API."""

    reason = Words(required=True, longest=400)


class ChangeFields(Schema):
    """What a contract is to say instead; `plan` is one undone milestone a line."""

    reason = Words(required=True, longest=400, lines=True)
    amount_fen = Yuan(required=True, minimum=1, maximum=10**11)
    ends_on = OnDay(required=True)
    scope = Words(required=True, longest=4_000, lines=True)
    plan = Words(required=True, longest=4_000, lines=True)

    @post_load
    def _draft(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = _gather(given, "reason", "amount_fen", "ends_on", "scope")
        return {**given, "draft": ChangeDraft(plan=read_changed_plan(given.pop("plan")), **kept)}


class ChangeForm(Shape, ChangeFields):
    """Propose a change."""


class ChangeBody(ApiShape, ChangeFields):
    """Propose a change, over the API."""


class DecisionForm(Shape):
    """Yes or no with words."""

    is_approved = Ticked()
    words = Words(load_default="", longest=400, lines=True)


class DecisionBody(ApiShape):
    """Yes or no with words, over the API."""

    is_approved = Ticked()
    words = Words(load_default="", longest=400, lines=True)


class DeliveryForm(Shape):
    """What was done, where and when."""

    words = Words(required=True, longest=1_000, lines=True)
    place = Words(load_default="", longest=80)
    happened_at = AtTime(load_default=None)


class VerdictForm(Shape):
    """Accepted, or returned with what is missing."""

    verdict = OneOf(Verdict, required=True)
    words = Words(load_default="", longest=400, lines=True)


class VerdictBody(ApiShape):
    """Accepted or returned, over the API."""

    verdict = OneOf(Verdict, required=True)
    words = Words(load_default="", longest=400, lines=True)


class NoteForm(Shape):
    """What somebody saw at the site."""

    finding = OneOf(Finding, required=True)
    words = Words(required=True, longest=600, lines=True)


class AnswerForm(Shape):
    """An answer everybody reads."""

    words = Words(required=True, longest=600, lines=True)


class AnswerBody(ApiShape):
    """An answer, over the API."""

    words = Words(required=True, longest=600, lines=True)


class InvoiceForm(Shape):
    """The number on the invoice."""

    invoice_number = Words(required=True, longest=40)


class EndingFields(Schema):
    """Why a contract breaks off, what of the rest is paid, what comes next."""

    reason = Words(required=True, longest=400, lines=True)
    settlement_fen = Yuan(load_default=0, minimum=0, maximum=10**11)
    is_continued = Ticked()

    @post_load
    def _ending(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        kept = _gather(given, "reason", "settlement_fen", "is_continued")
        return {**given, "ending": Ending(**kept)}


class EndingForm(Shape, EndingFields):
    """Break a contract off."""


class EndingBody(ApiShape, EndingFields):
    """Break a contract off, over the API."""


class ClawBackForm(Shape):
    """What is asked back, why and by when."""

    amount_fen = Yuan(required=True, minimum=1, maximum=10**11)
    reason = Words(required=True, longest=400, lines=True)
    due_on = OnDay(required=True)


class ClawBackBody(ApiShape):
    """What is asked back, over the API."""

    amount_fen = Yuan(required=True, minimum=1, maximum=10**11)
    reason = Words(required=True, longest=400, lines=True)
    due_on = OnDay(required=True)


class SettledForm(Shape):
    """The money came back, or is waived."""

    is_received = Ticked()
    words = Words(required=True, longest=400, lines=True)


class SettledBody(ApiShape):
    """The money came back or is waived, over the API."""

    is_received = Ticked()
    words = Words(required=True, longest=400, lines=True)
