"""Why a poll, its roll or a ballot refuses; each says what to do."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class PollNotFound(NotFound):
    """There is no such poll in this community."""

    message = N_("没有找到这次表决。请从表决列表里打开。")


class RollEntryNotFound(NotFound):
    """There is no such entry on a roll of this community."""

    message = N_("名册上没有这一户（人）。请从名册里打开。")


class BadPollDraft(BadInput):
    """A draft that cannot be put to anybody."""

    message = N_("这次表决还不完整：{reason}请改正后再保存。")


class ListedNobody(BadInput):
    """A line of a list of named people finds nobody."""

    message = N_("指定名单第 {number} 行“{line}”没有找到人。请核对姓名、楼栋和房号。")


class ListedSeveral(BadInput):
    """A line of a list of named people finds more than one person."""

    message = N_(
        "指定名单第 {number} 行“{line}”找到 {count} 个人。请在姓名后面加上楼栋、房号或手机尾号。"
    )


class ListTooLong(BadInput):
    """More lines of named people than are looked up at once."""

    message = N_("指定名单一次最多 {most} 行。人更多时，请另选“谁能投”，例如某个组织的成员。")


class BadPollSetting(BadInput):
    """A setting that the count does not know, or out of its range."""

    message = N_("计票规则“{setting}”填得不对，请改正后再保存。")


class WrongPollState(RuleBroken):
    """The poll is past this step, or not there yet."""

    message = N_("这次表决现在是“{state}”，不能做这一步。请刷新页面看看下一步。")


class RollEmpty(RuleBroken):
    """Nobody would be on the roll."""

    message = N_("名册上一个人也没有。请先登记住户或业主，或另选投票范围。")


class RollHasGaps(RuleBroken):
    """Nobody votes for an entry, an area is missing, or a correction is not answered."""

    message = N_(
        "名册上还有 {gaps} 处缺口（缺投票人、缺面积，或更正没有答复）。请补齐，或写明理由公开放行。"
    )


class NoticeTooShort(RuleBroken):
    """The vote would open before it was posted long enough."""

    message = N_("表决事项和名册要先公示 {days} 天，最早 {earliest} 才能开始投票。请推迟开始时间。")


class OpensTooSoon(RuleBroken):
    """The opening lies in the past."""

    message = N_("开始时间已经过了。请改一个以后的时间再冻结。")


class EndCannotMoveBack(RuleBroken):
    """A running vote may be given more time, never less."""

    message = N_("截止时间只能往后延，不能提前。原截止时间是 {closes}。")


class NotOnRoll(NotAllowed):
    """The person has no vote in this poll."""

    message = N_("这次表决的名册上没有您。如果应该有，请在名册公示期内到社区更正。")


class ChooseEntry(BadInput):
    """The person votes for several entries and did not say for which."""

    message = N_("您在名册上有 {entries} 票，请先选是哪一票。")


class NotOpenYet(RuleBroken):
    """The poll has not opened."""

    message = N_("投票还没有开始。{opens} 开始，到时请再来。")


class AlreadyClosed(RuleBroken):
    """The poll is closed."""

    message = N_("投票已经截止，这一票没有记入。结果公布后会通知大家。")


class NotClosedYet(RuleBroken):
    """The poll is still running."""

    message = N_("投票到 {closes} 才截止，现在不能计票。")


class PaperWaits(RuleBroken):
    """Paper is opened when the vote has closed."""

    message = N_("纸质票要等投票截止后，在唱票时当众录入。")


class NoPaperHere(RuleBroken):
    """The poll was frozen without paper ballots."""

    message = N_("这次表决没有纸质票，规则已经冻结。请用网上、电话、窗口或委托的方式。")


class OtherBallotCounts(RuleBroken):
    """The entry has a ballot already that counts before this one."""

    message = N_("这一户已经有一张{origin}票，按公示的规则以它为准，这张不再记入。")


class BadChoice(BadInput):
    """A ballot that does not fit the question."""

    message = N_("这张票填得不合规则：{reason}请改一下再投。")


class ReasonNeeded(BadInput):
    """An objection says why."""

    message = N_("反对需要说明理由，请写一句话再投。")


class SameVoters(RuleBroken):
    """Heads cannot be put together."""

    message = N_("要合并的两项不在同一份名册上，或就是同一项。请重新选择。")


class NoSuchNumber(BadInput):
    """A line of the city's file is on no entry of the roll."""

    message = N_("名册上没有编号 {number}。请核对文件是不是这次表决的，改好后整份重新导入。")


class BadCityFile(BadInput):
    """A file that is not the city's list of ballots."""

    message = N_("第 {line} 行读不懂。每行要有“编号”和“选择”，选择要和选项的文字一样。")


class RollAtWork(RuleBroken):
    """A job works at the roll or takes over ballots; only one thing at a time."""

    message = N_("名册正在后台处理，还没有做完。请等做完再操作，进度在这次表决的页面上。")


class WorkSuperseded(RuleBroken):
    """Newer work has taken the place of this one, which cannot go on."""

    message = N_("这项处理已经由新的一次代替，不再继续。请看这次表决的页面。")


class CityBallotsMissing(RuleBroken):
    """A city's file is taken over in part only; counting now would leave ballots out."""

    message = N_(
        "市级系统的票还没有导完，不能计票。请等导入做完；导入失败的，请再导一次同一个文件。"
    )


class NothingToResume(RuleBroken):
    """Nothing at this roll has failed half-way."""

    message = N_("没有中断的处理，不用重试。请刷新页面看看现在的状态。")
