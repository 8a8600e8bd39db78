"""The kinds of poll and the words of their settings; it knows no ballot."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class PollKind(StrEnum):
    """What a ballot asks, and so how it is counted."""

    YES_NO = "yes_no"
    SINGLE = "single"
    MULTIPLE = "multiple"
    APPROVAL = "approval"
    SCORE = "score"
    DOTS = "dots"
    RANKED = "ranked"
    CONSENT = "consent"
    OWNERS = "owners"
    BUDGET = "budget"


class Voice(IntEnum):
    """The options of a yes/no question, owners' decisions included."""

    YES = 1
    NO = 2
    ABSTAIN = 3


class Consent(IntEnum):
    """The options of a consent decision; an objection needs its reason, kept by the room."""

    CONSENT = 1
    CONCERN = 2
    OBJECTION = 3
    STAND_ASIDE = 4


class Silent(StrEnum):
    """What a delivered ballot that never came back counts as. Source: rules of the community."""

    STRICT = "strict"
    PARTICIPATES = "delivered_participates"
    WITH_MAJORITY = "delivered_with_majority"


class RankedRule(StrEnum):
    """How rankings are counted."""

    IRV = "irv"
    STV_SCOTTISH = "stv_scottish"


class BallotForm(StrEnum):
    """What a budget's ballot says of a project: wanted, points, or a rank."""

    APPROVAL = "approval"
    POINTS = "points"
    RANKED = "ranked"


class BudgetRule(StrEnum):
    """How a budget is shared out among projects."""

    GREEDY = "greedy"
    GREEDY_NO_SKIP = "greedy_no_skip"
    KNAPSACK = "knapsack"
    EQUAL_SHARES = "equal_shares"


class Utility(StrEnum):
    """What a wanted project is worth to its voter: its cost, one, or the ballot's points."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"


class Completion(StrEnum):
    """How Equal Shares goes on when money is left that no group of voters can spend alone."""

    NONE = "none"
    UTILITARIAN = "utilitarian"
    ADD1 = "add1"
    ADD1_UTILITARIAN = "add1u"


class Stop(StrEnum):
    """When adding to every purse ends: with nothing left to buy, or before it costs too much."""

    FIRST_EXHAUSTIVE = "first_exhaustive"
    WITHIN_BUDGET = "within_budget"


class TieOrder(StrEnum):
    """What settles equal claims of projects before a tie is reported."""

    REPORT = "report"
    MOST_VOTES = "most_votes"
    LEAST_COST = "least_cost"
    MOST_VOTES_LEAST_COST = "most_votes_least_cost"
    LEAST_COST_MOST_VOTES = "least_cost_most_votes"


class Comparison(StrEnum):
    """Whether voters' majority between Equal Shares and greedy decides in the end."""

    NONE = "none"
    SATISFACTION = "satisfaction"
    EXCLUSION = "exclusion"
