"""A person's own account: what is held about them, how they sign in, who helps them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from community.identity.queries.people import get_person
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.kernel.errors import NotAllowed
from community.web.access import signed_in, the_actor
from community.web.extensions import db


@views.get(f"{IN_COMMUNITY}/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show the account."""
    actor = the_actor()
    if actor.person_id is None:
        raise NotAllowed
    card = get_person(db.session, actor.community_id, actor.person_id)
    return render_template("identity/account/account.html", card=card)
