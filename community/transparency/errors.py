"""Why the public log refuses an act."""

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class RecordTooLong(BadInput):
    """A record of 64 KiB or more; it must be told in parts."""

    message = N_("这条公开记录太长（{size} 字节，最多 {most} 字节）。请分成几条公布。")


class RecordUnclear(BadInput):
    """A record that holds more than plain JSON with whole numbers."""

    message = N_("这条公开记录的内容不能公布：{reason}。请只用文字、整数和列表。")


class UnknownRecord(NotFound):
    """There is no such record in this community's log."""

    message = N_("公开日志里没有这条记录。请检查地址或编号。")


class LogDamaged(RuleBroken):
    """The rows of the log no longer give the root that was signed; nothing more is signed."""

    message = N_(
        "公开日志与上一次签名的检查点（{size} 条）对不上，已停止签名。"
        "请保留现场，联系维护人员用备份和 verify.py 核对。"
    )


class LogKeyMissing(RuleBroken):
    """The private key of the log is not where it should be, or is another one."""

    message = N_("找不到公开日志的签名钥匙 {file}，或它与登记的不符。请从备份里恢复这个文件。")


class NothingPublished(RuleBroken):
    """An empty log has no checkpoint."""

    message = N_("公开日志里还没有记录，所以还没有检查点。")


class AlreadyRotated(RuleBroken):
    """The key was replaced while somebody else was replacing it."""

    message = N_("签名钥匙刚刚换过。请先看一看再决定要不要再换。")


class BadWitnessKey(BadInput):
    """What was given is no usable verifier key, or is known already."""

    message = N_("这个验证公钥不能用，或已经登记过：{reason}。请向对方再要一次完整的一行。")


class NotEnoughWitnesses(RuleBroken):
    """A quorum larger than the number of witnesses could never be reached."""

    message = N_("现在有 {count} 位见证人，需要的联署数要在 0 到 {count} 之间。")


class NotOurCheckpoint(BadInput):
    """The cosigned text is no checkpoint that this log has signed."""

    message = N_("这不是本日志签过的检查点。请取最新的检查点再联署。")


class BadCosignature(BadInput):
    """No known witness signed, or a signature does not hold."""

    message = N_("联署无效或不是登记过的见证人：{name}。")


class WitnessedShrinks(RuleBroken):
    """A witnessed log's checkpoint that is not larger than what was cosigned."""

    message = N_("已经联署过同样大或更大的检查点。")


class BadCommitment(BadInput):
    """A commitment that has not 32 bytes, or a subject that is no single line."""

    message = N_("这份承诺的格式不对。请用本站的页面重新提交。")


class UnknownPrivateTree(NotFound):
    """There is no such private tree in this community."""

    message = N_("没有找到这场投票或招标的承诺树。")


class PrivateTreeClosed(RuleBroken):
    """The tree is closed; nothing enters any more."""

    message = N_("已经截止，不再接收。")
