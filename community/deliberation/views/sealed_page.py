"""The voter's page of a sealed poll: what is chosen never leaves the device readable."""

from __future__ import annotations

from flask import render_template

from community import sealing
from community.deliberation.queries.own_ballots import OwnEntry
from community.deliberation.queries.polls import PollView
from community.deliberation.queries.sealed import own_binding
from community.deliberation.rules.polls import PollState
from community.deliberation.views.ballot_fields import field_kind
from community.deliberation.views.poll_words import rules_of
from community.web import forms
from community.web.access import the_actor
from community.web.extensions import db


def sealed_vote_page(
    found: PollView, entry: OwnEntry, others: list[OwnEntry], form: forms.Form
) -> str:
    """Show the ballot that this device seals."""
    binding = own_binding(db.session, the_actor(), found.id, entry.id)
    return render_template(
        "deliberation/vote_sealed.html",
        poll=found,
        entry=entry,
        others=others,
        fields=field_kind(found),
        rules=rules_of(found),
        binding=sealing.binding_words(binding),
        form=form,
        states=PollState,
    )
