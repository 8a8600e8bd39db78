"""Words of states: two kinds of state may share their text, never their words."""

from community.rewards.rules.redemptions import STATE_TITLES, ItemState, RedemptionState
from community.rewards.rules.settlements import SheetState
from community.rewards.views.words import TITLES, WORDS


def test_states_of_equal_text_keep_their_own_words() -> None:
    assert ItemState.WITHDRAWN.value == SheetState.WITHDRAWN.value
    cancelled = TITLES[RedemptionState, RedemptionState.CANCELLED]
    assert cancelled == STATE_TITLES[RedemptionState.CANCELLED]
    assert len(TITLES) == sum(len(each) for each in WORDS)
