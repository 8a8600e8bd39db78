"""Who acts, for whom, in which community, and what they may do; `identity` fills it."""

from __future__ import annotations

from dataclasses import dataclass

from community.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts in one community.

    `person_id` is None for the product's own jobs and for visitors. `on_behalf_of` names the
    older resident for whom a relative or the desk acts (代办). `grants` are permission codes.
    """

    community_id: int
    person_id: int | None = None
    on_behalf_of: int | None = None
    grants: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    organization_id: int | None = None
    is_system: bool = False

    @property
    def subject_id(self) -> int | None:
        """Tell whose account the act concerns: the person helped, else the one who acts."""
        return self.on_behalf_of if self.on_behalf_of is not None else self.person_id

    def may(self, permission: str) -> bool:
        """Tell whether the actor holds a permission."""
        return self.is_system or permission in self.grants

    def check(self, permission: str) -> None:
        """Refuse an actor without a permission.

        Raises: NotAllowed.
        """
        if not self.may(permission):
            raise NotAllowed

    @classmethod
    def system(cls, community_id: int) -> Actor:
        """Name the product itself as the actor of a job in a community."""
        return cls(community_id=community_id, is_system=True)

    @classmethod
    def visitor(cls, community_id: int) -> Actor:
        """Name somebody who has not signed in."""
        return cls(community_id=community_id)
