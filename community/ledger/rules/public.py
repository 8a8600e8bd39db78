"""How the public log names accounts and lines: residents' accounts only in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def public_lines(
    exact: Mapping[int, Sequence[int]], groups: Mapping[int, int]
) -> tuple[bytes, bool]:
    """Write the lines as the public sees them, and tell whether they are the exact ones.

    A resident's account stands under the number of its group; a group whose sums are zero leaves
    no line.
    """
    if not any(groups.values()):
        return exact_lines(exact), True
    told: dict[int, list[int]] = {}
    for key, (posted, pending) in exact.items():
        sums = told.setdefault(groups[key] or key, [0, 0])
        sums[0] += posted
        sums[1] += pending
    return exact_lines({key: sums for key, sums in told.items() if any(sums)}), False
