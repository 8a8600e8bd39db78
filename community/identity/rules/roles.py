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


def last_day(ends_at: datetime) -> date:
    """Tell the last Shanghai day of what ends, exclusive, at an instant."""
    return clock.day_of(ends_at - timedelta(microseconds=1))
