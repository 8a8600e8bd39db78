"""Why an act is refused: a class per reason, a sentence for the resident, facts as keywords."""

from __future__ import annotations

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802  gettext's customary name for "translate later"
    """Mark a sentence for translation; the page that shows it translates it."""
    return message


class Refusal(Exception):
    """An act that is refused, with its reason.

    `message` is a `str.format` template in Chinese that names the facts; `web` translates it.
    """

    message: ClassVar[str] = N_("这件事现在不能办。")
    retryable: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        """Keep the facts that the sentence names."""
        super().__init__(self.code())
        self.facts = facts

    @classmethod
    def code(cls) -> str:
        """Tell the reason's stable name, as the API and stored answers carry it."""
        return cls.__name__

    def __str__(self) -> str:
        """Tell the sentence in Chinese, the product's first language."""
        return self.message.format(**self.facts)


class BadInput(Refusal):
    """What was sent cannot be read; nothing was tried, so it does not use up a request key."""

    message = N_("填写的内容有误，请检查后重新提交。")


class NotAllowed(Refusal):
    """The actor may not do this."""

    message = N_("您没有权限做这件事。如需办理，请联系社区工作人员。")


class NotFound(Refusal):
    """There is no such thing, or not in this community."""

    message = N_("没有找到您要的内容，它可能已被移走，或属于其他社区。")


class RuleBroken(Refusal):
    """A rule of the trade refuses the act; the answer is kept under the request key."""


class KeyReused(RuleBroken):
    """A request key came back with another payload."""

    message = N_("这个提交编号已用于另一份内容。请刷新页面后重新提交。")


class Busy(Refusal):
    """The queue of writes is full; nothing was written."""

    message = N_("现在提交的人太多，请过几秒再试一次。")
    retryable = True


class OutcomeUnknown(Refusal):
    """The write did not answer in time; repeating with the same key tells the outcome."""

    message = N_("还没有收到结果，请用同一页面再提交一次，不会重复办理。")
    retryable = True


class WriteFailed(Refusal):
    """The database could not keep the write; nothing of it stands."""

    message = N_("保存没有成功，什么都没有改变。请再试一次。")
    retryable = True
