"""Commands of panels up to the draw: rules, published list, seed, draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from community import identity, notices, transparency
from community.deliberation import permissions
from community.deliberation.errors.panels import (
    DrawUndecided,
    LeastsAboveSeats,
    ListPublished,
    NoCheckpointYet,
    NotListed,
    QuotasContradict,
    QuotasStuck,
    QuotasTogether,
    SeedIsTheLogs,
    SeedKnown,
    SeedNotYet,
    SeedWanted,
    TooFewHouseholds,
    ValueFull,
    ValueShort,
)
from community.deliberation.models import Panel, PanelCandidate, PanelInvitation
from community.deliberation.queries.panels import (
    candidate_rows,
    panel_row,
    read_rules,
    to_candidate,
)
from community.deliberation.queries.quota_lines import to_rows
from community.deliberation.rules.panels import (
    PANEL_STEPS,
    SALT_BYTES,
    SEXES,
    UNKNOWN,
    Feature,
    InvitationState,
    PanelState,
    SeedSource,
    age_band,
    features_of,
    is_surprise,
)
from community.deliberation.tallies.panels import (
    SEPARATOR,
    Candidate,
    NoPanel,
    PanelRules,
    Quota,
    check_rules,
    draw_panel,
)
from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.kernel.errors import N_, Refusal
from community.kernel.lots import SHORTEST_SEED, hash_candidates
from community.kernel.permissions import Role
from community.kernel.sentences import say

CANDIDATES_RECORD = "panel.candidates"
DRAWN_RECORD = "panel.drawn"
LONGEST_SEED = 200
# An invitation runs out when the desk has closed, not at midnight.
ANSWER_HOUR = 20
# A panel advises those who decide; they do not sit on it.
NOT_DRAWN = (Role.STAFF, Role.STREET, Role.AUDITOR)

transparency.name_kinds(
    {CANDIDATES_RECORD: N_("圆桌候选名单公布"), DRAWN_RECORD: N_("圆桌抽签结果")}
)


@dataclass(frozen=True, slots=True)
class PanelDraft:
    """What a panel is for, its seats and quotas, and how many days the invited have to answer."""

    title: str
    purpose: str
    seats: int
    quotas: tuple[Quota, ...]
    answer_days: int = 7


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """Where the seed will come from, in words, and when it will be known."""

    source: SeedSource
    at: datetime
    words: str = ""


def draft_panel(session: Session, actor: Actor, draft: PanelDraft) -> int:
    """Draft a panel; give its id.

    Raises: QuotasContradict, LeastsAboveSeats.
    """
    actor.check(permissions.CONVENE.code)
    _checked_rules(draft)
    row = Panel(
        community_id=actor.community_id,
        title=draft.title,
        purpose=draft.purpose,
        state=PanelState.DRAFT,
        seats=draft.seats,
        quotas=to_rows(draft.quotas),
        answer_days=draft.answer_days,
        made_by=actor.person_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def change_panel(session: Session, actor: Actor, panel_id: int, draft: PanelDraft) -> None:
    """Change a panel's rules while its list is not published.

    Raises: PanelNotFound, ListPublished, QuotasContradict, LeastsAboveSeats.
    """
    actor.check(permissions.CONVENE.code)
    row = panel_row(session, actor.community_id, panel_id)
    if row.state is not PanelState.DRAFT:
        raise ListPublished
    _checked_rules(draft)
    row.title, row.purpose, row.seats = draft.title, draft.purpose, draft.seats
    row.quotas, row.answer_days = to_rows(draft.quotas), draft.answer_days


def publish_candidates(session: Session, actor: Actor, panel_id: int, plan: SeedPlan) -> str:
    """Freeze the candidates, publish their list's hash, and announce the seed; give the hash.

    That the quotas can be met is known from here on: otherwise nothing is published.
    Raises: ListPublished, SeedKnown, SeedWanted, and why no panel is possible.
    """
    actor.check(permissions.CONVENE.code)
    row = panel_row(session, actor.community_id, panel_id)
    if row.state is not PanelState.DRAFT:
        raise ListPublished
    now = clock.now()
    if not is_surprise(plan.at, now):
        raise SeedKnown
    if plan.source is SeedSource.LOTTERY and not plan.words:
        raise SeedWanted
    candidates = _collect(session, row)
    _draw(b"is it possible", candidates, read_rules(row))
    list_hash = hash_candidates([one.line for one in candidates])
    facts = {
        "panel": row.id,
        "title": row.title,
        "list_hash": list_hash,
        "candidates": len(candidates),
        "features": [each.value for each in features_of(one[0] for one in row.quotas)],
        "seats": row.seats,
        "quotas": row.quotas,
        "seed_source": plan.source.value,
        "seed_words": plan.words,
        "seed_at": plan.at.isoformat(),
    }
    record = transparency.publish(session, actor.community_id, CANDIDATES_RECORD, facts, ref=row.id)
    _step(
        session,
        row,
        PanelState.LISTED,
        listed_at=now,
        list_hash=list_hash,
        record_id=record,
        seed_source=plan.source,
        seed_words=plan.words,
        seed_at=plan.at,
    )
    return list_hash


def run_draw(session: Session, actor: Actor, panel_id: int, number: str = "") -> int:
    """Draw the panel by the announced seed and invite whoever was drawn; give how many.

    `number` is what the announced lottery drew; a checkpoint of the log is read, never typed.
    Raises: NotListed, SeedNotYet, NoCheckpointYet, SeedWanted, SeedIsTheLogs.
    """
    actor.check(permissions.CONVENE.code)
    row = panel_row(session, actor.community_id, panel_id)
    if row.state is not PanelState.LISTED:
        raise NotListed
    seed = _seed(session, row, number)
    candidates = [to_candidate(one) for one in candidate_rows(session, row)]
    drawn = _draw(seed.encode(), candidates, read_rules(row))
    _step(session, row, PanelState.DRAWN, seed=seed, drawn_at=clock.now())
    invite(session, actor, row, drawn, 1)
    return len(drawn)


def _seed(session: Session, row: Panel, number: str) -> str:
    assert row.seed_at is not None
    if clock.now() < row.seed_at:
        raise SeedNotYet(at=row.seed_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"))
    if row.seed_source is SeedSource.CHECKPOINT:
        if number:
            raise SeedIsTheLogs
        found = transparency.checkpoint_since(session, row.community_id, row.seed_at)
        if found is None:
            raise NoCheckpointYet
        return found.root.hex()
    if not SHORTEST_SEED <= len(number.encode()) <= LONGEST_SEED:
        raise SeedWanted
    return number


def cancel_panel(session: Session, actor: Actor, panel_id: int, reason: str) -> None:
    """Give a panel up, with a public reason; what was drawn stays to be seen.

    Raises: PanelNotFound, NotListed.
    """
    actor.check(permissions.CONVENE.code)
    row = panel_row(session, actor.community_id, panel_id)
    _step(session, row, PanelState.CANCELLED, reason=reason)


def invite(
    session: Session, actor: Actor, row: Panel, drawn: Sequence[Candidate], number: int
) -> None:
    """Invite the drawn of a round and publish them, by their tokens."""
    now = clock.now()
    rows = {one.token: one for one in candidate_rows(session, row)}
    placed = session.query(PanelInvitation).filter_by(panel_id=row.id).count()
    answer_by = clock.at(clock.day_of(now) + timedelta(days=row.answer_days), ANSWER_HOUR)
    for place, one in enumerate(drawn, placed + 1):
        session.add(
            PanelInvitation(
                community_id=row.community_id,
                panel_id=row.id,
                candidate_id=rows[one.token].id,
                number=place,
                round=number,
                state=InvitationState.INVITED,
                invited_at=now,
                answer_by=answer_by,
            )
        )
        notices.send(
            session,
            actor,
            rows[one.token].person_id,
            say(N_("您被抽中参加圆桌")),
            say(
                N_(
                    "抽签请您参加“{title}”。来不来由您，请在 {day} 前答复，也可以打电话或到服务台。"
                ),
                title=row.title,
                day=clock.day_of(answer_by).isoformat(),
            ),
            f"panels/{row.id}",
            "todo",
        )
    facts = {
        "panel": row.id,
        "round": number,
        "list_hash": row.list_hash,
        "seed": row.seed,
        "drawn": [one.token for one in drawn],
    }
    transparency.publish(session, row.community_id, DRAWN_RECORD, facts, ref=row.id)
    session.flush()


def redraw(
    seed: bytes,
    candidates: Sequence[Candidate],
    rules: PanelRules,
    kept: Sequence[str],
    left: Sequence[str],
) -> tuple[Candidate, ...]:
    """Fill the seats that are open, by the same list and seed; refuse in the room's words."""
    return _draw(seed, candidates, rules, kept, left)


def _checked_rules(draft: PanelDraft) -> None:
    try:
        check_rules(PanelRules(draft.seats, draft.quotas), ())
    except NoPanel as problem:
        raise _refusal(problem) from problem


def _draw(
    seed: bytes,
    candidates: Sequence[Candidate],
    rules: PanelRules,
    kept: Sequence[str] = (),
    left: Sequence[str] = (),
) -> tuple[Candidate, ...]:
    try:
        return draw_panel(seed, candidates, rules, kept, left)
    except NoPanel as problem:
        raise _refusal(problem) from problem


def _refusal(problem: NoPanel) -> Refusal:
    facts = problem.facts
    values = "、".join(f"{one.value} {one.least}–{one.most}" for one in problem.quotas)
    together = QuotasTogether(values=values) if values else QuotasStuck()
    known: dict[str, Refusal] = {
        "undecided": DrawUndecided(),
        "together": together,
    }
    match problem.code:
        case "quota" | "features" | "none_to_draw":
            return QuotasContradict(value=facts.get("value", ""))
        case "leasts_above_seats":
            return LeastsAboveSeats(least=facts["least"], seats=facts["seats"])
        case "too_few_households":
            return TooFewHouseholds(**facts)
        case "value_short":
            return ValueShort(**facts)
        case "value_full":
            return ValueFull(**facts)
        case code:
            return known[code]


def _collect(session: Session, row: Panel) -> list[Candidate]:
    """Write down who may be drawn: living adult members who live here and work for nobody here."""
    community_id = row.community_id
    barred: set[int] = set()
    for role in NOT_DRAWN:
        barred |= set(identity.people_with_role(session, community_id, role))
    cards = identity.people(session, community_id, identity.member_ids(session, community_id))
    has_sex = Feature.SEX in features_of(one[0] for one in row.quotas)
    sexes = identity.sexes_of(session, cards) if has_sex else {}
    homes: dict[int, str] = {}
    found = []
    for person_id, card in sorted(cards.items()):
        band = age_band(card.birth_year, clock.today().year)
        if person_id in barred or band is None or card.died_on is not None:
            continue
        if card.household_id is None:
            continue
        home = homes.setdefault(card.household_id, ids.random_code(SALT_BYTES))
        building = card.building.replace(SEPARATOR, " ") or UNKNOWN
        features: tuple[str, ...] = (band, building)
        if has_sex:
            features = (*features, SEXES.get(sexes.get(person_id, ""), UNKNOWN))
        one = Candidate(ids.random_code(SALT_BYTES), home, features)
        session.add(
            PanelCandidate(
                community_id=community_id,
                panel_id=row.id,
                person_id=person_id,
                token=one.token,
                home_token=one.household,
                features=list(one.features),
            )
        )
        found.append(one)
    session.flush()
    return found


def _step(session: Session, row: Panel, target: PanelState, **changes: object) -> None:
    if target not in PANEL_STEPS[row.state]:
        raise NotListed
    done = session.execute(
        update(Panel)
        .where(
            Panel.community_id == row.community_id,
            Panel.id == row.id,
            Panel.state == row.state,
        )
        .values(state=target, **changes)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise NotListed
    session.refresh(row)
