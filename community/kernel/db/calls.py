"""A command with its arguments, checked to be plain, ready to run in a writer's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.kernel.codec import check_plain
from community.kernel.db.idempotency import Request, request
from community.kernel.errors import NotAllowed

Command = Callable[..., Any]
F = TypeVar("F", bound=Callable[..., Any])

HelperGuard = Callable[[Session, Actor, str], None]

_HOT = "is_hot_path"
_UNTOLD = "is_untold"
_guard_helper: HelperGuard


def _refuse_helpers(session: Session, actor: Actor, command: str) -> None:
    raise NotAllowed


_guard_helper = _refuse_helpers


def set_helper_guard(guard: HelperGuard) -> None:
    """Let `identity` judge and record, in the command's own transaction, each act for another.

    Until it does, nobody acts for anybody.
    """
    global _guard_helper  # noqa: PLW0603  assembled once, by app.py
    _guard_helper = guard


@dataclass(frozen=True, slots=True)
class Call:
    """One act on its way to the writer."""

    name: str
    command: Command
    actor: Actor
    arguments: tuple[Any, ...]
    request: Request | None

    def run(self, session: Session) -> Any:
        """Run the command; its result must be plain too."""
        if self.actor.on_behalf_of is not None:
            _guard_helper(session, self.actor, self.name)
        result = self.command(session, self.actor, *self.arguments)
        check_plain(result)
        return result

    @property
    def is_hot(self) -> bool:
        """Tell whether the command locks one named guard row itself (READ COMMITTED suffices)."""
        return bool(getattr(self.command, _HOT, False))

    @property
    def is_untold(self) -> bool:
        """Tell whether counters must not know of it."""
        return bool(getattr(self.command, _UNTOLD, False))


def untold(command: F) -> F:
    """Mark a command that no counter may betray: how many voted is nobody's to know."""
    setattr(command, _UNTOLD, True)
    return command


def hot_path(command: F) -> F:
    """Mark a command that locks its guard rows in id order and may run READ COMMITTED."""
    setattr(command, _HOT, True)
    return command


def command_name(command: Command) -> str:
    """Tell a command's stable name: room and function, as in `ledger.post`."""
    room = command.__module__.split(".")[1] if "." in command.__module__ else "tests"
    return f"{room}.{command.__name__}"


def make_call(command: Command, actor: Actor, arguments: tuple[Any, ...], key: str | None) -> Call:
    """Check that the arguments are plain and name the request, if it has a key."""
    check_plain(actor)
    check_plain(arguments)
    name = command_name(command)
    asked = None if key is None else request(actor, name, arguments, key)
    return Call(name, command, actor, arguments, asked)
