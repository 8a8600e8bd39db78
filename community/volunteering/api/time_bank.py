"""The time bank in the API."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.queries import time_bank as queries
from community.volunteering.schemas import time_bank as shapes
from community.volunteering.service import coins, needs, time_bank

OWN, DESK, SECOND = permissions.TIME_BANK, permissions.TIME_DESK, permissions.APPROVE
SERVICE = "/services/<int:acceptance_id>"

api.show("/needs", queries.open_needs, OWN)
api.show("/offers", queries.open_offers, OWN)
api.show("/services", queries.my_services, OWN)
api.show(SERVICE, queries.get_service, OWN)
api.act("/needs", needs.open_need, OWN, shapes.Need)
api.act("/needs/<int:need_id>/cancel", needs.cancel_need, OWN, shapes.Reason)
api.act("/needs/<int:need_id>/accept", time_bank.accept_need, OWN, shapes.Accepting)
api.act("/offers", needs.open_offer, OWN, shapes.Offer)
api.act("/offers/<int:offer_id>/close", needs.close_offer, OWN)
api.act(f"{SERVICE}/arrive", time_bank.arrive, OWN, shapes.Visit)
api.act(f"{SERVICE}/leave", time_bank.leave, OWN, shapes.Visit)
api.act(f"{SERVICE}/confirm", time_bank.confirm_service, OWN, shapes.Confirming)
api.act(f"{SERVICE}/dispute", time_bank.dispute_service, OWN, shapes.Disputing)
api.act(f"{SERVICE}/cancel", time_bank.cancel_service, OWN, shapes.Reason)
api.act(f"{SERVICE}/visit", time_bank.enter_visit, DESK, shapes.VisitTimes)
api.act(f"{SERVICE}/answer", time_bank.answer_service_dispute, DESK, shapes.DisputeAnswer)
api.act("/coins/give", coins.give_coins, OWN, shapes.Gift)
api.act("/coins/donate", coins.donate_coins, OWN, shapes.Donation)
api.act("/coin-grants", coins.propose_coin_grant, DESK, shapes.Grant)
api.act("/coin-grants/<int:grant_id>/approve", coins.approve_coin_grant, SECOND)
api.act("/coin-grants/<int:grant_id>/refuse", coins.refuse_coin_grant, SECOND, shapes.Answer)
