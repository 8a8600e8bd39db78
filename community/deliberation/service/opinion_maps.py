"""Drawing opinion maps: a job reads the answers, draws outside the writer, and keeps the map.

The last map of a conversation also keeps all answers without whose they are, and what linked them
to people is deleted in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation import permissions
from community.deliberation.errors.opinions import ConversationClosed
from community.deliberation.models import Conversation, DrawnMap, ViewpointAnswer
from community.deliberation.queries.opinion_answers import changed_people, read_matrix
from community.deliberation.queries.opinions import find_row
from community.deliberation.rules.opinions import (
    ConversationState,
    is_open,
    is_worth_drawing,
    map_seed,
)
from community.deliberation.tallies.opinion_rows import (
    MapSettings,
    OpinionMap,
    Row,
    canonical_rows,
    matrix_hash,
    write_row,
)
from community.kernel import clock, jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_

MAP_JOB = "deliberation.opinion_map"
CLOSED_RECORD = "opinions.closed"

transparency.name_kinds({CLOSED_RECORD: N_("意见征集截止，答卷公开")})


def close_conversation(session: Session, actor: Actor, conversation_id: int) -> int:
    """Close a conversation before its time and have its last map drawn; give the job's id.

    Raises: ConversationClosed.
    """
    actor.check(permissions.CONVENE.code)
    row = find_row(session, actor.community_id, conversation_id)
    if not is_open(row.state, row.closes_at, clock.now()):
        raise ConversationClosed
    return _close(session, actor, row)


def refresh_map(session: Session, actor: Actor, conversation_id: int) -> int | None:
    """Have the map drawn anew if enough people answered since; give the job's id, or None.

    Raises: ConversationClosed.
    """
    actor.check(permissions.CONVENE.code)
    row = find_row(session, actor.community_id, conversation_id)
    if not is_open(row.state, row.closes_at, clock.now()):
        raise ConversationClosed
    return _start(session, actor, row) if _may_draw(session, row) else None


def tend_conversations(session: Session, actor: Actor) -> None:
    """Close what is over, and have drawn anew what has changed enough."""
    rows = session.scalars(
        select(Conversation).where(
            Conversation.community_id == actor.community_id,
            Conversation.state != ConversationState.PUBLISHED,
        )
    ).all()
    for row in rows:
        if _is_at_work(session, row):
            continue
        if not is_open(row.state, row.closes_at, clock.now()):
            _close(session, Actor.system(actor.community_id), row)
        elif _may_draw(session, row):
            _start(session, Actor.system(actor.community_id), row)


def _close(session: Session, actor: Actor, row: Conversation) -> int:
    if row.state is ConversationState.OPEN:
        row.state, row.closed_at = ConversationState.CLOSED, clock.now()
        session.flush()
    return _start(session, actor, row)


def _start(session: Session, actor: Actor, row: Conversation) -> int:
    link = f"opinions/{row.id}/map"
    row.job_id = jobs.start_job(session, actor, MAP_JOB, {"conversation_id": row.id}, link)
    session.flush()
    return row.job_id


def _is_at_work(session: Session, row: Conversation) -> bool:
    job = None if row.job_id is None else jobs.find_job(session, row.community_id, row.job_id)
    return job is not None and not job.is_over


def _may_draw(session: Session, row: Conversation) -> bool:
    changed = changed_people(session, row.community_id, row.id)
    return not _is_at_work(session, row) and is_worth_drawing(changed, row.smallest_group)


def plan_map(session: Session, actor: Actor, args: Mapping[str, Any]) -> int:
    """A map is one piece of work."""
    find_row(session, actor.community_id, args["conversation_id"])
    return 1


def prepare_map(
    session: Session, actor: Actor, args: Mapping[str, Any], position: int
) -> dict[str, Any]:
    """Read the answers and draw, on a read-only connection."""
    row = find_row(session, actor.community_id, args["conversation_id"])
    read_at = clock.now()
    columns, rows = read_matrix(session, row.community_id, row.id)
    settings = MapSettings(row.smallest_group, row.sets_same_aside)
    return {
        "columns": columns,
        "answers": tuple(write_row(each) for each in canonical_rows(rows)),
        "hash": matrix_hash(rows),
        "picture": draw_picture_of(rows, map_seed(row.community_id, row.id), settings),
        "read_at": read_at,
        "is_last": row.state is not ConversationState.OPEN,
    }


def draw_picture_of(
    rows: Sequence[Row], seed: bytes, settings: MapSettings
) -> dict[str, Any] | None:
    """Draw the map of answers as plain JSON of whole numbers; None while too few answered."""
    # numpy costs a third of a second at import, and only this needs it.
    from community.deliberation.tallies.opinion_map import draw_map  # as said above

    drawn = draw_map(rows, seed, settings)
    return None if drawn is None else write_picture(drawn)


def draw_map_now(session: Session, actor: Actor, conversation_id: int) -> None:
    """Draw the map at once, without a job; for the demo's past."""
    args = {"conversation_id": conversation_id}
    ready = prepare_map(session, actor, args, 0)
    keep_map(session, actor, args, jobs.Step(0, 1, ready))


def write_picture(drawn: OpinionMap) -> dict[str, Any]:
    """Write a map as plain JSON of whole numbers."""
    return {
        "people": drawn.people,
        "set_aside": drawn.set_aside,
        "too_few_answers": drawn.too_few_answers,
        "in_small_groups": drawn.people_in_small_groups,
        "clearness": drawn.clearness,
        "points": drawn.points,
        "groups": tuple(
            {
                "number": group.number,
                "people": group.people,
                "answers": tuple(tuple(each) for each in group.answers),
                "marks": tuple(
                    {
                        "viewpoint": mark.statement,
                        "side": mark.side.value,
                        "z_own": mark.z_own,
                        "z_against": mark.z_against,
                    }
                    for mark in group.marks
                ),
            }
            for group in drawn.groups
        ),
        "uniting": tuple(
            {"viewpoint": one.statement, "side": one.side.value, "consensus": one.consensus}
            for one in drawn.uniting
        ),
        "dividing": tuple(
            {
                "viewpoint": one.statement,
                "for": one.agreeing_group,
                "against": one.disagreeing_group,
                "gap": one.gap,
            }
            for one in drawn.dividing
        ),
    }


def keep_map(session: Session, actor: Actor, args: Mapping[str, Any], step: jobs.Step) -> int:
    """Keep the drawn map; the last one ends the conversation and forgets who answered what."""
    row = find_row(session, actor.community_id, args["conversation_id"])
    if row.state is ConversationState.PUBLISHED:
        # Another job was faster with the last map.
        return step.total
    ready = step.ready
    number = session.scalar(
        select(func.max(DrawnMap.number)).where(DrawnMap.conversation_id == row.id)
    )
    session.add(
        DrawnMap(
            community_id=row.community_id,
            conversation_id=row.id,
            number=(number or 0) + 1,
            people=len(ready["answers"]),
            columns=list(ready["columns"]),
            matrix_hash=ready["hash"],
            picture=ready["picture"],
            is_last=ready["is_last"],
            answers=list(ready["answers"]) if ready["is_last"] else None,
            read_at=ready["read_at"],
            drawn_at=clock.now(),
        )
    )
    if ready["is_last"]:
        _publish(session, row, ready["hash"], len(ready["answers"]))
    session.flush()
    return step.total


def _publish(session: Session, row: Conversation, matrix: str, people: int) -> None:
    done = session.execute(
        update(Conversation)
        .where(
            Conversation.community_id == row.community_id,
            Conversation.id == row.id,
            Conversation.state == ConversationState.CLOSED,
        )
        .values(state=ConversationState.PUBLISHED)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise ConversationClosed
    session.execute(
        delete(ViewpointAnswer)
        .where(
            ViewpointAnswer.community_id == row.community_id,
            ViewpointAnswer.conversation_id == row.id,
        )
        .execution_options(synchronize_session=False)
    )
    facts = {
        "conversation": row.id,
        "title": row.title,
        "answers": matrix,
        "people": people,
        "seed": map_seed(row.community_id, row.id).hex(),
        "smallest_group": row.smallest_group,
        "sets_same_aside": row.sets_same_aside,
    }
    transparency.publish(session, row.community_id, CLOSED_RECORD, facts, ref=row.id)


KIND = jobs.JobKind(MAP_JOB, N_("画意见地图"), plan_map, keep_map, prepare=prepare_map)
