"""Why something cannot be done with a topic."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class TopicNotFound(NotFound):
    """No such topic here, or somebody else's draft."""

    message = N_("没有找到这个议题，它可能还是别人的草稿，或属于其他社区。")


class WordsMissing(BadInput):
    """A topic needs a title and a description."""

    message = N_("请写清楚标题和情况，别人才看得明白。")


class TooManyPhotos(BadInput):
    """More photos than a topic shows."""

    message = N_("最多放 {most} 张照片，请少选几张。")


class WordsPersonal(RuleBroken):
    """Public words name somebody."""

    message = N_("内容里有{found}。议题和讨论所有人都能看到，请去掉后再提交。")


class TooManyToday(RuleBroken):
    """The day's limit of one person is reached."""

    message = N_("今天已经提交了 {most} 次，请明天再来。急事请打社区电话或到服务台。")


class TooManyDrafts(RuleBroken):
    """A person keeps as many drafts as are allowed."""

    message = N_("您有 {most} 份没提交的草稿，请先提交或删除其中一份。")


class NotADraft(RuleBroken):
    """The topic has been raised already."""

    message = N_("这个议题已经提交，内容不能再改。可以在议题页面写补充说明。")


class NotOpenNow(RuleBroken):
    """The topic's state does not allow the act."""

    message = N_("这个议题现在是“{state}”，不能这样办理。请刷新页面看最新情况。")


class TopicHidden(RuleBroken):
    """The topic is hidden by a moderator."""

    message = N_("这个议题已被隐藏，恢复之前不能办理。提出人可以申诉。")


class NotTheAuthor(NotAllowed):
    """Only who raised the topic may do this."""

    message = N_("只有提出人可以这样做。")


class OthersEndorsed(RuleBroken):
    """Others stand behind the topic, so its author cannot take it back alone."""

    message = N_("已有 {count} 位邻居附议，不能单方撤回。可以写补充说明，或请工作人员了结。")


class NotAnAdult(RuleBroken):
    """Only adults endorse."""

    message = N_("附议需年满 18 周岁。您可以提出议题、参加讨论。")


class NotTheAnswerer(NotAllowed):
    """Another role owes the answer."""

    message = N_("这个议题由{answerer}答复。需要换单位，请工作人员重新指定。")


class NothingOwed(RuleBroken):
    """No answer is due."""

    message = N_("这个议题已经答复过，提出人没有要求再次答复。")


class PromiseDayWrong(BadInput):
    """A promise names a day in the past, none, or one too far away."""

    message = N_("请写明办好的日期，在今天之后、一年之内。")


class OwnTopic(NotAllowed):
    """Who raised a topic does not answer it."""

    message = N_("您是提出人，请由别的同事答复。")


class NothingToJudge(RuleBroken):
    """There is no answer, or it was judged already."""

    message = N_("现在没有等您评价的答复。")


class SameAnswerer(RuleBroken):
    """The named role owes the answer already."""

    message = N_("已经是由{answerer}答复，不用再指定。")
