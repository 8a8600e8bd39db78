"""What pages about tenders say in words."""

from __future__ import annotations

from flask_babel import gettext

from community.kernel.errors import N_
from community.micro_projects.queries.tenders import TenderView
from community.micro_projects.rules.bids import BID_TITLES, BidAct
from community.micro_projects.rules.tenders import (
    CRITERION_TITLES,
    ENDED,
    MAIN_WAY,
    METHOD_TITLES,
    STATE_TITLES,
    UNCONFIRMED_TITLES,
    TenderState,
)
from community.micro_projects.views.blueprint import views
from community.sealing import BoxLevel, HowOpened

LEVEL_NAMES = {
    BoxLevel.L0: N_("普通"),
    BoxLevel.L1: N_("封存（一般用这个）"),
    BoxLevel.L2: N_("加密"),
}
LEVEL_TITLES = {
    BoxLevel.L0: N_("截止前由系统保管，不开放查看"),
    BoxLevel.L1: N_("系统封存，提交时给指纹和回执"),
    BoxLevel.L2: N_("在投标人浏览器里加密，开标人凑齐密钥才能打开"),
}
HOW_TITLES = {
    HowOpened.PLAIN.value: N_("系统开启"),
    HowOpened.OPENERS.value: N_("开标人共同开启"),
    HowOpened.OWNER.value: N_("投标人自行开启"),
    HowOpened.UNOPENED.value: N_("没有打开"),
}
ACT_TITLES = {
    BidAct.PUT: N_("递交"),
    BidAct.REPLACED: N_("替换"),
    BidAct.CONFIRMED: N_("更正后确认"),
    BidAct.WITHDRAWN: N_("撤回"),
}
STATE_TAGS = {
    TenderState.BIDDING: "blue",
    TenderState.ENQUIRY: "blue",
    TenderState.UNSUCCESSFUL: "red",
    TenderState.CANCELLED: "red",
    TenderState.COMPLETE: "done",
}
# By kind too: "withdrawn" is said of a bid and of an act upon one.
_TITLES: dict[tuple[type, object], str] = {
    (type(key), key): title
    for titles in (
        STATE_TITLES,
        METHOD_TITLES,
        CRITERION_TITLES,
        UNCONFIRMED_TITLES,
        BID_TITLES,
        ACT_TITLES,
        LEVEL_TITLES,
    )
    for key, title in titles.items()
}


@views.app_template_filter()
def tender_word(value: object) -> str:
    """Tell in the reader's language a state, method, level or kind of a tender or bid."""
    if type(value) is str:
        return str(gettext(HOW_TITLES[value]))
    return str(gettext(_TITLES[type(value), value]))


@views.app_template_filter()
def tender_tag(value: TenderState) -> str:
    """Tell the colour of a tender's state."""
    return STATE_TAGS.get(value, "plain")


def stations(tender: TenderView) -> list[tuple[str, str]]:
    """Draw a tender's stations: what is done, what is now."""
    state = TenderState.OPENING if tender.state is TenderState.FROZEN else tender.state
    state = TenderState.CONTRACTED if state is TenderState.AWARDED else state
    if state in ENDED - {TenderState.COMPLETE}:
        return []
    here = MAIN_WAY.index(state) if state in MAIN_WAY else -1
    drawn = []
    for place, each in enumerate(MAIN_WAY[1:], start=1):
        mark = "done" if place < here else "now" if place == here else ""
        drawn.append((gettext(STATE_TITLES[each]), mark))
    return drawn
