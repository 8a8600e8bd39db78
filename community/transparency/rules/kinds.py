"""The kinds of records in plain words; each room names its own."""

from __future__ import annotations

from collections.abc import Mapping

from community.kernel.errors import N_

# The log's own kinds.
_titles: dict[str, str] = {
    "log.key": N_("更换签名钥匙"),
    "log.quorum": N_("见证规则变动"),
    "private.opened": N_("承诺树开启"),
    "private.root": N_("承诺树整点"),
    "private.closed": N_("承诺树公开"),
    "private.commitments": N_("承诺公开"),
}


def name_kinds(titles: Mapping[str, str]) -> None:
    """Let pages call kinds of records by words; a room does so once, when it is imported."""
    _titles.update(titles)


def title_of(kind: str) -> str:
    """Tell a kind in words, to be translated where it is shown; itself when nobody named it."""
    return _titles.get(kind, kind)
