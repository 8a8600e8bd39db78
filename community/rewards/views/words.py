"""The words pages use for the states and choices of rewards, in the reader's language."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask_babel import gettext

from community.kernel.errors import N_
from community.rewards.models.catalogue import StockReason
from community.rewards.rules.honours import HONOUR_TITLES, HonouredSubject
from community.rewards.rules.redemptions import (
    PERIOD_TITLES,
    REASON_SENTENCES,
    STATE_TITLES,
    ItemState,
    Purse,
    RedemptionState,
)
from community.rewards.rules.settlements import SHEET_TITLES, SheetState
from community.rewards.views.blueprint import views

WORDS: tuple[dict[Any, str], ...] = (
    STATE_TITLES,
    PERIOD_TITLES,
    REASON_SENTENCES,
    SHEET_TITLES,
    HONOUR_TITLES,
    {
        ItemState.DRAFT: N_("草稿"),
        ItemState.LISTED: N_("可兑换"),
        ItemState.WITHDRAWN: N_("已下架"),
    },
    {
        Purse.OWN: N_("个人积分"),
        Purse.HOUSEHOLD: N_("家庭积分"),
    },
    {
        StockReason.DELIVERED: N_("进货"),
        StockReason.COUNTED: N_("盘点减少"),
        StockReason.CLAIMED: N_("兑换占用"),
        StockReason.GIVEN_BACK: N_("退回货架"),
    },
    {
        HonouredSubject.PERSON: N_("个人"),
        HonouredSubject.HOUSEHOLD: N_("家庭"),
    },
)
# Words of two kinds may be equal text ("withdrawn"), and equal text is one key of a dict.
TITLES = {(type(value), value): words for each in WORDS for value, words in each.items()}
COLOURS: tuple[dict[Any, str], ...] = (
    {
        RedemptionState.OPEN: "amber",
        RedemptionState.COLLECTED: "done",
        RedemptionState.CANCELLED: "plain",
        RedemptionState.EXPIRED: "red",
        RedemptionState.REFUNDED: "plain",
    },
    {
        SheetState.MADE: "amber",
        SheetState.PAID: "done",
        SheetState.WITHDRAWN: "plain",
    },
    {
        ItemState.DRAFT: "amber",
        ItemState.LISTED: "done",
        ItemState.WITHDRAWN: "plain",
    },
)
KINDS = {(type(value), value): kind for each in COLOURS for value, kind in each.items()}


@views.app_template_filter("reward_word")
def reward_word(value: Enum) -> str:
    """Tell a state or choice in words."""
    return str(gettext(TITLES[type(value), value]))


@views.app_template_filter("reward_kind")
def reward_kind(value: Enum) -> str:
    """Tell the colour of a state's tag."""
    return KINDS.get((type(value), value), "plain")
