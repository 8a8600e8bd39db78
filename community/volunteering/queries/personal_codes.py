"""A person's own code to show: the same every time, made from the key and never stored."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from community.kernel import db
from community.volunteering.queries.scans import issue_of, newest_key
from community.volunteering.rules import codes
from community.volunteering.rules.codes import CodeKind


@dataclass(frozen=True, slots=True)
class PersonalCodeShown:
    """A personal code as it is shown: the path of its address, and six characters to type."""

    path: str
    typed: str


def find_personal_code(
    session: Session, community_id: int, person_id: int
) -> PersonalCodeShown | None:
    """Give a person's code; None while the community has no key yet."""
    at = db.statements(session)
    key = newest_key(at, community_id, CodeKind.PERSONAL)
    if key is None:
        return None
    issue = issue_of(at, community_id, person_id)
    code = codes.PersonalCode(key.number, community_id, person_id, issue)
    return PersonalCodeShown(
        path=codes.PERSONAL_PATH + codes.write_personal(code, key.secret),
        typed=codes.short_code(key.secret, community_id, person_id, issue),
    )


def short_code_of(session: Session, community_id: int, person_id: int) -> str | None:
    """Give the six characters of a person."""
    found = find_personal_code(session, community_id, person_id)
    return None if found is None else found.typed
