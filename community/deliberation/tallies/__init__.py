"""Every way of counting, as pure functions over whole numbers and fractions.

It imports nothing of the house: a resident can take this folder and count again. A ballot is
(option number, whole number) pairs; what the number means depends on the kind. A tie is reported
with its members and never broken; a public lot's order, given as a setting, settles it.
"""

from community.deliberation.tallies.ballots import ballot_check, check_ballot, standard_options
from community.deliberation.tallies.counting import count
from community.deliberation.tallies.kinds import (
    BallotForm,
    BudgetRule,
    Comparison,
    Completion,
    Consent,
    PollKind,
    RankedRule,
    Silent,
    Stop,
    Utility,
    Voice,
)
from community.deliberation.tallies.knapsack import is_countable
from community.deliberation.tallies.settings import check_setting
from community.deliberation.tallies.values import (
    BadBallot,
    BadCount,
    BadSetting,
    Ballot,
    Measure,
    Option,
    Outcome,
    OwnerBallot,
    Roll,
    Setting,
    Step,
)

__all__ = [
    "BadBallot",
    "BadCount",
    "BadSetting",
    "Ballot",
    "BallotForm",
    "BudgetRule",
    "Comparison",
    "Completion",
    "Consent",
    "Measure",
    "Option",
    "Outcome",
    "OwnerBallot",
    "PollKind",
    "RankedRule",
    "Roll",
    "Setting",
    "Silent",
    "Step",
    "Stop",
    "Utility",
    "Voice",
    "ballot_check",
    "check_ballot",
    "check_setting",
    "count",
    "is_countable",
    "standard_options",
]
