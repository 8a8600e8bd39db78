"""The estate: uses of units, fee rates, and common-income contracts with their instalments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from community.kernel.errors import N_


class UnitUse(StrEnum):
    """What a unit is used as; each use has its own fee rate."""

    HOME = "home"
    SHOP = "shop"
    OFFICE = "office"
    GARAGE = "garage"
    STORAGE = "storage"


USES = {
    UnitUse.HOME: N_("住宅"),
    UnitUse.SHOP: N_("商铺"),
    UnitUse.OFFICE: N_("办公"),
    UnitUse.GARAGE: N_("车位"),
    UnitUse.STORAGE: N_("储藏室"),
}


class ContractKind(StrEnum):
    """Whence common income comes."""

    PARKING = "parking"
    ADVERTISING = "advertising"
    RENT = "rent"
    EXPRESS = "express"
    OTHER = "other"


CONTRACT_KINDS = {
    ContractKind.PARKING: N_("停车"),
    ContractKind.ADVERTISING: N_("广告"),
    ContractKind.RENT: N_("场地出租"),
    ContractKind.EXPRESS: N_("快递柜"),
    ContractKind.OTHER: N_("其他"),
}


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a contract's amount and the day it falls due."""

    due_on: date
    amount_fen: int


def split_instalments(amount_fen: int, count: int, first_on: date) -> tuple[Instalment, ...]:
    """Split an amount into monthly instalments that add up to it; the first ones take the rest.

    A day beyond a month's end falls on its last day.
    """
    whole, rest = divmod(amount_fen, count)
    return tuple(
        Instalment(_month_later(first_on, step), whole + (1 if step < rest else 0))
        for step in range(count)
    )


def _month_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)
