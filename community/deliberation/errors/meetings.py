"""Why a meeting is not called, opened, joined or closed."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class MeetingNotFound(NotFound):
    """There is no such meeting in this community."""

    message = N_("没有找到这次会议。请从会议列表里打开。")


class NoticeTooLate(RuleBroken):
    """A meeting is called with too few days' notice."""

    message = N_(
        "通知太晚：{basis}要求至少提前 {days} 天，现在通知最早可以定在 {earliest}。请改会议时间。"
    )


class MeetingPast(BadInput):
    """A meeting is planned in the future."""

    message = N_("会议时间已经过去，请重新填写。")


class AgendaEmpty(RuleBroken):
    """Nobody is called to a meeting about nothing."""

    message = N_("会议还没有议程。请先写上要议的事，再发通知。")


class AgendaPosted(RuleBroken):
    """What was not posted is not decided."""

    message = N_("议程已经随通知公布，不能再改：没有公布的事不能表决。")


class AgendaItemNotFound(NotFound):
    """There is no such item on this agenda."""

    message = N_("议程里没有这一项。请刷新页面再试。")


class MeetingNotPlanned(RuleBroken):
    """Only a planned meeting is called."""

    message = N_("这次会议已经通知过或已取消。")


class MeetingNotCalled(RuleBroken):
    """Only a called meeting is opened."""

    message = N_("请先发会议通知，再开会。")


class TooEarlyToOpen(RuleBroken):
    """A meeting opens on its day."""

    message = N_("会议定在 {day}，当天才能开会。")


class MeetingNotOpen(RuleBroken):
    """This is done while the meeting sits."""

    message = N_("会议不在进行中，这件事现在不能办。")


class MeetingNotClosed(RuleBroken):
    """This is done when the meeting has ended."""

    message = N_("会议结束后才能办这件事。")


class MotionsPending(RuleBroken):
    """A meeting closes when every motion has its end."""

    message = N_("还有 {number} 个动议没有结果，请先表决或撤回，再结束会议。")


class NotAMemberHere(NotAllowed):
    """Only the body's members take part."""

    message = N_("只有{body}的成员可以办这件事。")


class NotTheChair(NotAllowed):
    """Only who chairs or records, or the staff, runs a meeting."""

    message = N_("只有本次会议的主持人、记录人和社区工作人员可以主持。")


class NotPresent(RuleBroken):
    """Who has not checked in takes no part."""

    message = N_("请先签到，再参加讨论。")


class CodeExpired(RuleBroken):
    """A check-in code lives for a minute."""

    message = N_("签到码已经换了，请重新扫会场屏幕上的码。")


class NoQuorum(RuleBroken):
    """Without a quorum nothing is decided."""

    message = N_("到会 {present} 人，不足法定的 {needed} 人，不能表决。")


class CountBeyondPresent(RuleBroken):
    """There are no more votes than people."""

    message = N_("票数合计 {counted}，多于到会的 {present} 人，请重新清点。")


class MinutesKept(RuleBroken):
    """Minutes are drawn up once."""

    message = N_("会议记录已经定稿，不能再改。")


class MinutesMissing(RuleBroken):
    """There are no minutes to sign yet."""

    message = N_("请先把会议记录定稿，再上传签字件。")


class SignedPaperMissing(BadInput):
    """The signed paper is a picture or a file."""

    message = N_("请拍照或选择签好字的文件。")
