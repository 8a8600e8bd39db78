"""Why an answer to a survey, or a note from the site, is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class SurveyNotFound(NotFound):
    """No such survey here."""

    message = N_("没有这个满意度调查。")


class SurveyExists(RuleBroken):
    """A project has one survey."""

    message = N_("这个项目已经有满意度调查。")


class SurveyOver(RuleBroken):
    """Outside its time."""

    message = N_("调查不在开放时间内（{opens} 到 {closes}）。")


class SurveyTooEarly(RuleBroken):
    """Nothing was accepted that could be judged."""

    message = N_("所有节点验收以后才能开始满意度调查。")


class SurveyRunning(RuleBroken):
    """A survey that is still open."""

    message = N_("满意度调查到 {closes} 才结束。")


class AlreadyAnswered(RuleBroken):
    """One answer a resident."""

    message = N_("您已经评价过这个项目，每人一次。谢谢！")


class NotAResident(NotAllowed):
    """Somebody from elsewhere, or of the contractor."""

    message = N_("只有本社区居民可以评价，承接机构的人除外。")


class SurveyTooShort(BadInput):
    """Less time than the rules give."""

    message = N_("调查至少开放 {days} 天。")


class NoteNotFound(NotFound):
    """No such note from the site."""

    message = N_("没有这条现场意见。")


class NoteAnswered(RuleBroken):
    """Answered already."""

    message = N_("这条意见已经答复过。")


class NotTheSupervisor(NotAllowed):
    """Somebody who does not work for the supervising organisation."""

    message = N_("只有受托的监理机构能写监理意见。")


class SupervisorIsContractor(RuleBroken):
    """The contractor would supervise itself."""

    message = N_("承接机构不能监理自己。请选另一家机构。")
