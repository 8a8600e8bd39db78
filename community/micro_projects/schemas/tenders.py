"""Shapes of what is sent about tenders and bids; a file of the API comes as base64."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load

from community.kernel import files
from community.kernel.errors import N_, Refusal
from community.micro_projects.rules.bids import (
    LONGEST_PROPOSAL,
    MOST_CONTENT_BYTES,
    MOST_FILES,
    MOST_PRICE_FEN,
    BidContent,
    BidFile,
)
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.tender_methods import TenderTerms
from community.micro_projects.rules.tenders import CriterionKind, TenderMethod, Unconfirmed
from community.micro_projects.service.tender_drafts import CriterionDraft, TenderDraft
from community.sealing import BoxLevel
from community.web.errors import sentence_of
from community.web.fields import AtTime, OnDay, OneOf, Shape, Ticked, Whole, Words, Yuan

_CRITERIA = ("criterion_kind", "criterion_title", "criterion_weight")


class Base64(fields.Field[bytes]):
    """Bytes written in base64."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> bytes:
        if not isinstance(value, str) or len(value) > MOST_CONTENT_BYTES * 2:
            raise ValidationError(N_("文件内容不对，请重新选择文件。"))
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(N_("文件内容不对，请重新选择文件。")) from error


class TenderForm(Shape):
    """A tender as the project officer writes it."""

    title = Words(required=True, shortest=4, longest=60)
    text = Words(longest=6_000, load_default="", lines=True)
    method = OneOf(TenderMethod, required=True)
    level = OneOf(BoxLevel, load_default=BoxLevel.L1)
    budget_fen = Yuan(required=True, minimum=1)
    opens_at = AtTime(load_default=None)
    questions_until = AtTime(load_default=None)
    deadline = AtTime(load_default=None)
    criterion_kind = fields.List(OneOf(CriterionKind), load_default=list)
    criterion_title = fields.List(Words(longest=40), load_default=list)
    criterion_weight = fields.List(Words(longest=3), load_default=list)
    openers = fields.List(Whole(minimum=1), load_default=list)
    opener_threshold = Whole(minimum=0, maximum=25, load_default=0)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the tender's own fields together as one draft."""
        rows = zip(*(values.pop(name) for name in _CRITERIA), strict=False)
        project_id = values.pop("project_id", None)
        values["criteria"] = tuple(
            CriterionDraft(kind, title, _weight(weight)) for kind, title, weight in rows if title
        )
        values["openers"] = tuple(values["openers"])
        draft = {"draft": TenderDraft(**values)}
        return draft if project_id is None else {"project_id": project_id, **draft}


def _weight(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 100):
        raise ValidationError(N_("分值请填 1 到 100 的整数。"), "criterion_weight")
    return int(text)


class NewTenderForm(TenderForm):
    """A tender and the project it is for."""

    project_id = Whole(required=True, minimum=1)


class DocumentForm(Shape):
    """What a file is called."""

    title = Words(longest=80, load_default="")


class DocumentBody(DocumentForm):
    """A file with its name."""

    name = Words(required=True, longest=120)
    content = Base64(required=True)

    @post_load
    def take_in(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Check the file and put it on disk."""
        upload = files.Upload(values.pop("name"), values.pop("content"))
        return {**values, "upload": _ready(upload)}


def _ready(upload: files.Upload) -> files.Ready:
    try:
        return files.take_in(upload)
    except Refusal as refusal:
        raise ValidationError(sentence_of(refusal), "content") from refusal


class CheckForm(Shape):
    """What the compliance check comes to."""

    passes = Ticked()
    words = Words(longest=300, load_default="", lines=True)


class QuestionForm(Shape):
    """A question."""

    words = Words(required=True, shortest=4, longest=500, lines=True)


class AnswerQuestionForm(Shape):
    """An answer."""

    answer = Words(required=True, shortest=2, longest=1_000, lines=True)


class AmendmentForm(Shape):
    """A change of a published tender."""

    words = Words(required=True, shortest=4, longest=2_000, lines=True)
    deadline = AtTime(load_default=None)


class CancelForm(Shape):
    """Why a tender is called off."""

    reason = Words(required=True, shortest=4, longest=300, lines=True)


class BidForm(Shape):
    """A bid as it is typed; its files come beside."""

    price_fen = Yuan(required=True, minimum=1, maximum=MOST_PRICE_FEN)
    proposal = Words(required=True, shortest=4, longest=LONGEST_PROPOSAL, lines=True)


class BidFileBody(Shape):
    """A file of a bid."""

    name = Words(required=True, longest=120)
    content = Base64(required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> BidFile:
        """Give it as the value it is."""
        return BidFile(values["name"], values["content"])


class BidBody(BidForm):
    """A bid with its files."""

    files = fields.List(fields.Nested(BidFileBody), load_default=list)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring price, plan and files together."""
        if len(values["files"]) > MOST_FILES:
            raise ValidationError(N_("文件太多，请合并后再提交。"), "files")
        bid = BidContent(values["price_fen"], values["proposal"], tuple(values["files"]))
        return {"bid": bid}


class SealedBidForm(Shape):
    """A bid that the bidder's browser has sealed."""

    envelope = Base64(required=True)


class RulesForm(Shape):
    """What holds for a method and a kind from a day on."""

    method = OneOf(TenderMethod, required=True)
    kind = OneOf(ProjectKind, required=True)
    most_fen = Yuan(minimum=0, load_default=None)
    minimum_bids = Whole(required=True, minimum=1, maximum=20)
    bidding_days = Whole(required=True, maximum=90)
    amendment_days = Whole(required=True, maximum=90)
    question_days = Whole(required=True, maximum=90)
    unconfirmed = OneOf(Unconfirmed, required=True)
    locality = Words(longest=60, load_default="")
    basis = Words(required=True, shortest=4, longest=200)
    valid_from = OnDay(required=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the figures together."""
        kind = values.pop("kind").value
        return {"terms": TenderTerms(kind=kind, **values)}


class Nothing(Shape):
    """A press of a button."""
