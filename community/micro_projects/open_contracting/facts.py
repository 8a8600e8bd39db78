"""The plain facts of a contracting process, as the rooms' rows tell them; money in whole fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Organization:
    """Somebody with a part in a process; `id` is the same in every process."""

    id: str
    name: str
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The project a process serves, and where its money comes from."""

    project_number: str
    title: str
    need: str
    budget_fen: int
    sources: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A public file by its fingerprint; `kind` is a code of documentType.csv."""

    id: str
    title: str
    kind: str = ""
    sha256: str = ""
    published_at: datetime | None = None
    words: str = ""
    # Where everybody can open it; "" for what is not public.
    url: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a tender and its answer, without the asker's name."""

    id: str
    asked_at: datetime
    question: str
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change to a published tender or contract."""

    id: str
    changed_at: datetime
    rationale: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What bids are scored by; weight in whole points of a hundred."""

    kind: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """An objection or complaint, and what became of it; `words` is its ground, never its text."""

    id: str
    kind: str
    status: str
    received_at: datetime
    words: str
    due_on: date | None = None
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """An invitation to bid; direct awards have one too, of method direct."""

    id: str
    title: str
    status: str
    method: str
    method_words: str = ""
    rationale: str = ""
    category: str = "services"
    value_fen: int | None = None
    enquiry: tuple[datetime, datetime] | None = None
    # Half-open: a bid at the end is too late.
    bidding: tuple[datetime, datetime] | None = None
    opened_at: datetime | None = None
    eligibility: str = ""
    criteria_kind: str = ""
    criteria: tuple[Criterion, ...] = ()
    files: tuple[File, ...] = ()
    questions: tuple[Question, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """One figure a bid was given, in hundredths of a point; member is a seat, never a name."""

    id: str
    criterion: str
    hundredths: int
    most_hundredths: int
    member: str = ""


@dataclass(frozen=True, slots=True)
class Bid:
    """An opened bid."""

    id: str
    organization: Organization
    submitted_at: datetime
    status: str
    price_fen: int | None = None
    reason: str = ""
    rank: int | None = None
    files: tuple[File, ...] = ()
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True)
class Award:
    """Who is to do the work; `bid_id` is "" for a direct award."""

    id: str
    organization: Organization
    status: str
    decided_at: datetime
    amount_fen: int
    title: str = ""
    reason: str = ""
    bid_id: str = ""
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of the work, and the instalment that is due when it is met."""

    id: str
    title: str
    status: str
    amount_fen: int
    due_on: date | None = None
    met_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was paid for a met milestone."""

    id: str
    paid_at: datetime
    amount_fen: int
    milestone_id: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that a contractor paid back after it was asked to."""

    id: str
    received_at: datetime
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Related:
    """Another process that this one follows or is followed by, by a code of relatedProcess.csv."""

    id: str
    ocid: str
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """What was signed, and how far it has come."""

    id: str
    award_id: str
    supplier: Organization
    title: str
    status: str
    amount_fen: int
    signed_at: datetime | None = None
    period: tuple[date, date] | None = None
    ended_at: datetime | None = None
    end_words: str = ""
    final_fen: int | None = None
    files: tuple[File, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    # The processes that are to finish what was left undone.
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """Everything public about one contracting process at one moment."""

    buyer: Organization
    plan: Plan
    tender: Tender
    bids: tuple[Bid, ...] = ()
    awards: tuple[Award, ...] = ()
    contracts: tuple[Contract, ...] = ()
    related: tuple[Related, ...] = field(default=())
