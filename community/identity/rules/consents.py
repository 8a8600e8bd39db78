"""The texts people agree to, by version; a new text is a new version and is asked for again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from community.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of one text: what is kept, what for, how long, and what one may ask for."""

    kind: str
    version: str
    valid_from: date
    paragraphs: tuple[str, ...]

    @property
    def hash(self) -> bytes:
        """Hash the text itself, so that nobody can say later that it read otherwise."""
        return hashlib.sha256("\n".join(self.paragraphs).encode()).digest()


# Source: 个人信息保护法 Arts. 13, 14, 17, 44-47 (in force 2021-11-01).
TEXTS = (
    ConsentText(
        "service",
        "2026-01",
        date(2026, 1, 1),
        (
            N_(
                "社区保存您的姓名、出生年份、手机号、住址和家庭成员，用来确认您是本社区居民、办理您申请的事、在紧急时联系您。"
            ),
            N_(
                "参加活动、获得和使用积分、投票和反映问题时，会留下办理记录。账目和票数依法需要长期可查，所以这些记录不能单独抹去，但可以去掉您的姓名。"
            ),
            N_(
                "您的信息只给办理这件事的工作人员看。公开的页面只显示姓和星号，例如“王**”。不出售，不用来推送广告，不交给无关的单位。"
            ),
            N_(
                "您可以随时在“我的账户”里查看、更正、下载全部信息，撤回同意，或申请删除。不满十四周岁的孩子由监护人代为同意。"
            ),
        ),
    ),
    ConsentText(
        "honours",
        "2026-01",
        date(2026, 1, 1),
        (N_("评上荣誉时，可以公布我的全名和事迹。不同意也不影响评选，公布时只写姓和星号。"),),
    ),
    ConsentText(
        "photos",
        "2026-01",
        date(2026, 1, 1),
        (N_("活动照片里可以有我。不同意时，请在活动中告诉负责人，公布前会把您裁去。"),),
    ),
)


def text_of(kind: str, today: date) -> ConsentText:
    """Give the text of a kind that is valid on a day."""
    return max(
        (text for text in TEXTS if text.kind == kind and text.valid_from <= today),
        key=lambda text: text.valid_from,
    )
