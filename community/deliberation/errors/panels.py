"""Why a panel, its list, its draw or an answer to an invitation is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotFound, RuleBroken


class PanelNotFound(NotFound):
    """There is no such panel in this community."""

    message = N_("没有找到这个圆桌。请从圆桌列表里打开。")


class QuotaUnclear(BadInput):
    """A line of quotas cannot be read."""

    message = N_("第 {line} 行名额看不懂：“{text}”。请写成“年龄 75+ 至少 3 至多 5”这样。")


class QuotasContradict(BadInput):
    """The quotas cannot hold together whatever the candidates."""

    message = N_("名额互相矛盾：“{value}”写了两次，或者至少大于至多。")


class LeastsAboveSeats(BadInput):
    """The least numbers add up to more than there are seats."""

    message = N_("各项“至少”加起来是 {least} 人，超过了 {seats} 个席位。")


class TooFewHouseholds(RuleBroken):
    """One of a household: there are fewer households than seats."""

    message = N_("一户只抽一人，还要 {wanted} 人，名单里只剩 {present} 户。请减少席位。")


class ValueShort(RuleBroken):
    """Too few candidates of a value."""

    message = N_("“{value}”至少要 {least} 人，名单里一户一人最多只有 {present} 人。请调低这一项。")


class ValueFull(RuleBroken):
    """More than the most sit already."""

    message = N_("“{value}”至多 {most} 人，已经坐满了。")


class QuotasTogether(RuleBroken):
    """Each quota alone could be met, all together cannot."""

    message = N_("单看每一项都够，放在一起抽不出来。放宽下面任何一项就可以：{values}。")


class QuotasStuck(RuleBroken):
    """Each quota alone could be met, all together cannot, and no single one is to blame."""

    message = N_("单看每一项都够，放在一起抽不出来，放宽一项还不行。请减少名额要求。")


class DrawUndecided(RuleBroken):
    """The search ended without an answer."""

    message = N_("名额太紧，算不出有没有办法。请放宽一两项名额再试。")


class ListPublished(RuleBroken):
    """What was announced with the list stands."""

    message = N_("候选名单已经公布，规则不能再改。要改就取消这次，另起一次。")


class NotListed(RuleBroken):
    """A panel is drawn from a published list, once."""

    message = N_("这个圆桌现在不能抽签：名单没有公布，或者已经抽过。")


class SeedKnown(RuleBroken):
    """A seed must be born after the list was published."""

    message = N_("种子要在名单公布至少 1 小时以后才产生，否则有人可以先知道结果。请把时间改晚。")


class SeedNotYet(RuleBroken):
    """The announced moment has not come."""

    message = N_("还没到公布种子的时间（{at}），现在抽签不算数。")


class NoCheckpointYet(RuleBroken):
    """The log has no checkpoint since the announced moment."""

    message = N_("约定时间以后公开日志还没有新的校验点。日志有新记录后几分钟就会产生，请稍后再抽。")


class SeedWanted(BadInput):
    """A lottery's number must be typed in."""

    message = N_("请输入约定的开奖号码，写法和公布的一样（4 到 200 个字）。")


class SeedIsTheLogs(BadInput):
    """Where the log is the source, nobody types a seed."""

    message = N_("这次约定用公开日志的校验点，种子由系统读出，不用输入。")


class InvitationAnswered(RuleBroken):
    """An invitation is answered once; who accepted may still decline."""

    message = N_("这份邀请已经答复过，或者名额已给了下一位。")


class NotInvited(NotFound):
    """The actor has no invitation here."""

    message = N_("这里没有给您的邀请。")


class AnswerNotLate(RuleBroken):
    """The invited still have time."""

    message = N_("答复期限（{at}）还没到，不能算逾期。")


class SeatsTaken(RuleBroken):
    """Nobody else is to be invited."""

    message = N_("席位都有人，不需要再补抽。")


class SeatsOpen(RuleBroken):
    """A panel meets when every seat has accepted."""

    message = N_("还有 {open} 个席位没有人答应，不能成立。请先补抽或等答复。")
