"""Telling that something happened: handlers run in the teller's own transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

E = TypeVar("E")
Handler = Callable[[Session, Any], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[Session, E], None]) -> None:
    """Let a handler hear every event of a type; the same handler is heard once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def tell(session: Session, event: object) -> None:
    """Tell an event to its handlers at once; a handler that raises undoes the whole act."""
    for handler in _handlers[type(event)]:
        handler(session, event)
