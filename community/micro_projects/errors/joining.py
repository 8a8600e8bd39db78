"""Why somebody cannot endorse, or two ideas cannot become one."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class AdultsOnly(RuleBroken):
    """Endorsements and pledges are for adults."""

    message = N_("附议和认筹需要年满 18 周岁。")


class NotEndorsing(RuleBroken):
    """The project does not gather endorsements now."""

    message = N_("这个项目现在不征集附议。")


class MergerNotFound(NotFound):
    """There is no such proposal to merge."""

    message = N_("没有找到这个合并提议。")


class SameProject(RuleBroken):
    """A project does not go into itself."""

    message = N_("请选择另一个项目。")


class NotMergeable(RuleBroken):
    """Only ideas still gathering endorsements are merged."""

    message = N_("“{title}”现在是“{state}”，不能合并。只有还在核对或征集附议的项目可以合并。")


class HasMerged(RuleBroken):
    """One level of merging only, or the trace cannot be followed."""

    message = N_("已有别的项目并入这个项目，不能再把它并走。请反过来合并。")


class MergerStands(RuleBroken):
    """A proposal waits for its answer."""

    message = N_("这个项目已有一个合并提议在等提出人回复。")


class NotAsked(RuleBroken):
    """Only the two authors are asked."""

    message = N_("只有两个项目的提出人可以回复。")


class MergerOver(RuleBroken):
    """The proposal was answered or its time is over."""

    message = N_("这个合并提议已经有结果或已过期。")
