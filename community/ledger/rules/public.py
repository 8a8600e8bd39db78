"""How the public log names accounts and lines: residents' accounts only in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community.ledger.rules.books import quote

# Owners who are residents: their accounts are told in public as a group only.
RESIDENTS = ("unit:", "person:", "household:")


def public_group(path: str, owner: str) -> str:
    """Name the group in which a resident's account is told: what its path says before the id.

    `receivable/unit/12` of `unit:12` is told as `receivable/unit`; empty for other owners.
    """
    if not owner.startswith(RESIDENTS):
        return ""
    kind, _, key = owner.partition(":")
    parts = path.split("/")
    before = parts[: parts.index(key)] if key in parts else parts[:-1]
    return "/".join(before) or kind


def exact_lines(exact: Mapping[int, Sequence[int]]) -> bytes:
    """Write what each account was moved by, posted and pending, in canonical form."""
    lines = [f"[{key},{exact[key][0]},{exact[key][1]}]" for key in sorted(exact)]
    return f"[{','.join(lines)}]".encode()


def public_lines(exact: Mapping[int, Sequence[int]], groups: Mapping[int, str]) -> tuple[str, bool]:
    """Write the lines as the public sees them, and tell whether they are the exact ones.

    Accounts stand by number; a group by its name, with the sums of its accounts.
    """
    told = [f"[{key},{exact[key][0]},{exact[key][1]}]" for key in sorted(exact) if not groups[key]]
    if len(told) == len(exact):
        return f"[{','.join(told)}]", True
    for group in sorted({group for group in groups.values() if group}):
        inside = [exact[key] for key in exact if groups[key] == group]
        posted, pending = sum(each[0] for each in inside), sum(each[1] for each in inside)
        if posted or pending:
            told.append(f"[{quote(group)},{posted},{pending}]")
    return f"[{','.join(told)}]", False
