"""Why something cannot be done with a tender or a bid."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class TenderNotFound(NotFound):
    """No such tender here, or one that is not published yet."""

    message = N_("没有找到这个招标，它可能还没有发布，或属于其他社区。")


class TenderStateWrong(RuleBroken):
    """The tender stands elsewhere."""

    message = N_("这个招标现在是“{state}”，这一步不能办。请刷新页面看看最新进度。")


class ProjectNotReady(RuleBroken):
    """A tender is for a project that is approved or being procured."""

    message = N_("项目现在是“{state}”，入库批准以后才能招标。")


class TenderRunning(RuleBroken):
    """Another tender of the project is on its way."""

    message = N_("这个项目已经有第 {number} 号招标在进行，请先办完或取消它。")


class MethodTooSmall(RuleBroken):
    """The amount is above what the method is for."""

    message = N_("{amount} 元超出了“{method}”的上限 {most} 元，请换一种方式。依据：{basis}")


class OverBudget(RuleBroken):
    """A tender's ceiling is above the project's free money."""

    message = N_("最高限价超过了项目预算 {budget} 元。请把限价改低，或先调整预算。")


class TimeTooShort(RuleBroken):
    """Fewer days to the deadline than the rule set asks."""

    message = N_("从发布到投标截止至少要 {days} 天，最早可以定在 {earliest}。依据：{basis}")


class TimesWrong(BadInput):
    """The moments of a tender are not in order."""

    message = N_("时间顺序不对：开始投标要早于截止，提问要在截止前结束。")


class WeightsWrong(BadInput):
    """The criteria's points do not make one hundred."""

    message = N_("评分项的分值合计要正好 100 分，现在是 {sum} 分；价格分要有且只有一项。")


class OpenersWrong(BadInput):
    """The openers of a sealed tender are too few."""

    message = N_("加密投标要选 {least} 到 {most} 位开标人，开启人数不少于 2 位、不超过所选人数。")


class OpenerWithoutKey(RuleBroken):
    """A chosen opener has no key yet."""

    message = N_("{names} 还没有登记开标密钥。请他们先在“我的开标密钥”里生成，再发布招标。")


class DocumentsMissing(RuleBroken):
    """A tender without a description."""

    message = N_("招标文件还不完整：请写清楚要做什么，或上传招标文件。")


class SamePerson(NotAllowed):
    """Who drafted a tender does not check it."""

    message = N_("起草人不能审查自己的招标文件，请另一位工作人员来审查。")


class ChangedSinceCheck(RuleBroken):
    """What was checked is no longer what would be published."""

    message = N_("审查以后内容有改动，请重新提交审查。")


class NotYetChecked(RuleBroken):
    """Publishing waits for the compliance check."""

    message = N_("合规审查还没有通过，暂时不能发布。")


class QuestionsOver(RuleBroken):
    """The time for questions is over."""

    message = N_("提问时间已于 {until} 结束。")


class QuestionNotFound(NotFound):
    """No such question here."""

    message = N_("没有找到这个问题。")


class QuestionAnswered(RuleBroken):
    """The question has its answer, which stands."""

    message = N_("这个问题已经答复，答复不能再改。需要更正请发布更正公告。")


class WordsNameSomebody(RuleBroken):
    """Public words of a question name a person or the one who asks."""

    message = N_("内容里有{found}。问题会公开给所有人，请去掉后再提交。")


class DeadlineTooNear(RuleBroken):
    """An amendment so late moves the deadline."""

    message = N_("离截止不到 {days} 天，更正时要把截止时间延到 {earliest} 或更晚。")


class DeadlineEarlier(BadInput):
    """A deadline only moves later."""

    message = N_("截止时间只能往后延，不能提前。")


class NotABidder(NotAllowed):
    """Only the staff of an organization bid."""

    message = N_("只有在本社区登记的单位的工作人员才能提问和投标。请先请社区登记您的单位。")


class BidderUnfit(RuleBroken):
    """An organization that could not be given the work does not bid for it."""

    message = N_("您的单位现在还不能投这个标：{reasons}。请先在“我的单位”里补齐，再来投标。")


class BiddingNotOpen(RuleBroken):
    """Bids are not taken yet."""

    message = N_("{opens} 才开始投标，请到时再来。")


class TooLate(RuleBroken):
    """The deadline has passed."""

    message = N_("投标已于 {deadline} 截止，不再接收、替换或撤回。")


class WrongEnvelope(BadInput):
    """What came is not sealed as this tender asks."""

    message = N_("这个招标要求{level}，请在投标页面重新提交。")


class BidTooLarge(BadInput):
    """A bid above the limit."""

    message = N_("投标文件合计最多 {most} MB，请压缩后再提交。")


class PriceOverBudget(BadInput):
    """A price above the ceiling; it is said before sealing."""

    message = N_("报价超过了最高限价 {budget} 元，提交了也会作废。")


class NoBid(NotFound):
    """The organization has no bid here."""

    message = N_("您的单位在这个招标里没有投标。")


class NotUnderDeadline(RuleBroken):
    """Opening waits for the deadline."""

    message = N_("{deadline} 截止以后才能开标。")


class StillSealed(RuleBroken):
    """Some envelopes are still shut."""

    message = N_("还有投标没有打开：等开标人交齐密钥份额，或投标人自行开启。最晚等到 {until}。")


class NotAnOpener(NotAllowed):
    """Only an opener of this tender gives shares."""

    message = N_("您不是这个招标的开标人。")


class NotFailed(RuleBroken):
    """Only a failed tender is repeated, once."""

    message = N_("只有流标或取消的招标可以重新招标，而且只能重来一次。")


class RulesInThePast(BadInput):
    """A rule set does not change what was decided under another."""

    message = N_("规则只能从今天或以后开始，不能改过去的。")
