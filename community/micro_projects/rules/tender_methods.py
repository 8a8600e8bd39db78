"""Which method fits an amount and kind: a dated rule set, never a number in a command.

The preset's day counts follow what is reported of 政府采购法 Art. 35 and 财政部令第87号 (open),
财库〔2014〕214号 (negotiated) and 财政部令第74号 (quotation); its amounts are this product's own.
A street sets what holds where it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from community.kernel.errors import N_
from community.micro_projects.rules.tenders import TenderMethod, Unconfirmed

# In order of effort: the first that an amount fits is proposed.
BY_EFFORT = (
    TenderMethod.DIRECT,
    TenderMethod.QUOTATION,
    TenderMethod.NEGOTIATED,
    TenderMethod.OPEN,
)


@dataclass(frozen=True, slots=True)
class TenderTerms:
    """What holds for one method and one kind of project, from one day until another.

    `kind` is service, goods or works; `most_fen` None means any amount. Days are calendar days:
    `bidding_days` at least from publication to the deadline, `amendment_days` at least from an
    amendment to it, `question_days` before it questions end.
    """

    method: TenderMethod
    kind: str
    most_fen: int | None
    minimum_bids: int
    bidding_days: int
    amendment_days: int
    question_days: int
    unconfirmed: Unconfirmed
    locality: str
    basis: str
    valid_from: date
    valid_until: date | None = None


PRESET_FROM = date(2020, 1, 1)
PRESET_BASIS = N_(
    "本系统预置，金额供参考；天数据报道参照政府采购法第35条、财政部令第74号和第87号、财库〔2014〕214号"
)
_DAYS = {
    TenderMethod.DIRECT: (1, 0, 0, 0),
    TenderMethod.QUOTATION: (3, 3, 1, 1),
    TenderMethod.NEGOTIATED: (3, 10, 5, 3),
    TenderMethod.OPEN: (3, 20, 15, 5),
}
_MOST_FEN: dict[TenderMethod, dict[str, int | None]] = {
    TenderMethod.DIRECT: {"service": 1_000_000, "goods": 1_000_000, "works": 2_000_000},
    TenderMethod.QUOTATION: {"service": 5_000_000, "goods": 5_000_000, "works": 10_000_000},
    TenderMethod.NEGOTIATED: {"service": 50_000_000, "goods": 20_000_000, "works": 100_000_000},
    TenderMethod.OPEN: {"service": None, "goods": None, "works": None},
}
PRESET = tuple(
    TenderTerms(method, kind, most, *_DAYS[method], Unconfirmed.VOID, "", PRESET_BASIS, PRESET_FROM)
    for method, kinds in _MOST_FEN.items()
    for kind, most in kinds.items()
)


def in_force(sets: Iterable[TenderTerms], kind: str, day: date) -> dict[TenderMethod, TenderTerms]:
    """Give for each method what holds for a kind on a day: of several, what began last."""
    found: dict[TenderMethod, TenderTerms] = {}
    for each in sorted(sets, key=lambda one: one.valid_from):
        until = each.valid_until
        if each.kind == kind and each.valid_from <= day and (until is None or day < until):
            found[each.method] = each
    return found


def methods_for(
    terms: dict[TenderMethod, TenderTerms], amount_fen: int
) -> tuple[TenderMethod, ...]:
    """Give the methods an amount may take, the smallest effort first."""
    return tuple(each for each in BY_EFFORT if each in terms and fits(terms[each], amount_fen))


def fits(terms: TenderTerms, amount_fen: int) -> bool:
    """Tell whether an amount is within what a method is for; the limit itself is within."""
    return terms.most_fen is None or amount_fen <= terms.most_fen
