"""Texting a code at once, beside the answer: a code in plain must not lie in the outbox table."""

from __future__ import annotations

import threading

import structlog

from community.kernel.outbox import Channel, Outgoing, SendFailed, can_send, find_sender

log = structlog.get_logger("identity.texting")


def can_text() -> bool:
    """Tell whether there is an SMS gateway at all; everything works without one."""
    return can_send(Channel.SMS)


def text_later(code_id: int, number: str, title: str, body: str, *, has_receiver: bool) -> None:
    """Send after the answer, so that a number nobody has takes the same time."""
    message = Outgoing(code_id, Channel.SMS, number, title, body) if has_receiver else None
    threading.Thread(target=_send, args=(message,), daemon=True).start()


def _send(message: Outgoing | None) -> None:
    sender = find_sender(Channel.SMS)
    if message is None or sender is None:
        return
    try:
        sender.send(message)
    except SendFailed as failure:
        # The person sees no code and asks again; the number stays out of the log.
        log.warning("code not sent", reason=failure.reason)
