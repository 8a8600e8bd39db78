"""Why a version of the community's own law is not drafted or adopted."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class BylawNotFound(NotFound):
    """There is no such text in this community."""

    message = N_("没有找到这份规约。请从规约列表里打开。")


class NoClauses(BadInput):
    """A text has clauses."""

    message = N_("请至少写一条：第一行是条名，下面是内容，条与条之间空一行。")


class HeadingTooLong(BadInput):
    """A clause's first line is its name, at most 120 characters."""

    message = N_("“{start}……”太长：每条的第一行是条名，最多 {longest} 个字；内容请另起一行。")


class DraftOpen(RuleBroken):
    """One draft at a time."""

    message = N_("已经有一份草案。请先改好或通过那一份。")


class NotADraft(RuleBroken):
    """What was adopted stands."""

    message = N_("这一版已经通过，不能再改；请起草新的一版。")


class NothingNew(RuleBroken):
    """A new version changes something."""

    message = N_("这一版和现行的完全一样，没有要改的。")


class AdoptionUnproved(BadInput):
    """A version is adopted by a vote or by a decision that is named."""

    message = N_("请选择通过它的表决或动议，或写明依据的决议。")


class NotPassed(RuleBroken):
    """What did not pass adopts nothing."""

    message = N_("所选的表决没有通过，或者表决的不是这一版的文字。")
