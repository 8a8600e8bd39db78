"""Sealing what waits in every community: a task, each batch of it a command of its own."""

from __future__ import annotations

from community.kernel import db
from community.kernel.actor import Actor
from community.transparency.queries.waiting import communities_waiting
from community.transparency.service.sealing import seal_community

# What is left after so many batches goes on at the next round.
MOST_BATCHES = 50


def seal_waiting() -> int:
    """Seal what waits in every community; gives how many records.

    Two runners at once do no harm: the second finds nothing waiting.
    """
    with db.read() as session:
        waiting = communities_waiting(session)
    sealed = 0
    for community_id in waiting:
        for _ in range(MOST_BATCHES):
            batch: int = db.write(seal_community, Actor.system(community_id))
            sealed += batch
            if batch == 0:
                break
    return sealed
