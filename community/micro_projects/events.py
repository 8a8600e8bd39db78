"""What happened in the room of micro-projects; flows and the open data listen. Ids only."""

from __future__ import annotations

from dataclasses import dataclass

from community.micro_projects.rules.states import ProjectState


@dataclass(frozen=True, slots=True)
class VoteWanted:
    """The council is to vote on a project; `text` is what it votes on, word for word."""

    community_id: int
    project_id: int
    title: str
    text: str
    # How long the vote stays open, by the project's own rule set.
    days: int


@dataclass(frozen=True, slots=True)
class VoteNoLongerWanted:
    """A project on its way to the vote was withdrawn or has expired."""

    community_id: int
    project_id: int


@dataclass(frozen=True, slots=True)
class ProjectMoved:
    """A project went a step of its table."""

    community_id: int
    project_id: int
    state: ProjectState


@dataclass(frozen=True, slots=True)
class TenderPublished:
    """A tender was published for bidding."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class TenderAmended:
    """A tender's documents were amended; bidders confirm again."""

    community_id: int
    amendment_id: int


@dataclass(frozen=True, slots=True)
class EnquiryAnswered:
    """A bidder's question was answered for everybody."""

    community_id: int
    question_id: int


@dataclass(frozen=True, slots=True)
class TenderFrozen:
    """A tender's deadline passed and its set of envelopes was frozen."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class TenderOpened:
    """A tender's bids were opened."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class TenderFailed:
    """A tender found too few bids or none that is fit."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class TenderCancelled:
    """A tender was called off with its reason."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class BidJudged:
    """The compliance review let a bid stand, or disqualified it."""

    community_id: int
    bid_id: int


@dataclass(frozen=True, slots=True)
class ScoresChanged:
    """All members of a panel have signed, or one left whose scores were known."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class PanelDrawn:
    """The panel of a tender was drawn by lot."""

    community_id: int
    tender_id: int


@dataclass(frozen=True, slots=True)
class AwardNoticed:
    """An award was posted; its standstill runs."""

    community_id: int
    award_id: int


@dataclass(frozen=True, slots=True)
class AwardFinal:
    """An award stands: its standstill is over and no objection holds."""

    community_id: int
    award_id: int


@dataclass(frozen=True, slots=True)
class AwardCancelled:
    """An award fell: upheld objection, or the winner refused."""

    community_id: int
    award_id: int


@dataclass(frozen=True, slots=True)
class ComplaintMade:
    """Somebody complained against a tender or an award."""

    community_id: int
    complaint_id: int


@dataclass(frozen=True, slots=True)
class ComplaintAnswered:
    """A complaint was answered with its reason."""

    community_id: int
    complaint_id: int


@dataclass(frozen=True, slots=True)
class SupplierChanged:
    """An organisation's entry of the register changed."""

    community_id: int
    supplier_id: int


@dataclass(frozen=True, slots=True)
class ContractSigned:
    """A contract was signed by both sides."""

    community_id: int
    contract_id: int


@dataclass(frozen=True, slots=True)
class ContractChanged:
    """An approved change altered a contract."""

    community_id: int
    contract_id: int


@dataclass(frozen=True, slots=True)
class ContractEnded:
    """A contract was completed, or broken off half-way."""

    community_id: int
    contract_id: int


@dataclass(frozen=True, slots=True)
class MilestoneSubmitted:
    """A contractor handed in the evidence of a milestone."""

    community_id: int
    milestone_id: int


@dataclass(frozen=True, slots=True)
class MilestoneAccepted:
    """A milestone was accepted by somebody else than its submitter."""

    community_id: int
    milestone_id: int


@dataclass(frozen=True, slots=True)
class PaymentMade:
    """An instalment was paid out of a project's money."""

    community_id: int
    payment_id: int


@dataclass(frozen=True, slots=True)
class ClawBackSettled:
    """Money that a contractor owed came back, or was waived."""

    community_id: int
    claw_back_id: int


@dataclass(frozen=True, slots=True)
class ProjectClosed:
    """A project was closed with its report."""

    community_id: int
    project_id: int
