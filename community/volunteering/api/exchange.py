"""Imports and street forms in the API; a file comes as base64."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.schemas import exchange as shapes
from community.volunteering.service import exchange, street_forms

DESK = permissions.EXCHANGE

api.act("/imports", exchange.keep_hours_import, DESK, shapes.HoursSheet)
api.act("/imports/<int:import_id>/start", exchange.start_hours_import, DESK)
api.act("/layouts/<platform>", exchange.change_layout, DESK, shapes.Headings)
api.act("/forms/<int:form_id>/close", street_forms.close_street_form, DESK)
api.act("/forms", street_forms.keep_street_form, DESK, shapes.StreetFormSheet)
api.act("/forms/<int:form_id>/fill", street_forms.start_filling, DESK, shapes.Filling)
