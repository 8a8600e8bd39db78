"""The tables of deliberation, split by business word."""

from community.deliberation.models.ballots import Ballot, BallotAct, BallotEvent, CountedBallot
from community.deliberation.models.bodies import Body, BodyMember, BodyRule
from community.deliberation.models.bylaws import Bylaw, BylawClause, BylawVersion
from community.deliberation.models.decisions import Decision, DecisionNote
from community.deliberation.models.delivery import Delivery, DeliveryWay
from community.deliberation.models.demands import DemandSignature, MeetingDemand
from community.deliberation.models.discussion import Argument, TopicMerge, UsefulMark
from community.deliberation.models.mandates import Mandate, PhoneCall
from community.deliberation.models.meetings import (
    AgendaItem,
    Meeting,
    MeetingAttendance,
    MeetingMinutes,
)
from community.deliberation.models.moderation import Appeal, Flag, Moderation
from community.deliberation.models.motions import Amendment, Motion, Speech, VoteCount
from community.deliberation.models.opinions import (
    Conversation,
    DrawnMap,
    Viewpoint,
    ViewpointAnswer,
)
from community.deliberation.models.panels import Panel, PanelCandidate, PanelInvitation
from community.deliberation.models.papers import BallotPaper, PaperCount, PaperReading
from community.deliberation.models.polls import Poll, PollOption, PollResult
from community.deliberation.models.processes import GuidedProcess, ProcessStep
from community.deliberation.models.roll_corrections import RollCorrection
from community.deliberation.models.roll_works import RollWork, RollWorkKind
from community.deliberation.models.rolls import AreaBasis, RollEntry, RollUnit
from community.deliberation.models.sealed import InvalidBallot, PollOpener, SealedBallot
from community.deliberation.models.topics import (
    Endorsement,
    Topic,
    TopicAnswer,
    TopicPhoto,
    TopicRules,
    TopicStep,
)
from community.deliberation.tallies import PollKind

__all__ = [
    "AgendaItem",
    "Amendment",
    "Appeal",
    "AreaBasis",
    "Argument",
    "Ballot",
    "BallotAct",
    "BallotEvent",
    "BallotPaper",
    "Body",
    "BodyMember",
    "BodyRule",
    "Bylaw",
    "BylawClause",
    "BylawVersion",
    "Conversation",
    "CountedBallot",
    "Decision",
    "DecisionNote",
    "Delivery",
    "DeliveryWay",
    "DemandSignature",
    "DrawnMap",
    "Endorsement",
    "Flag",
    "GuidedProcess",
    "InvalidBallot",
    "Mandate",
    "Meeting",
    "MeetingAttendance",
    "MeetingDemand",
    "MeetingMinutes",
    "Moderation",
    "Motion",
    "Panel",
    "PanelCandidate",
    "PanelInvitation",
    "PaperCount",
    "PaperReading",
    "PhoneCall",
    "Poll",
    "PollKind",
    "PollOpener",
    "PollOption",
    "PollResult",
    "ProcessStep",
    "RollCorrection",
    "RollEntry",
    "RollUnit",
    "RollWork",
    "RollWorkKind",
    "SealedBallot",
    "Speech",
    "Topic",
    "TopicAnswer",
    "TopicMerge",
    "TopicPhoto",
    "TopicRules",
    "TopicStep",
    "UsefulMark",
    "Viewpoint",
    "ViewpointAnswer",
    "VoteCount",
]
