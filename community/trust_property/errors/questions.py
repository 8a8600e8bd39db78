"""Why a question is not put, answered or judged."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class QuestionNotFound(NotFound):
    """There is no such question in this fund."""

    message = N_("没有找到这个提问。请从提问列表里打开。")


class SubjectNotFound(NotFound):
    """What is asked about does not exist in this fund."""

    message = N_("没有找到要提问的这一笔。请从公开账目里打开它再提问。")


class QuestionWaits(RuleBroken):
    """One asks about the same thing once at a time."""

    message = N_("您对这一笔的提问还在等答复，收到答复后可以追问。")


class PersonalWords(BadInput):
    """Public words must not give a resident away."""

    message = N_("提问和答复是公开的，内容里好像有{found}。请删去后再提交。")


class QuestionClosed(RuleBroken):
    """A closed question takes no more answers."""

    message = N_("这个提问已经办结。")


class NothingToJudge(RuleBroken):
    """There is no answer that waits for the asker."""

    message = N_("现在没有等您评价的答复。")


class NotTheAsker(NotAllowed):
    """Only who asked may judge the answer."""

    message = N_("只有提问人本人可以评价答复。")


class NotTheirs(NotAllowed):
    """Only the fund's trustee and committee answer."""

    message = N_("只有本资金的物业公司和业委会可以答复。")


class AnswersOwnQuestion(NotAllowed):
    """Nobody answers oneself."""

    message = N_("不能答复自己的提问，请由其他人答复。")
