"""Why a conversation, an opinion or an answer is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class ConversationNotFound(NotFound):
    """There is no such conversation in this community."""

    message = N_("没有找到这次意见征集。请从列表里打开。")


class ViewpointNotFound(NotFound):
    """There is no such opinion, or it is not shown."""

    message = N_("没有找到这句看法，它可能已经撤下。请回到征集页。")


class ConversationClosed(RuleBroken):
    """Answers and opinions are taken only while it is open."""

    message = N_("这次征集已经截止，不能再回答或提看法。")


class ClosesInPast(BadInput):
    """It would be over at once."""

    message = N_("截止时间要在现在之后。")


class TooFewViewpoints(BadInput):
    """Nobody can answer an empty page."""

    message = N_("请先写至少 {least} 句看法，每行一句，让大家有得答。")


class ViewpointTooLong(BadInput):
    """A statement must be read at a glance."""

    message = N_("每句最多 {longest} 个字；这句太长：“{text}”。请分成两句。")


class ViewpointKnown(RuleBroken):
    """The same words are there already."""

    message = N_("已经有人说过“{text}”。请直接对它表示赞成或反对。")


class OwnViewpointsUsedUp(RuleBroken):
    """One person's opinions must not make up the map."""

    message = N_("每人最多提 {most} 句看法，您已经提满了。")


class NoViewpointsTaken(RuleBroken):
    """This conversation takes no opinions from residents."""

    message = N_("这次征集不再收新的看法，请回答已有的看法。")


class ConversationFull(RuleBroken):
    """More than anybody answers."""

    message = N_("这次征集已有 {most} 句看法，不再增加。")


class ViewpointDecided(RuleBroken):
    """Somebody else was faster, or it stands already as wanted."""

    message = N_("这句看法已经处理过，请刷新后再看。")


class ReasonWanted(BadInput):
    """What is not shown says publicly why."""

    message = N_("不采用或撤下要写明理由，理由会公开。")
