"""Why something about sealed boxes, envelopes and keys is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, RuleBroken


class BoxNotOpenYet(RuleBroken):
    """Before the start nothing is taken in."""

    message = N_("还没有开始接收，{opens_at} 起可以提交。")


class TooLate(RuleBroken):
    """At or after the deadline nothing is taken in, changed or taken back."""

    message = N_("截止时间已到，不能再提交、更换或撤回。")


class BoxStillTaking(RuleBroken):
    """Before the deadline nothing is frozen or opened."""

    message = N_("还没有到截止时间，{deadline} 之后才能开启。")


class BoxStillSealed(RuleBroken):
    """What is inside is nobody's to read before the opening."""

    message = N_("还没有开启，开启之前谁也不能查看内容。")


class BoxOpenedAlready(RuleBroken):
    """An opened box takes no more shares or keys."""

    message = N_("已经开启，不用再交。开启结果可以直接查看。")


class BoxDiscarded(RuleBroken):
    """A box that was given up is never opened."""

    message = N_("这次没有开启，内容已经销毁，不能再办理。")


class TooFewEnvelopes(RuleBroken):
    """Fewer envelopes than needed are never opened."""

    message = N_("提交的份数不够，按规则不开启。")


class SharesAwaited(RuleBroken):
    """Not every envelope can be read yet, and its owner may still open it."""

    message = N_("还有内容解不开：请等更多开启人交出份额，或等到 {self_until} 自行开启的时间结束。")


class WrongLevel(RuleBroken):
    """Shares and keys belong to encrypted boxes alone."""

    message = N_("这里的内容没有加密，不需要开启人或密钥。")


class EnvelopeEmpty(BadInput):
    """An envelope without content."""

    message = N_("没有收到内容，请重新提交。")


class EnvelopeTooLarge(BadInput):
    """More bytes than an envelope takes."""

    message = N_("内容太大，最多 {most_megabytes} MB。请压缩后重新提交。")
    status = 413


class EnvelopeUnreadable(BadInput):
    """It is no envelope, or a damaged one."""

    message = N_("这不是完整的加密文件。请重新加密，再提交新生成的文件。")


class EnvelopeForeign(RuleBroken):
    """It was sealed for another box or owner, or to other openers."""

    message = N_("这份加密文件是为另一个项目或另一家单位做的。请用本页面重新加密。")


class EnvelopeCopied(RuleBroken):
    """The same sealed bytes were handed in by somebody else, or elsewhere."""

    message = N_("这份加密文件已经被别人提交过，不能照搬。请用自己的内容重新加密。")


class NothingToWithdraw(RuleBroken):
    """There is no envelope of this owner."""

    message = N_("没有可以撤回的内容。")


class DeadlineNotLater(RuleBroken):
    """A deadline only moves later."""

    message = N_("截止时间只能往后延，不能提前。")


class PeriodReversed(BadInput):
    """A deadline that is not after the start, or not in the future."""

    message = N_("截止时间要晚于开始时间，也要晚于现在。")


class OpenersWrong(BadInput):
    """Too few openers, one twice, or a number of them that cannot be met."""

    message = N_("开启人要 {fewest} 至 {most} 位、各不相同，且至少要 {fewest} 位一起才能开启。")


class OpenersUnwanted(BadInput):
    """Openers for a box that is not encrypted."""

    message = N_("只有加密的一档需要开启人。")


class KeyNotRegistered(RuleBroken):
    """An opener without this key in the register."""

    message = N_("有开启人还没有登记这把密钥，请先请本人登记。")


class KeyUnreadable(BadInput):
    """It is no public key of the curve we use."""

    message = N_("这不是可用的公钥，请在“我的开启密钥”页面重新生成。")


class KeyTaken(RuleBroken):
    """Two people with one key would count as two openers and be one."""

    message = N_("这把公钥已经有人登记，每个人要用自己生成的密钥。")


class NotAnOpener(NotAllowed):
    """Somebody who is no opener of this box."""

    message = N_("您不是这次的开启人。")


class SharesGiven(RuleBroken):
    """An opener's shares are given once."""

    message = N_("您已经交过这一份的份额，不能更改。")


class ShareWrong(RuleBroken):
    """A share that is not the one which was sealed to this opener."""

    message = N_("第 {number} 份的份额不对，没有收下。请确认选的是登记这把公钥时保存的密钥文件。")


class KeyWrong(RuleBroken):
    """A key that does not open this envelope."""

    message = N_("这把密钥打不开这份加密文件。请选提交时保存的那个密钥文件。")


class KeyFileUnreadable(BadInput):
    """It is no key file of an envelope in this box."""

    message = N_("这不是这一次提交时保存的密钥文件。请选文件名以 .key.json 结尾的那一个。")


class SelfOpeningOver(RuleBroken):
    """The time to open one's own envelope is over."""

    message = N_("自行开启的时间已在 {self_until} 结束。")


class EnvelopeOpenedAlready(RuleBroken):
    """An envelope is opened once."""

    message = N_("这一份已经开启，不用再开。")
