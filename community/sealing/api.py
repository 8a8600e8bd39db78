"""The JSON API of sealing: each row reaches the command a page calls."""

from __future__ import annotations

from community.sealing import permissions, schemas, service
from community.web.api import RoomApi

api = RoomApi("sealing", "Openers' keys, and opening sealed envelopes after the deadline")

api.act("/keys", service.register_key, permissions.KEEP_KEY, schemas.KeyBody)
api.act(
    "/boxes/<int:box_id>/shares",
    service.give_shares,
    permissions.GIVE_SHARES,
    schemas.SharesBody,
)
api.act(
    "/envelopes/<int:envelope_id>/open",
    service.open_yourself,
    permissions.OPEN_OWN,
    schemas.OwnKeyBody,
)
