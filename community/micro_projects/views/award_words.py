"""The words and icons that pages of register, evaluation and awards show for states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from community.micro_projects.rules import awards, complaints, panels, suppliers
from community.micro_projects.rules.bids import BID_TITLES
from community.micro_projects.rules.projects import KIND_TITLES
from community.micro_projects.rules.tenders import METHOD_TITLES
from community.micro_projects.service.award_steps import last_day
from community.micro_projects.views.blueprint import views

# By kind too: states of different things share their plain words.
_TITLES: dict[tuple[type, str], str] = {
    (type(member), member.value): title
    for titles in (
        awards.AWARD_TITLES,
        awards.GROUND_TITLES,
        complaints.COMPLAINT_TITLES,
        complaints.COMPLAINT_GROUND_TITLES,
        complaints.COMPLAINT_STATE_TITLES,
        complaints.REMEDY_TITLES,
        panels.SEAT_KIND_TITLES,
        panels.SEAT_TITLES,
        panels.SEED_TITLES,
        panels.BAR_TITLES,
        suppliers.SUPPLIER_TITLES,
        suppliers.CERTIFICATE_TITLES,
        suppliers.CERTIFICATE_STATE_TITLES,
        suppliers.CERTIFICATE_AGE_TITLES,
        suppliers.APPEAL_TITLES,
        suppliers.UNFIT_TITLES,
        BID_TITLES,
        METHOD_TITLES,
    )
    for member, title in titles.items()
}
# Kinds of work are kept as plain words in the register.
_TITLES |= {(str, kind.value): title for kind, title in KIND_TITLES.items()}
_KINDS = {
    "pending": "amber",
    "active": "done",
    "cancelled": "red",
    "refused": "red",
    "open": "amber",
    "upheld": "red",
    "rejected": "plain",
    "withdrawn": "plain",
    "waiting": "amber",
    "accepted": "done",
    "ends_soon": "amber",
    "ended": "red",
    "good": "done",
    "seated": "amber",
    "signed": "done",
    "recused": "plain",
    "void": "red",
    "valid": "done",
    "disqualified": "red",
    "left": "plain",
}


@views.app_template_filter()
def award_word(value: str) -> str:
    """Tell a state, kind or reason in the reader's language."""
    told: str = gettext(_TITLES[type(value), str(getattr(value, "value", value))])
    return told


@views.app_template_filter()
def award_kind(value: object) -> str:
    """Tell which colour and icon go with a state."""
    return _KINDS.get(str(getattr(value, "value", value)), "blue")


@views.app_template_filter()
def points(hundredths: int) -> str:
    """Write hundredths of a point as they are printed."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


@views.app_template_filter()
def award_percent(basis_points: int) -> str:
    """Write basis points as a percentage, without decimals that say nothing."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


views.add_app_template_filter(last_day, "last_day")


def options(titles: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Give an enum's words for a list of choices."""
    return [(str(getattr(key, "value", key)), gettext(title)) for key, title in titles.items()]
