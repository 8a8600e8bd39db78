"""When an opener registers a key, or a box is opened, the log keeps the key and the page's hash."""

from __future__ import annotations

import base64
import json

from sqlalchemy.orm import Session

from community import sealing, transparency
from community.kernel import events
from community.kernel.errors import N_

KEY_KIND = "sealing.key"
PAGE_KIND = "sealing.page"

transparency.name_kinds({KEY_KIND: N_("登记开启公钥"), PAGE_KIND: N_("离线封存页的哈希")})


def listen() -> None:
    """Hear of keys and of boxes that are encrypted."""
    events.subscribe(sealing.KeyRegistered, _registered)
    events.subscribe(sealing.BoxPrepared, _prepared)


def _registered(session: Session, told: sealing.KeyRegistered) -> None:
    fields = {
        "fingerprint": told.fingerprint,
        "person": transparency.hide(
            session, told.community_id, f"sealing:{told.key_id}|person:{told.person_id}"
        ),
        "public_key": base64.b64encode(told.public_key).decode(),
    }
    transparency.publish(session, told.community_id, KEY_KIND, fields, ref=told.key_id)
    _publish_page(session, told.community_id)


def _prepared(session: Session, told: sealing.BoxPrepared) -> None:
    if told.level == sealing.BoxLevel.L2:
        _publish_page(session, told.community_id)


def _publish_page(session: Session, community_id: int) -> None:
    """Publish the page's hash, unless the newest record says the same."""
    digest = sealing.page_hash()
    newest = ""
    for record in transparency.records_of(session, community_id, PAGE_KIND):
        newest = json.loads(record.content)["sha256"]
    if newest != digest:
        fields = {"file": "seal.html", "sha256": digest}
        transparency.publish(session, community_id, PAGE_KIND, fields)
