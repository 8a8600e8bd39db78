"""Which senders the outbox has, by the settings: none is allowed, everything works without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community.kernel.outbox import Channel, ConsoleSender, Sender, WebhookSender, set_sender
from community.web.settings import SettingWrong


def use_senders(config: Mapping[str, Any]) -> None:
    """Let text messages leave by the way of the settings, or not at all.

    Raises: SettingWrong.
    """
    way: str = config["SMS"]
    sender: Sender | None = None
    if way == "console":
        sender = ConsoleSender()
    elif way:
        try:
            sender = WebhookSender(way, config["SMS_SECRET"])
        except ValueError as error:
            raise SettingWrong("COMMUNITY_SMS 要用 https:// 开头的地址，或留空。") from error
    set_sender(Channel.SMS, sender)
