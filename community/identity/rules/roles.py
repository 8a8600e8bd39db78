"""Who may give which role, and what a helper may be trusted with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from community.kernel import clock
from community.kernel.permissions import Role

# Nobody gives a role that stands above their own; the auditor never depends on the audited staff.
GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.STREET: frozenset(Role) - {Role.RESIDENT},
    Role.STAFF: frozenset(
        {
            Role.LEADER,
            Role.STAFF,
            Role.COMMITTEE,
            Role.PROPERTY,
            Role.MERCHANT,
            Role.ORGANIZATION,
        }
    ),
    Role.COMMITTEE: frozenset({Role.AUDITOR}),
}

# Roles that speak for an organization and so name one.
FOR_ORGANIZATION = frozenset({Role.MERCHANT, Role.ORGANIZATION, Role.PROPERTY})

LONGEST_ACCESS = timedelta(days=366)
# A person's own standing is never lent: whoever helps could lend it on.
NEVER_LENT = frozenset({"identity.ask_access", "identity.see_permissions"})


def grantable_by(roles: Iterable[str]) -> frozenset[Role]:
    """Tell the roles that somebody with `roles` may give and take."""
    return frozenset().union(*(GRANTABLE.get(Role(each), frozenset()) for each in roles))


def lendable(resident_codes: frozenset[str]) -> frozenset[str]:
    """Tell what a helper may be allowed: a resident's acts, without the right to name helpers."""
    return resident_codes - NEVER_LENT


def is_reading(code: str) -> bool:
    """Tell whether a permission only opens pages, by how rooms name such codes."""
    act = code.partition(".")[2]
    return act in {"home", "browse"} or act.startswith("see_")


def with_reading(scope: frozenset[str], lent: frozenset[str]) -> frozenset[str]:
    """Add to a helper's acts the pages of the same rooms, and the home page that leads there.

    Without them a daughter could order a meal and not see the page on which one orders.
    """
    rooms = {code.partition(".")[0] for code in scope} | {"dashboards"}
    pages = {code for code in lent if is_reading(code) and code.partition(".")[0] in rooms}
    return scope | pages if scope else scope


def last_day(ends_at: datetime) -> date:
    """Tell the last Shanghai day of what ends, exclusive, at an instant."""
    return clock.day_of(ends_at - timedelta(microseconds=1))
