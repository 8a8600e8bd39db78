"""Messages on their way out of the house; it knows addresses, never people."""

from community.kernel.outbox.delivery import deliver_due, forget_old_messages
from community.kernel.outbox.models import Channel, OutboxMessage, OutboxState
from community.kernel.outbox.queue import can_send, enqueue, outbox_counts, withdraw
from community.kernel.outbox.senders import (
    ConsoleSender,
    Outgoing,
    Sender,
    SendFailed,
    WebhookSender,
    find_sender,
    set_sender,
    signature,
)

__all__ = [
    "Channel",
    "ConsoleSender",
    "OutboxMessage",
    "OutboxState",
    "Outgoing",
    "SendFailed",
    "Sender",
    "WebhookSender",
    "can_send",
    "deliver_due",
    "enqueue",
    "find_sender",
    "forget_old_messages",
    "outbox_counts",
    "set_sender",
    "signature",
    "withdraw",
]
