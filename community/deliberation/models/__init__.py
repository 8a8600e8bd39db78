"""The tables of deliberation, split by business word."""

from community.deliberation.models.ballots import Ballot, BallotAct, BallotEvent, CountedBallot
from community.deliberation.models.bodies import Body, BodyMember, BodyRule
from community.deliberation.models.delivery import Delivery, DeliveryWay
from community.deliberation.models.polls import Poll, PollOption, PollResult
from community.deliberation.models.rolls import AreaBasis, RollEntry, RollUnit
from community.deliberation.tallies import PollKind

__all__ = [
    "AreaBasis",
    "Ballot",
    "BallotAct",
    "BallotEvent",
    "Body",
    "BodyMember",
    "BodyRule",
    "CountedBallot",
    "Delivery",
    "DeliveryWay",
    "Poll",
    "PollKind",
    "PollOption",
    "PollResult",
    "RollEntry",
    "RollUnit",
]
