"""API rows of keys, rules, units, rates, contracts, payees and handovers."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import estate as estate_queries
from community.trust_property.queries import handovers as handover_queries
from community.trust_property.queries import keys as key_queries
from community.trust_property.queries import payees as payee_queries
from community.trust_property.queries import policies as policy_queries
from community.trust_property.schemas import setting_up as schemas
from community.trust_property.schemas.spending import SignedBody
from community.trust_property.service import (
    contracts,
    estate,
    handovers,
    keys,
    payees,
    policies,
)

READ, FOUND, PREPARE = permissions.READ, permissions.FOUND, permissions.PREPARE
ONE = "/funds/<int:fund_id>"
UNIT = f"{ONE}/units/<int:unit_id>"
PAYEE = f"{ONE}/payees/<int:payee_id>"
HANDOVER = f"{ONE}/handovers/<int:handover_id>"

api.show(f"{ONE}/key-holders", key_queries.key_holders, READ)
api.show(f"{ONE}/rules", policy_queries.rule_versions, READ)
api.show(f"{ONE}/units", estate_queries.fund_units, READ)
api.show(f"{ONE}/rates", estate_queries.rates, READ)
api.show(f"{ONE}/contracts", estate_queries.contracts, READ)
api.show(f"{ONE}/payees", payee_queries.payees, READ)
api.show(f"{ONE}/handovers", handover_queries.handovers, READ)
api.show(f"{ONE}/open-items", handover_queries.open_items, READ)

api.act(f"{ONE}/key-holders", keys.register_key_holder, FOUND, schemas.HolderBody)
api.act(f"{ONE}/deputies", keys.appoint_deputy, FOUND, schemas.DeputyBody)
api.act(f"{ONE}/key-holders/<int:holder_id>/end", keys.end_key, FOUND)
api.act(f"{ONE}/rules", policies.propose_rules, PREPARE, schemas.TermsBody)
api.act(f"{ONE}/units/take", estate.take_units, FOUND)
api.act(UNIT, estate.set_unit, FOUND, schemas.UnitBody)
api.act(f"{UNIT}/change", estate.propose_unit, PREPARE, schemas.UnitChangeBody)
api.act(f"{ONE}/rates", estate.propose_rate, PREPARE, schemas.RateBody)
api.act(f"{ONE}/contracts", contracts.propose_contract, PREPARE, schemas.ContractBody)
api.act(f"{ONE}/contracts/book", contracts.book_instalments, PREPARE)
api.act(f"{ONE}/payees", payees.propose_payee, PREPARE, schemas.PayeeBody)
api.act(f"{PAYEE}/change", payees.propose_payee_change, PREPARE, schemas.PayeeBody)
api.act(f"{ONE}/handovers", handovers.hand_over, FOUND, schemas.HandoverBody)
api.act(f"{HANDOVER}/confirm", handovers.confirm_handover, READ)
api.act(f"{HANDOVER}/sign", handovers.keep_signed_handover, FOUND, SignedBody)
