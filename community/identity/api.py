"""The JSON API of identity: each row reaches the command a page calls."""

from __future__ import annotations

from community.identity import service
from community.identity.schemas import signing_in as shapes
from community.web.access import SIGNED_IN
from community.web.api import RoomApi

api = RoomApi("identity", "People, homes, roles and help for others")

api.act("/consents", service.give_consent, SIGNED_IN, shapes.ConsentBody)
api.act("/consents/withdraw", service.withdraw_consent, SIGNED_IN, shapes.ConsentBody)
