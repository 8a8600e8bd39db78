"""An import as long work: how many pieces, the next ones, and writing as many as time allows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.identity.queries.importing import pieces_of_import
from community.identity.service.census import Places, write_piece
from community.identity.service.importing import end_import
from community.kernel import jobs
from community.kernel.actor import Actor
from community.kernel.jobs.kinds import Arguments

# More than a chunk of 50 ms ever writes.
MOST_PIECES = 100


def plan_import(session: Session, actor: Actor, args: Arguments) -> int:
    """Tell how many pieces the file has; rows with mistakes are none."""
    return len(pieces_of_import(session, actor.community_id, args["import_id"]))


def prepare_import(session: Session, actor: Actor, args: Arguments, position: int) -> object:
    """Read the next pieces outside the writer."""
    pieces = pieces_of_import(session, actor.community_id, args["import_id"])
    return pieces[position : position + MOST_PIECES]


def write_import(session: Session, actor: Actor, args: Arguments, step: jobs.Step) -> int:
    """Write as many pieces as the time allows, one at least."""
    places = Places(session, actor)
    done = 0
    for piece in step.ready:
        write_piece(session, actor, places, piece)
        session.flush()
        done += 1
        if not step.budget.lasts():
            break
    return step.position + done


def finish_import(session: Session, actor: Actor, args: Arguments) -> None:
    """Mark the import as done."""
    end_import(session, actor, args["import_id"])
