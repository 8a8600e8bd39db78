"""Rule sets in the API."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.schemas.rule_sets import AdoptBody, ChangeBody
from community.volunteering.service import rule_sets as service

api.act("/rule-sets/adopt", service.adopt_rule_set, permissions.RULES, AdoptBody)
api.act("/rule-sets/change", service.change_rule_set, permissions.RULES, ChangeBody)
api.act("/rule-sets/<int:rule_set_id>/withdraw", service.withdraw_rule_set, permissions.RULES)
