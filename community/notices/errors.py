"""Why something about notices and messages is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, RuleBroken


class PeriodReversed(BadInput):
    """A notice that would end before it begins."""

    message = N_("公示结束时间要晚于开始时间。")


class PeriodTooShort(RuleBroken):
    """A notice shorter than its kind asks for."""

    message = N_("这类公示至少要 {least_days} 天，请把结束时间往后推。")


class NoticeOver(RuleBroken):
    """A notice that can no longer be changed or objected to."""

    message = N_("公示期已结束。如仍有意见，请直接联系社区工作人员。")


class NoticeNotOpen(RuleBroken):
    """A notice that has not begun."""

    message = N_("公示还没有开始，{opens_at} 起可以提出异议。")


class NoticeWithdrawn(RuleBroken):
    """A notice that was taken back."""

    message = N_("这份公示已撤回，不能再办理。")


class AlreadyObjected(RuleBroken):
    """One open objection a person and a notice."""

    message = N_("您对这份公示的异议正在处理，请等答复；答复后可以再提。")


class AlreadyAnswered(RuleBroken):
    """An answer stands; it is not rewritten."""

    message = N_("这条异议已经答复过，答复不能修改。")


class OwnObjection(NotAllowed):
    """Nobody answers their own objection."""

    message = N_("自己提出的异议要由另一位工作人员答复。")


class PostingTimeWrong(BadInput):
    """A posting that lies in the future or before the notice was published."""

    message = N_("张贴时间要在公示发布之后、现在之前。请检查照片的拍摄时间。")


class PhotoNeeded(BadInput):
    """A posting without its picture proves nothing."""

    message = N_("请上传张贴照片，照片上要能看清公示和张贴地点。")
