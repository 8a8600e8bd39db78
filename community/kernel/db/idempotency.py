"""A repeated request answers what it answered first: one table, one rule, for every command.

Unique on (community, actor, command, key), with a hash of the payload. A business refusal is
kept and answered again; malformed input (`BadInput`) does not use up a key.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from community.kernel import clock, codec
from community.kernel.actor import Actor
from community.kernel.db.session import Statements
from community.kernel.errors import KeyReused, Refusal, RuleBroken

_FIND = (
    "SELECT payload_hash, answer FROM request_answer"
    " WHERE community_id = ? AND actor_key = ? AND command = ? AND request_key = ?"
)
_KEEP = (
    "INSERT INTO request_answer"
    " (community_id, actor_key, command, request_key, payload_hash, answer, answered_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Request:
    """The identity of one request and the hash of what it asks."""

    community_id: int
    actor_key: str
    command: str
    key: str
    payload_hash: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's answer: a value, or the refusal it raised."""

    value: Any = None
    refusal: Refusal | None = None

    def give(self) -> Any:
        """Return the value or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        return self.value


def request(actor: Actor, command: str, arguments: tuple[Any, ...], key: str) -> Request:
    """Name a request; the payload is the arguments and whom the actor stands for."""
    payload = codec.digest((actor.on_behalf_of, arguments))
    return Request(actor.community_id, actor_key(actor), command, key, payload)


def actor_key(actor: Actor) -> str:
    """Tell under which name an actor's keys are kept."""
    if actor.is_system:
        return "system"
    if actor.person_id is None:
        return "visitor"
    return f"p{actor.person_id}"


def find(statements: Statements, asked: Request) -> Answer | None:
    """Find the first answer to a request.

    Raises: KeyReused when the key was used for another payload.
    """
    row = statements.one(_FIND, (asked.community_id, asked.actor_key, asked.command, asked.key))
    if row is None:
        return None
    payload_hash, answer = row
    if bytes(payload_hash) != asked.payload_hash:
        raise KeyReused
    return _load(answer)


def keep(statements: Statements, asked: Request, answer: Answer) -> None:
    """Keep the first answer to a request."""
    statements.run(
        _KEEP,
        (
            asked.community_id,
            asked.actor_key,
            asked.command,
            asked.key,
            asked.payload_hash,
            _dump(answer),
            clock.micros(clock.now()),
        ),
    )


def is_kept(refusal: Refusal) -> bool:
    """Tell whether a refusal is an answer to keep: a rule's, not the reader's or the machine's."""
    return isinstance(refusal, RuleBroken) and not isinstance(refusal, KeyReused)


def _dump(answer: Answer) -> str:
    refusal = answer.refusal
    if refusal is None:
        return codec.dump(("value", answer.value))
    kind = type(refusal)
    return codec.dump(("refusal", kind.__module__, kind.__qualname__, dict(refusal.facts)))


def _load(text: str) -> Answer:
    kind, *rest = codec.load(text)
    if kind == "value":
        return Answer(value=rest[0])
    module, name, facts = rest
    assert module.startswith(("community.", "tests.")), module
    refusal: type[Refusal] = getattr(importlib.import_module(module), name)
    return Answer(refusal=refusal(**facts))
