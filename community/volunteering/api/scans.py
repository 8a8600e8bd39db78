"""Scanning in the API, for devices with a narrow token."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.schemas.scans import CheckInBody
from community.volunteering.service import keys, scanning

LEAD, CHECK_IN = permissions.LEAD, permissions.CHECK_IN
PERSON = "/shifts/<int:shift_id>/people/<int:person_id>"

api.act("/check-in", scanning.check_in, LEAD, CheckInBody)
api.act("/check-out", scanning.check_out, LEAD, CheckInBody)
api.act("/here/check-in", scanning.check_in_here, CHECK_IN, CheckInBody)
api.act("/here/check-out", scanning.check_out_here, CHECK_IN, CheckInBody)
api.act(f"{PERSON}/in", scanning.tick_in, LEAD)
api.act(f"{PERSON}/out", scanning.tick_out, LEAD)
api.act("/mine/code/prepare", keys.prepare_personal_code, permissions.SEE_OWN)
api.act("/mine/code/renew", keys.renew_personal_code, permissions.SEE_OWN)
