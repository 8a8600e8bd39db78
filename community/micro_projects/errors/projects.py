"""Why a project is not found or does not move."""

from __future__ import annotations

from community.kernel.errors import N_, NotFound, RuleBroken


class ProjectNotFound(NotFound):
    """There is no such project in this community, or it is not for these eyes yet."""

    message = N_("没有找到这个项目。请从项目列表里打开。")


class MoveRefused(RuleBroken):
    """The project's table of steps does not know this move."""

    message = N_("项目现在是“{state}”，不能改为“{wanted}”。请刷新页面看最新进度。")


class WordsPersonal(RuleBroken):
    """Public words give somebody away."""

    message = N_("公开的内容里有{found}，请去掉后再提交。")


class WordsMissing(RuleBroken):
    """An idea nobody can understand cannot be judged."""

    message = N_("请用至少四个字写出项目名称，并写明需求。")


class TooManyPhotos(RuleBroken):
    """A page of pictures is not read."""

    message = N_("最多 {most} 张照片。请去掉一些再提交。")


class TooManyToday(RuleBroken):
    """One person may hand in so many ideas a day."""

    message = N_("您今天已经提出 {most} 个项目，请明天再提。")


class NotTheAuthor(RuleBroken):
    """Only the proposer may do this."""

    message = N_("只有提出人可以这样做。")


class NotChangeable(RuleBroken):
    """What was submitted stands, unless it was returned."""

    message = N_("项目已经提交，现在不能修改。请等社区退回后再改，或先撤回。")


class NotAtStation(RuleBroken):
    """The act belongs to another station of the project."""

    message = N_("项目现在是“{state}”，不能做这一步。请刷新页面看最新进度。")


class ReasonMissing(RuleBroken):
    """Whoever refuses says why."""

    message = N_("请写明理由，所有人都能看到。")


class OthersEndorsed(RuleBroken):
    """An idea others stand behind is not only the author's any more."""

    message = N_("已有 {count} 位邻居附议，不能由您一人撤回。请联系社区。")
