"""Shapes of what is sent about ideas, their support, and their way to approval."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import ValidationError, fields, post_load

from community.kernel import files
from community.kernel.errors import N_, Refusal
from community.micro_projects.rules.deciding import MOST_LINES, ReviewOutcome
from community.micro_projects.rules.projects import (
    Funding,
    ProjectCategory,
    ProjectKind,
    ProposalOrigin,
)
from community.micro_projects.rules.states import ProjectGroup
from community.micro_projects.rules.terms import NAMES, ProjectTerms
from community.micro_projects.service.ideas import IdeaDraft
from community.web.fields import OnDay, OneOf, Shape, Ticked, Whole, Words, Yuan

_DRAFT = ("title", "need", "kind", "category", "building_id", "place")


class Nothing(Shape):
    """A press of a button."""


class IdeaForm(Shape):
    """An idea as a resident writes it; `submits` hands it in, else it is kept."""

    title = Words(required=True, shortest=4, longest=60)
    need = Words(required=True, shortest=4, longest=2_000, lines=True)
    kind = OneOf(ProjectKind, required=True)
    category = OneOf(ProjectCategory, required=True)
    building_id = Whole(minimum=1, load_default=None)
    place = Words(longest=60, load_default="")
    submits = Ticked()
    dropped = fields.List(Whole(minimum=1), load_default=list)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the idea's own fields together as one draft."""
        draft = IdeaDraft(**{name: values.pop(name) for name in _DRAFT})
        values["dropped"] = frozenset(values.get("dropped", ()))
        return {"draft": draft, "photos": (), **values}


class RecordIdeaForm(IdeaForm):
    """An idea that the desk writes down for a resident."""

    person_id = Whole(required=True, minimum=1)
    origin = OneOf(ProposalOrigin, load_default=ProposalOrigin.PAPER)


class ProjectsQuery(Shape):
    """Which projects are listed."""

    text = Words(longest=60, load_default="")
    kind = OneOf(ProjectKind, load_default=None)
    category = OneOf(ProjectCategory, load_default=None)
    group = OneOf(ProjectGroup, load_default=None)
    funding = OneOf(Funding, load_default=None)
    before = Whole(minimum=1, load_default=None)


class LibraryQuery(Shape):
    """Which projects of the library are listed."""

    text = Words(longest=60, load_default="")
    category = OneOf(ProjectCategory, load_default=None)
    before = Whole(minimum=1, load_default=None)


class SimilarQuery(Shape):
    """Words of an idea about to be proposed."""

    words = Words(longest=2_000, required=True, lines=True)


class CopyForm(Shape):
    """Of which community's library a project is copied."""

    from_community_id = Whole(required=True, minimum=1)


class ReasonForm(Shape):
    """A public reason."""

    reason = Words(required=True, shortest=2, longest=500, lines=True)


class WithdrawForm(Shape):
    """Why an idea is taken back."""

    reason = Words(longest=500, load_default="", lines=True)


class PersonForm(Shape):
    """A resident for whom the desk writes something down."""

    person_id = Whole(required=True, minimum=1)


class PledgeForm(Shape):
    """What somebody promises."""

    amount_fen = Yuan(required=True, minimum=1)


class RecordPledgeForm(PledgeForm):
    """What a resident without a phone promises."""

    person_id = Whole(required=True, minimum=1)


class MergeForm(ReasonForm):
    """Into which project, and why."""

    into_id = Whole(required=True, minimum=1)


class ConsentForm(Shape):
    """Whether an author agrees to a merger."""

    agrees = Ticked()


class QuoteForm(Shape):
    """A firm's price."""

    firm = Words(required=True, shortest=2, longest=80)
    amount_fen = Yuan(required=True, minimum=1)


class CostingForm(Shape):
    """What each thing costs, and what residents and donors give of it."""

    names = fields.List(Words(longest=60), required=True)
    amounts = fields.List(fields.Raw(), required=True)
    cofunding_fen = Yuan(load_default=0)
    matched_fen = Yuan(load_default=0)
    words = Words(longest=1_000, load_default="", lines=True)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Pair names with amounts; lines left empty are left aside."""
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
        return {"lines": tuple(lines), **values}


class ReviewForm(Shape):
    """What the street answers."""

    outcome = OneOf(ReviewOutcome, required=True)
    words = Words(longest=1_000, load_default="", lines=True)


class QuotaForm(Shape):
    """A year's quota."""

    year = Whole(required=True, minimum=2020, maximum=2100)
    amount_fen = Yuan(required=True)


class SlipForm(Shape):
    """The street's slip; its paper comes as a file."""

    number = Words(required=True, longest=40)
    amount_fen = Yuan(required=True, minimum=1)
    granted_on = OnDay(required=True)


class SlipBody(SlipForm):
    """The street's slip with its paper, as the API sends it."""

    paper_name = Words(required=True, longest=120)
    paper_base64 = Words(required=True, longest=28_000_000)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Take the paper in."""
        try:
            content = base64.b64decode(values.pop("paper_base64"), validate=True)
        except ValueError as error:
            raise ValidationError(N_("文件内容要用 base64 编码。"), "paper_base64") from error
        upload = files.Upload(values.pop("paper_name"), content)
        try:
            return {**values, "paper": files.take_in(upload)}
        except Refusal as refusal:
            raise ValidationError(str(refusal), "paper_base64") from refusal


class DonationForm(Shape):
    """A donor's promise: so many percent of what residents pay, up to a limit."""

    donor = Words(required=True, shortest=2, longest=80)
    match_percent = Whole(required=True, minimum=1, maximum=1_000)
    most_fen = Yuan(required=True, minimum=1)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Write the percentage as basis points."""
        return {"match_bp": values.pop("match_percent") * 100, **values}


class TermsForm(Shape):
    """The figures of a district from a day on."""

    locality = Words(required=True, longest=60)
    basis = Words(required=True, longest=200)
    valid_from = OnDay(required=True)
    valid_to = OnDay(load_default=None)
    service_cap_fen = Yuan(required=True, minimum=1)
    goods_cap_fen = Yuan(required=True, minimum=1)
    works_cap_fen = Yuan(required=True, minimum=1)
    quota_fen = Yuan(required=True, minimum=1)
    endorsers = Whole(required=True, minimum=1, maximum=100_000)
    endorse_days = Whole(required=True, minimum=1, maximum=365)
    merge_days = Whole(required=True, minimum=1, maximum=60)
    quotes_above_fen = Yuan(required=True)
    quotes_needed = Whole(required=True, minimum=1, maximum=10)
    vote_days = Whole(required=True, minimum=1, maximum=60)
    notice_days = Whole(required=True, minimum=1, maximum=60)
    review_days = Whole(required=True, minimum=1, maximum=60)
    return_days = Whole(required=True, minimum=1, maximum=365)
    library_days = Whole(required=True, minimum=30, maximum=3_650)
    pledge_days = Whole(required=True, minimum=7, maximum=365)

    @post_load
    def read(self, values: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Bring the figures together."""
        terms = ProjectTerms(**{name: values.pop(name) for name in NAMES})
        return {"terms": terms, **values}
