"""Why a call is not published, an application not handed in, screened, scored, chosen or paid."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class CallNotFound(NotFound):
    """No such call here, or a draft that is the desk's."""

    message = N_("没有找到这次征集。")


class ApplicationNotFound(NotFound):
    """No such application, or none that one may read."""

    message = N_("没有找到这份申报。")


class MatchNotFound(NotFound):
    """No such matched money."""

    message = N_("没有找到这笔配套资金。")


class CallStateWrong(RuleBroken):
    """The call is elsewhere, or somebody was faster."""

    message = N_("这次征集现在是“{state}”，不能这样办。请刷新页面看看。")


class ApplicationStateWrong(RuleBroken):
    """The application is elsewhere, or somebody was faster."""

    message = N_("这份申报现在是“{state}”，不能这样办。请刷新页面看看。")


class CallNotWhole(RuleBroken):
    """Weights make up the whole."""

    message = N_("评审标准的权重加起来要正好是 100%，现在是 {given}%。")


class CriteriaTwice(BadInput):
    """Criteria are told apart by their names."""

    message = N_("“{title}”写了两次。每条标准的名称要不一样。")


class ThemesWanted(BadInput):
    """A call has themes."""

    message = N_("请至少写一个主题，最多 {most} 个，不要重复。")


class CriteriaWanted(BadInput):
    """A call has criteria."""

    message = N_("请至少写一条评审标准，最多 {most} 条。")


class CapBeyondPurse(BadInput):
    """One application never asks for more than there is."""

    message = N_("每个项目的上限不能超过资金总额 {purse} 元。")


class DaysOutOfOrder(BadInput):
    """A call opens, closes, and is then pitched."""

    message = N_("请让开始在前，截止在后，路演日不早于截止。")


class JuryNotMixed(BadInput):
    """A jury mixes all three kinds and none of them decides alone."""

    message = N_(
        "评委要有专家、居民代表和政府代表，总数是 5 到 21 之间的单数，任何一类都不能超过一半。"
    )


class CallOver(RuleBroken):
    """A call whose end has passed is not published."""

    message = N_("截止时间已经过了，请先改时间再发布。")


class OwnCall(NotAllowed):
    """Who drafts a call does not publish it."""

    message = N_("起草人不能发布自己起草的征集，请街道的另一位同事发布。")


class NotTaking(RuleBroken):
    """Applications are handed in from the opening to before the end."""

    message = N_("只能在 {opens} 到 {closes} 之间提交申报，按提交那一刻的时间算。")


class StillTaking(RuleBroken):
    """Nothing is judged while applications may come."""

    message = N_("要到 {closes} 截止以后才能开始评审。")


class ThemeUnknown(BadInput):
    """An application belongs to one of the call's themes."""

    message = N_("请选这次征集的一个主题。")


class AsksTooMuch(RuleBroken):
    """The cap of the call holds for each application."""

    message = N_("申请资助 {asked} 元，超过每个项目的上限 {most} 元。")


class AppliedAlready(RuleBroken):
    """An organisation or a group applies once to a call."""

    message = N_("这次征集您的单位或小组已经有一份申报了，请修改那一份。")


class NoApplicant(NotAllowed):
    """Only an organisation at work here, or a group with a sponsor, applies."""

    message = N_("您不是在本社区登记的单位人员。居民小组请写小组名称，并选一家依托单位。")


class GroupNameMissing(BadInput):
    """A group has a name."""

    message = N_("请写居民小组的名称。")


class SponsorUnknown(BadInput):
    """A sponsor stands in the register."""

    message = N_("请从已经入库的单位里选一家依托单位。")


class SponsorFull(RuleBroken):
    """A sponsor carries so many groups."""

    message = N_("“{name}”这次已经为 {most} 个小组做依托单位，不能再多。")


class NotTheSponsor(NotAllowed):
    """Only the sponsor's staff answer for it."""

    message = N_("只有依托单位的人员可以答复。")


class NotTheApplicant(NotAllowed):
    """Only those who wrote an application act upon it."""

    message = N_("只有申报人和本单位人员可以这样做。")


class ScreeningOpen(RuleBroken):
    """Marks wait until every application was screened."""

    message = N_("还有 {count} 份申报没有审查资格，审查完才能评分。")


class NobodyEligible(RuleBroken):
    """Where nobody is eligible there is nothing to score."""

    message = N_("没有符合条件的申报，请终止这次征集。")


class MarksGiven(RuleBroken):
    """Once a juror has signed nobody's standing is changed."""

    message = N_("已经有评委签字，不能再改资格审查的结论。")


class JurorBarred(RuleBroken):
    """A juror with a tie to an applicant does not sit."""

    message = N_("“{name}”不能当这次的评委：{reason}。")


class JurorUnknown(NotFound):
    """A juror comes from the pool."""

    message = N_("评委库里没有这个人，请先加入评委库。")


class JurorSits(RuleBroken):
    """A juror sits once, and whoever left does not come back."""

    message = N_("“{name}”已经在这次的评委里，或者已经回避过。")


class KindFull(RuleBroken):
    """So many of each kind, as published."""

    message = N_("{kind}的席位已经满了。")


class JuryIncomplete(RuleBroken):
    """Marks wait until the jury is whole."""

    message = N_("评委还差 {count} 位，到齐才能评分。")


class PitchNotYet(RuleBroken):
    """Marks are given from the pitch day on."""

    message = N_("{at} 路演开始后才能评分。")


class JuryOpen(RuleBroken):
    """Nothing is chosen before all have signed."""

    message = N_("还有 {count} 位评委没有签字。")


class JuryNotQuorate(RuleBroken):
    """Too few sheets are left to decide."""

    message = N_("有效的评分表不够，或者少了一类评委，不能决定。请终止这次征集，重新征集。")


class ChoiceFaulty(RuleBroken):
    """A choice follows the ranking and stays within the purse."""

    message = N_("{fault}")


class PurseExceeded(RuleBroken):
    """All that is granted stays within the purse."""

    message = N_("一共 {granted} 元，超过资金总额 {purse} 元。")


class ChoiceNoticeRuns(RuleBroken):
    """The choice waits for the end of its notice."""

    message = N_("公示到 {until} 才结束。")


class ChoiceObjections(RuleBroken):
    """Every objection is answered first."""

    message = N_("还有 {count} 条异议没有答复。")


class ChoiceUpheld(RuleBroken):
    """An objection that was upheld opens the choice again."""

    message = N_("有 {count} 条异议成立，请重新确定入选项目。")


class ChoiceStands(RuleBroken):
    """A choice is opened again only for an objection that was upheld."""

    message = N_("没有成立的异议，不能重新确定入选项目。")


class NotAVenture(RuleBroken):
    """The project was chosen by no call."""

    message = N_("这个项目不是公益创投入选的。")


class VentureHasWinner(RuleBroken):
    """Who does a venture project was decided by its jury."""

    message = N_("公益创投项目由评审入选的单位实施，请在征集页面确定实施单位，不能另行采购。")


class BeyondTheGrant(RuleBroken):
    """A venture project costs no more than it was granted."""

    message = N_("预算 {budget} 元超过评审核定的资助 {granted} 元。")


class MatchPaperMissing(BadInput):
    """Matched money is reported with its paper."""

    message = N_("请附上到账凭证的照片或文件。")


class OwnMatch(NotAllowed):
    """Who reports does not confirm."""

    message = N_("不能核实自己上报的配套资金，请另一位同事办。")


class MatchTooEarly(RuleBroken):
    """Matched money belongs to a chosen project."""

    message = N_("入选并立项以后才能上报配套资金。")


class ProjectsGoing(RuleBroken):
    """A call ends with its last project."""

    message = N_("还有 {count} 个项目没有办完，办完才能结束这次征集。")


class JuryDecided(RuleBroken):
    """The jury of a call decides on a venture project, not the council."""

    message = N_("公益创投项目由评审决定，不需要议事会表决。修改后可以直接报街道。")


class NothingToPassOn(RuleBroken):
    """Only what a broken-off project left is given to somebody else."""

    message = N_("这个项目没有中途终止，或者资助没有剩余，不能另选接续项目。")


class SuccessorNamed(RuleBroken):
    """One naming at a time."""

    message = N_("接续项目正在公示，确定或者撤回以后才能另选。")


class NobodyNamed(RuleBroken):
    """There is a naming to confirm or to take back."""

    message = N_("这个项目还没有选定接续项目。")


class OffersClosed(RuleBroken):
    """Adult residents put themselves forward for a call's jury until the list is made."""

    message = N_("现在不能自荐：自荐要由成年居民本人在抽签名单公布以前提出。")


class OffersTooFew(RuleBroken):
    """A lot needs as many as it seats."""

    message = N_(
        "能参加抽签的自荐居民有 {count} 位，还差的席位有 {seats} 个。请再请人自荐，或者从评委库请。"
    )


class JuryListRuns(RuleBroken):
    """The residents' seats wait for the lot whose list was published."""

    message = N_("居民代表的抽签名单已经公布，请等抽签。")


class JurorListed(RuleBroken):
    """Whoever is on the lot's list takes a seat by the lot alone."""

    message = N_("{name}在抽签名单里，只能由抽签决定。")


class SignedPaperMissing(BadInput):
    """What the desk enters was signed on paper."""

    message = N_("请附上小组负责人签字的申报表照片。")
