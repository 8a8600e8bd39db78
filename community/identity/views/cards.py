"""Pages to print: personal cards, desk slips; and the scanners' tokens."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.identity import service
from community.identity.permissions import GIVE_DESK_SLIP, MAKE_DEVICE_TOKENS, PRINT_CARDS
from community.identity.queries.cards import devices as list_devices
from community.identity.queries.cards import find_card, get_slip
from community.identity.queries.people import get_person
from community.identity.queries.places import get_household
from community.identity.queries.standing import permission_table
from community.identity.schemas.people import DeviceForm
from community.identity.views import words
from community.identity.views.account import own_id
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel.db import write
from community.kernel.errors import NotFound
from community.web import forms
from community.web.access import needs, signed_in, the_actor
from community.web.extensions import db
from community.web.qr import qr_svg


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/card")
@needs(PRINT_CARDS)
def print_card(person_id: int) -> ResponseReturnValue:
    """Make a new personal card; the old one stops working."""
    write(service.print_card, the_actor(), person_id, request_key=forms.request_key())
    return redirect(url_for("identity.card", person_id=person_id), 303)


@views.get(f"{IN_COMMUNITY}/people/<int:person_id>/card")
@needs(PRINT_CARDS)
def card(person_id: int) -> ResponseReturnValue:
    """Show a personal card for printing."""
    here = the_actor().community_id
    found = find_card(db.session, here, person_id)
    if found is None:
        raise NotFound
    owner = get_person(db.session, here, person_id)
    picture = qr_svg(card_address(found.code), gettext("个人卡"), is_printed=True)
    return render_template(
        "identity/people/card.html", card=found, title=owner.name, picture=picture
    )


def card_address(code: str) -> str:
    """Give what a printed card's QR says: an address any phone opens."""
    # Not in capitals: the community's part of the address is not read the same in both.
    return url_for("identity.scanned_card", code=code, _external=True)


@views.get(f"{IN_COMMUNITY}/k/<code>")
@signed_in
def scanned_card(code: str) -> ResponseReturnValue:
    """Say what a card is to somebody who scanned one with a phone's own camera."""
    return render_template("identity/people/scanned.html")


@views.post(f"{IN_COMMUNITY}/cards/<int:card_id>/revoke")
@signed_in
def revoke_card(card_id: int) -> ResponseReturnValue:
    """Make a lost card useless."""
    write(service.revoke_card, the_actor(), card_id, request_key=forms.request_key())
    flash(gettext("这张卡已作废。"))
    return redirect(url_for("identity.account"), 303)


@views.post(f"{IN_COMMUNITY}/households/<int:household_id>/card")
@needs(PRINT_CARDS)
def renew_household_card(household_id: int) -> ResponseReturnValue:
    """Give a household a new card; the old one stops working."""
    key = forms.request_key()
    write(service.renew_household_card, the_actor(), household_id, request_key=key)
    return redirect(url_for("identity.household_card", household_id=household_id), 303)


@views.get(f"{IN_COMMUNITY}/households/<int:household_id>/card")
@needs(PRINT_CARDS)
def household_card(household_id: int) -> ResponseReturnValue:
    """Show a household's card for printing."""
    home = get_household(db.session, the_actor().community_id, household_id)
    picture = qr_svg(card_address(home.card_code), gettext("住户卡"), is_printed=True)
    return render_template(
        "identity/people/card.html",
        card={"code": home.card_code},
        title=f"{home.building} {home.unit}",
        picture=picture,
    )


@views.post(f"{IN_COMMUNITY}/people/<int:person_id>/slip")
@needs(GIVE_DESK_SLIP)
def give_slip(person_id: int) -> ResponseReturnValue:
    """Make a one-time slip."""
    made = write(service.give_slip, the_actor(), person_id, request_key=forms.request_key())
    return redirect(url_for("identity.slip", slip_id=made.slip_id), 303)


@views.get(f"{IN_COMMUNITY}/slips/<int:slip_id>")
@needs(GIVE_DESK_SLIP)
def slip(slip_id: int) -> ResponseReturnValue:
    """Show a slip for printing, to the clerk who made it."""
    found = get_slip(db.session, own_id(), slip_id)
    owner = get_person(db.session, the_actor().community_id, found.person_id)
    address = url_for("identity.open_slip", code=found.code, _external=True)
    picture = qr_svg(address, gettext("登录凭条"), is_printed=True)
    return render_template(
        "identity/people/slip.html",
        slip=found,
        owner=owner,
        picture=picture,
        code=f"{found.code[:5]}-{found.code[5:]}",
    )


def _devices(form: forms.Form) -> str:
    actor = the_actor()
    table = permission_table()
    return render_template(
        "identity/roles/devices.html",
        form=form,
        devices=[
            (each, words.scope_words(each.scope))
            for each in list_devices(db.session, actor.community_id, actor.person_id)
        ],
        options=[
            (each.code, gettext(each.title)) for each in table.permissions if actor.may(each.code)
        ],
    )


@views.get(f"{IN_COMMUNITY}/devices")
@needs(MAKE_DEVICE_TOKENS)
def devices() -> ResponseReturnValue:
    """Show the scanners that hold tokens."""
    return _devices(forms.Form())


@views.post(f"{IN_COMMUNITY}/devices")
@needs(MAKE_DEVICE_TOKENS)
def make_device_token() -> ResponseReturnValue:
    """Give a scanner some of one's own permissions."""

    def act(values: dict[str, Any]) -> Any:
        return write(
            service.make_device_token,
            the_actor(),
            values["name"],
            values["scope"],
            values["until_on"],
            request_key=forms.request_key(),
        )

    def done(_: int) -> ResponseReturnValue:
        flash(gettext("令牌已生成，请在 10 分钟内抄到设备里。"))
        return redirect(url_for("identity.devices"), 303)

    return forms.submit(DeviceForm(), act, _devices, done)


@views.post(f"{IN_COMMUNITY}/devices/<int:token_id>/revoke")
@needs(MAKE_DEVICE_TOKENS)
def revoke_device_token(token_id: int) -> ResponseReturnValue:
    """Take a scanner's rights away."""
    write(service.revoke_device_token, the_actor(), token_id, request_key=forms.request_key())
    flash(gettext("这台设备的令牌已作废。"))
    return redirect(url_for("identity.devices"), 303)
