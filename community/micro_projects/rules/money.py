"""The named sources of a project's money, the paths of its book, and in which order they pay."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from community.kernel.errors import N_


class MoneySource(StrEnum):
    """Where a project's money comes from; the owners' fund is none of them."""

    FISCAL = "fiscal"
    COFUNDING = "cofunding"
    MATCHED = "matched"


SOURCE_TITLES = {
    MoneySource.FISCAL: N_("财政资金"),
    MoneySource.COFUNDING: N_("居民众筹"),
    MoneySource.MATCHED: N_("配捐"),
}
# Each source's money lies in an account of its own; an award draws on them in this order, so
# that what is left over is the residents' to have back.
PAYING_ORDER = (MoneySource.FISCAL, MoneySource.MATCHED, MoneySource.COFUNDING)

AWARD, GRANT, GIVE_BACK = "project.award", "project.grant", "project.give_back"
BACK = "project.back"
PURPOSES = {
    AWARD: N_("项目付款"),
    GRANT: N_("项目资金到账"),
    GIVE_BACK: N_("项目资金退回"),
    BACK: N_("追回的项目款"),
}


def book_name(project_id: int) -> str:
    """Name the book of a project: each has its own, so no two projects' money can be mixed."""
    return f"project:{project_id}"


def money_path(source: MoneySource) -> str:
    """Name the account in which a source's money lies."""
    return f"{source.value}/money"


def given_path(source: MoneySource) -> str:
    """Name the account that counts what a source has given."""
    return f"{source.value}/given"


def spent_path(source: MoneySource) -> str:
    """Name the account of what was paid out of a source."""
    return f"{source.value}/spent"


def parts_of(amount_fen: int, free: Mapping[MoneySource, int]) -> dict[MoneySource, int] | None:
    """Split an amount over the sources in the order they pay; None when all are not enough."""
    parts: dict[MoneySource, int] = {}
    left = amount_fen
    for source in PAYING_ORDER:
        part = min(left, free.get(source, 0))
        if part > 0:
            parts[source] = part
            left -= part
    return None if left else parts


def yuan(fen: int) -> str:
    """Write an amount in yuan, the two digits of fen always shown."""
    return f"{fen // 100}.{fen % 100:02d}"
