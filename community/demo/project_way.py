"""A demo project's way into the library: idea, endorsements, costs, vote, notice, the street."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from community import deliberation, identity, micro_projects
from community.demo.cast import Cast, act_as
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import IdeaDraft

YES, NO = ((1, 1),), ((2, 1),)
GROWN_UP = 25
ENDORSERS = 10
QUOTA_FEN = 1_000_000_00


@dataclass(frozen=True, slots=True)
class Costs:
    """What a project's things cost, what residents give of it, and who quoted what."""

    lines: tuple[tuple[str, int], ...]
    cofunding_fen: int = 0
    quotes: tuple[tuple[str, int], ...] = ()


def whole_way(
    actor: Actor, cast: Cast, found: dict[str, int], name: str, begun: int, idea: IdeaDraft,
    costs: Costs,
) -> list[Happening]:  # fmt: skip
    """Bring an idea, cost it, let the council vote, and close its notice."""
    steps = (
        (begun, 19, partial(bring_idea, actor, cast, found, name, idea, ENDORSERS)),
        (begun - 2, 10, partial(cost_idea, actor, cast, found, name, costs)),
        (begun - 2, 11, partial(ask_council, actor, cast, found, name)),
        (begun - 4, 19, partial(vote_in_council, actor, found, name)),
        (begun - 12, 9, partial(decide_vote, actor, found, name)),
        (begun - 19, 9, partial(close_notices, actor)),
    )
    today = clock.today()
    return [
        Happening(clock.at(today - timedelta(days=max(days, 0)), hour), act)
        for days, hour, act in steps
    ]


def grown_ups(session: Session, actor: Actor) -> list[int]:
    """List the grown-up members."""
    ids = identity.member_ids(session, actor.community_id)
    cards = identity.people(session, actor.community_id, ids)
    oldest = clock.today().year - GROWN_UP
    return [each for each in ids if (cards[each].birth_year or clock.today().year) < oldest]


def find_street(session: Session, actor: Actor) -> Actor:
    """Give the street office's player."""
    person = identity.people_with_role(session, actor.community_id, Role.STREET)[0]
    return act_as(session, actor, person)


def grant_quota(actor: Actor, today: date) -> None:
    """Grant this year's quota, and last year's where the projects began in it."""
    with db.read() as session:
        street = find_street(session, actor)
    for year in {clock.today().year, today.year}:
        db.write(micro_projects.set_quota, street, year, QUOTA_FEN)


def bring_idea(
    actor: Actor, cast: Cast, found: dict[str, int], name: str, idea: IdeaDraft, endorsers: int
) -> None:
    """Let a neighbour propose, the officer accept, and others endorse."""
    begun = 5 * len(found) + 3
    with db.read() as session:
        near = grown_ups(session, actor)[begun : begun + endorsers]
        author, *others = [act_as(session, actor, each) for each in near]
        staff = act_as(session, actor, cast.staff)
    photos = (photograph_sheet("现场", 3),) if name == "lamps" else ()
    made: int = db.write(micro_projects.propose_project, author, idea, photos, True)
    found[name] = made
    db.write(micro_projects.accept_idea, staff, made)
    for each in others:
        db.write(micro_projects.endorse_project, each, made)


def cost_idea(actor: Actor, cast: Cast, found: dict[str, int], name: str, costs: Costs) -> None:
    """Write down quotes and the budget."""
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    for firm, amount in costs.quotes:
        db.write(micro_projects.add_quote, staff, found[name], firm, amount)
    given = (found[name], costs.lines, costs.cofunding_fen)
    db.write(micro_projects.cost_project, staff, *given)


def ask_council(actor: Actor, cast: Cast, found: dict[str, int], name: str) -> None:
    """Ask the council to vote, and open its poll."""
    with db.read() as session:
        staff = act_as(session, actor, cast.staff)
    db.write(micro_projects.ask_vote, staff, found[name])
    poll = _poll(actor, found, name)
    db.write(deliberation.post_roll, staff, poll.id)
    db.write(deliberation.freeze_poll, staff, poll.id)


def vote_in_council(actor: Actor, found: dict[str, int], name: str) -> None:
    """Let all councillors vote, one against."""
    poll = _poll(actor, found, name)
    with db.read() as session:
        seated = deliberation.members_of_body(
            session, actor.community_id, poll.body_id or 0, clock.today()
        )
        voters = [act_as(session, actor, each) for each in seated]
    for place, voter in enumerate(voters):
        db.write(deliberation.cast_ballot, voter, poll.id, NO if place == 4 else YES)


def decide_vote(actor: Actor, found: dict[str, int], name: str) -> None:
    """Close and decide the poll."""
    poll = _poll(actor, found, name)
    system = Actor.system(actor.community_id)
    if poll.closed_at is None:
        db.write(deliberation.close_poll, system, poll.id)
    if poll.decided_at is None:
        db.write(deliberation.decide_poll, system, poll.id)


def close_notices(actor: Actor) -> None:
    """Close the notices whose days are over."""
    db.write(micro_projects.close_due_notices, Actor.system(actor.community_id))


def approve_project(actor: Actor, found: dict[str, int], name: str, number: str) -> None:
    """Let the street approve a project and grant its money with a slip."""
    with db.read() as session:
        street = find_street(session, actor)
        waiting = micro_projects.open_reviews(session, actor.community_id)
    review = next(each for each in waiting if each.project_id == found[name])
    given = (review.id, micro_projects.ReviewOutcome.APPROVED, "情况属实，费用合理。")
    db.write(micro_projects.answer_review, street, *given)
    paper = photograph_sheet("拨付单", 4)
    named = f"拨 {clock.today().year}-{number}"
    slip = (review.project_id, named, review.budget_fen, clock.today(), paper)
    db.write(micro_projects.grant_slip, street, *slip)


def _poll(actor: Actor, found: dict[str, int], name: str) -> deliberation.PollView:
    subject = micro_projects.subject_of(found[name])
    with db.read() as session:
        poll = deliberation.find_poll_for(session, actor.community_id, subject)
    assert poll is not None, "the flow drafts it when a vote is asked for"
    return poll
