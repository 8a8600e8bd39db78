"""Reading panels: rules, published list, invitations; and the draw, as anybody repeats it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import identity
from community.deliberation.errors.panels import PanelNotFound
from community.deliberation.models import Panel, PanelCandidate, PanelInvitation
from community.deliberation.queries.quota_lines import from_rows
from community.deliberation.rules.panels import (
    FEATURES,
    HOLDS_SEAT,
    Feature,
    InvitationState,
    PanelState,
    SeedSource,
    features_of,
)
from community.deliberation.tallies.panels import Candidate, PanelRules, Quota
from community.kernel.actor import Actor
from community.kernel.masks import mask_name


@dataclass(frozen=True, slots=True)
class QuotaView:
    """A quota, how many candidates fit it, and how many of those who hold a seat."""

    feature: Feature
    value: str
    least: int
    most: int
    candidates: int
    seated: int


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation in the lot's order; the name is masked for the public."""

    id: int
    number: int
    round: int
    name: str
    features: tuple[str, ...]
    token: str
    state: InvitationState
    answer_by: datetime
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel as everybody may see it."""

    id: int
    title: str
    purpose: str
    state: PanelState
    seats: int
    quotas: tuple[QuotaView, ...]
    candidates: int
    answer_days: int
    listed_at: datetime | None
    list_hash: str
    record_id: int | None
    seed_source: SeedSource | None
    seed_words: str
    seed_at: datetime | None
    seed: str
    drawn_at: datetime | None
    reason: str
    invitations: tuple[InvitationView, ...]

    @property
    def open_seats(self) -> int:
        """Count the seats nobody holds."""
        return self.seats - sum(one.state in HOLDS_SEAT for one in self.invitations)

    @property
    def accepted(self) -> int:
        """Count the seats accepted."""
        return sum(one.state is InvitationState.ACCEPTED for one in self.invitations)


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One's own line in a list, and one's invitation if there is one."""

    line: str
    invitation: InvitationView | None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """A panel that waits for one's answer."""

    panel_id: int
    title: str


@dataclass(frozen=True, slots=True)
class DrawFile:
    """All that is needed to repeat a draw: rules, seed, candidates, what was drawn, who left."""

    panel_id: int
    list_hash: str
    seed: str
    rules: PanelRules
    candidates: tuple[Candidate, ...]
    rounds: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
    """For each round: tokens that held a seat, tokens that had left, tokens drawn."""

    def as_plain(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "panel": self.panel_id,
            "list_hash": self.list_hash,
            "seed": self.seed,
            "seats": self.rules.seats,
            "features": [
                each.value for each in features_of(one.feature for one in self.rules.quotas)
            ],
            "quotas": [[one.feature, one.value, one.least, one.most] for one in self.rules.quotas],
            "candidates": [one.line for one in self.candidates],
            "rounds": [
                {"kept": list(kept), "left": list(left), "drawn": list(drawn)}
                for kept, left, drawn in self.rounds
            ],
        }


def panels(session: Session, actor: Actor) -> tuple[PanelView, ...]:
    """List the panels, the newest first; drafts are for the desk alone."""
    rows = session.scalars(
        select(Panel).where(Panel.community_id == actor.community_id).order_by(Panel.id.desc())
    )
    return tuple(_view(session, row, masked=True) for row in rows)


def public_panels(session: Session, actor: Actor) -> tuple[PanelView, ...]:
    """List the panels that were announced, the newest first."""
    return tuple(one for one in panels(session, actor) if one.listed_at is not None)


def get_public_panel(session: Session, actor: Actor, panel_id: int) -> PanelView:
    """Give an announced panel with masked names.

    Raises: PanelNotFound.
    """
    row = panel_row(session, actor.community_id, panel_id)
    if row.listed_at is None:
        raise PanelNotFound
    return _view(session, row, masked=True)


def get_panel(session: Session, actor: Actor, panel_id: int) -> PanelView:
    """Give a panel with its names, for the desk.

    Raises: PanelNotFound.
    """
    return _view(session, panel_row(session, actor.community_id, panel_id), masked=False)


def panel_row(session: Session, community_id: int, panel_id: int) -> Panel:
    """Load a panel's row. Raises: PanelNotFound."""
    row = session.get(Panel, panel_id)
    if row is None or row.community_id != community_id:
        raise PanelNotFound
    return row


def community_of_panel(session: Session, panel_id: int) -> int:
    """Tell which community a panel belongs to, for the terminal. Raises: PanelNotFound."""
    row = session.get(Panel, panel_id)
    if row is None:
        raise PanelNotFound
    return row.community_id


def read_rules(row: Panel) -> PanelRules:
    """Read a panel's rules."""
    return PanelRules(row.seats, from_rows(row.quotas))


def candidate_rows(session: Session, row: Panel) -> list[PanelCandidate]:
    """Load the candidates of a panel."""
    chosen = select(PanelCandidate).where(
        PanelCandidate.community_id == row.community_id, PanelCandidate.panel_id == row.id
    )
    return list(session.scalars(chosen.order_by(PanelCandidate.token)))


def to_candidate(row: PanelCandidate) -> Candidate:
    """Give a candidate as the list tells it."""
    return Candidate(row.token, row.home_token, tuple(row.features))


def invitation_rows(session: Session, row: Panel) -> list[PanelInvitation]:
    """Load the invitations of a panel, in order."""
    chosen = select(PanelInvitation).where(
        PanelInvitation.community_id == row.community_id, PanelInvitation.panel_id == row.id
    )
    return list(session.scalars(chosen.order_by(PanelInvitation.number)))


def own_place(session: Session, actor: Actor, panel_id: int) -> OwnPlace | None:
    """Give the actor's own line and invitation; None when they are not on the list."""
    row = panel_row(session, actor.community_id, panel_id)
    own = session.scalars(
        select(PanelCandidate).where(
            PanelCandidate.community_id == actor.community_id,
            PanelCandidate.panel_id == panel_id,
            PanelCandidate.person_id == actor.subject_id,
        )
    ).first()
    if own is None or row.listed_at is None:
        return None
    invited = {one.candidate_id: one for one in invitation_rows(session, row)}
    found = invited.get(own.id)
    return OwnPlace(to_candidate(own).line, None if found is None else _invitation(found, own, ""))


def open_invitations(session: Session, actor: Actor) -> tuple[OpenInvitation, ...]:
    """List the panels that wait for the actor's answer."""
    rows = session.execute(
        select(Panel.id, Panel.title)
        .join(PanelCandidate, PanelCandidate.panel_id == Panel.id)
        .join(PanelInvitation, PanelInvitation.candidate_id == PanelCandidate.id)
        .where(
            Panel.community_id == actor.community_id,
            Panel.state == PanelState.DRAWN,
            PanelCandidate.person_id == actor.subject_id,
            PanelInvitation.state == InvitationState.INVITED,
        )
    )
    return tuple(OpenInvitation(panel_id, title) for panel_id, title in rows)


def draw_file(session: Session, actor: Actor, panel_id: int) -> DrawFile:
    """Give all that is needed to repeat the draw.

    Raises: PanelNotFound, also before the list is published.
    """
    return read_draw(session, actor.community_id, panel_id)


def read_draw(session: Session, community_id: int, panel_id: int) -> DrawFile:
    """Give all that is needed to repeat the draw, for checks and the terminal.

    Raises: PanelNotFound, also before the list is published.
    """
    row = panel_row(session, community_id, panel_id)
    if row.listed_at is None:
        raise PanelNotFound
    candidates = candidate_rows(session, row)
    tokens = {one.id: one.token for one in candidates}
    invited = invitation_rows(session, row)
    rounds = []
    for number in sorted({one.round for one in invited}):
        before = [one for one in invited if one.round < number]
        gone = {one.id for one in before if one.left_after is not None and one.left_after < number}
        rounds.append(
            (
                tuple(tokens[one.candidate_id] for one in before if one.id not in gone),
                tuple(tokens[one.candidate_id] for one in before if one.id in gone),
                tuple(tokens[one.candidate_id] for one in invited if one.round == number),
            )
        )
    return DrawFile(
        row.id,
        row.list_hash or "",
        row.seed or "",
        read_rules(row),
        tuple(to_candidate(one) for one in candidates),
        tuple(rounds),
    )


def export_places(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give where a person stood on a list and what they were invited to."""
    rows = session.execute(
        select(Panel, PanelCandidate, PanelInvitation)
        .join(PanelCandidate, PanelCandidate.panel_id == Panel.id)
        .outerjoin(PanelInvitation, PanelInvitation.candidate_id == PanelCandidate.id)
        .where(PanelCandidate.community_id == community_id, PanelCandidate.person_id == person_id)
        .order_by(Panel.id)
    )
    return {
        "panels": [
            {
                "panel": panel.title,
                "line": to_candidate(candidate).line,
                # The outer join may find none.
                "invitation": invited.state.value if invited is not None else None,  # type: ignore[redundant-expr]
            }
            for panel, candidate, invited in rows
        ]
    }


def _view(session: Session, row: Panel, *, masked: bool) -> PanelView:
    candidates = {one.id: one for one in candidate_rows(session, row)}
    invited = invitation_rows(session, row)
    holding = [candidates[one.candidate_id] for one in invited if one.state in HOLDS_SEAT]
    cards = identity.people(
        session,
        row.community_id,
        {candidates[one.candidate_id].person_id for one in invited},
    )

    def name(person_id: int) -> str:
        found = cards[person_id].name if person_id in cards else ""
        return mask_name(found) if masked else found

    counts = Counter(
        (at, value) for one in candidates.values() for at, value in enumerate(one.features)
    )
    seated = Counter((at, value) for one in holding for at, value in enumerate(one.features))
    return PanelView(
        row.id,
        row.title,
        row.purpose,
        row.state,
        row.seats,
        tuple(_quota(one, counts, seated) for one in from_rows(row.quotas)),
        len(candidates),
        row.answer_days,
        row.listed_at,
        row.list_hash or "",
        row.record_id,
        row.seed_source,
        row.seed_words,
        row.seed_at,
        row.seed or "",
        row.drawn_at,
        row.reason,
        tuple(
            _invitation(
                one,
                candidates[one.candidate_id],
                name(candidates[one.candidate_id].person_id),
                None if masked else candidates[one.candidate_id].person_id,
                FEATURES.index(Feature.SEX) if masked else None,
            )
            for one in invited
        ),
    )


def _quota(
    one: Quota, counts: Counter[tuple[int, str]], seated: Counter[tuple[int, str]]
) -> QuotaView:
    key = (one.feature, one.value)
    return QuotaView(
        FEATURES[one.feature], one.value, one.least, one.most, counts[key], seated[key]
    )


def _invitation(
    one: PanelInvitation,
    candidate: PanelCandidate,
    name: str,
    person_id: int | None = None,
    shown: int | None = None,
) -> InvitationView:
    """Show an invitation with the first `shown` features; what people said of their sex is last."""
    return InvitationView(
        one.id,
        one.number,
        one.round,
        name,
        tuple(candidate.features[:shown]),
        candidate.token,
        one.state,
        one.answer_by,
        person_id,
    )
