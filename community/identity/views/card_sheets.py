"""Cards by building, ten on an A4 page, for cutting."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity.permissions import PRINT_CARDS
from community.identity.queries import card_sheets as queries
from community.identity.queries.letters import get_building
from community.identity.service import card_sheets
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.identity.views.cards import card_address
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.web import forms
from community.web.access import community, needs, the_actor
from community.web.extensions import db
from community.web.pdf import send_pdf
from community.web.qr import qr_svg

CARDS = f"{IN_COMMUNITY}/desk/cards"


@views.get(CARDS, endpoint="card_sheets")
@needs(PRINT_CARDS)
def card_sheets_page() -> ResponseReturnValue:
    """Show each building with its cards."""
    return render_template(
        "identity/people/card_sheets.html",
        buildings=queries.cards_by_building(db.session, community.id),
    )


@views.post(f"{CARDS}/<int:building_id>")
@needs(PRINT_CARDS)
def make_missing_cards(building_id: int) -> ResponseReturnValue:
    """Make the missing personal cards of a building and show all of them."""
    get_building(db.session, community.id, building_id)
    key = forms.request_key()
    write(card_sheets.make_missing_cards, the_actor(), building_id, request_key=key)
    return redirect(url_for("identity.person_cards", building_id=building_id), 303)


@views.get(f"{CARDS}/<int:building_id>/people.pdf")
@needs(PRINT_CARDS)
def person_cards(building_id: int) -> ResponseReturnValue:
    """Give the personal cards of a building as a paper."""
    found = queries.person_cards(db.session, community.id, building_id)
    return _paper(building_id, gettext("个人卡"), found)


@views.get(f"{CARDS}/<int:building_id>/households.pdf")
@needs(PRINT_CARDS)
def household_cards(building_id: int) -> ResponseReturnValue:
    """Give the household cards of a building as a paper."""
    found = queries.household_cards(db.session, community.id, building_id)
    return _paper(building_id, gettext("住户卡"), found)


def _paper(
    building_id: int, kind: str, cards: tuple[queries.PaperCard, ...]
) -> ResponseReturnValue:
    building = get_building(db.session, community.id, building_id)
    if not cards:
        raise NotFound
    return send_pdf(
        f"{building}{kind}",
        "identity/papers/cards.html",
        cards=cards,
        kind=kind,
        community_name=community.name,
        address_of=card_address,
        qr_svg=qr_svg,
    )
