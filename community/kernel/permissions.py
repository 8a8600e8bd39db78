"""The shape of a permission and the roles that may hold it; each room declares its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A standing in one community; `docs/glossary.md` gives the Chinese terms."""

    RESIDENT = "resident"
    LEADER = "leader"
    STAFF = "staff"
    COMMITTEE = "committee"
    PROPERTY = "property"
    STREET = "street"
    MERCHANT = "merchant"
    ORGANIZATION = "organization"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Permission:
    """A named act, the sentence that explains it, and the roles that hold it."""

    code: str
    title: str
    roles: frozenset[Role]


def permission(code: str, title: str, *roles: Role) -> Permission:
    """Declare a permission, as `permission("rewards.redeem", "兑换奖品", Role.RESIDENT)`."""
    return Permission(code, title, frozenset(roles))


class PermissionTable:
    """All permissions of the product, assembled once by `app.py`."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        """Index the permissions by code; two of one code are our own mistake."""
        self.permissions = tuple(permissions)
        self.by_code = {each.code: each for each in self.permissions}
        assert len(self.by_code) == len(self.permissions), "two permissions share a code"
        # Every request asks for the same few sets of roles.
        self._codes: dict[frozenset[Role], frozenset[str]] = {}

    def codes_for(self, roles: Iterable[Role]) -> frozenset[str]:
        """Tell the codes that any of the roles holds."""
        held = frozenset(roles)
        found = self._codes.get(held)
        if found is None:
            found = frozenset(each.code for each in self.permissions if each.roles & held)
            self._codes[held] = found
        return found
