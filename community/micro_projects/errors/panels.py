"""Why a panel is not drawn, a mark not kept, a sheet not signed."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class EvaluatorKnown(RuleBroken):
    """Somebody is in the pool once."""

    message = N_("{name} 已经在评委库里。")


class EvaluatorNotFound(NotFound):
    """Nobody of this number in the pool."""

    message = N_("评委库里没有这个人。")


class PoolTooSmall(RuleBroken):
    """A panel is never made smaller because the pool is."""

    message = N_(
        "回避以后评委库不够抽：还差 {people} 人、其中专家还差 {experts} 人。"
        "请先补充评委库，不能减少评委人数。"
    )


class PanelExists(RuleBroken):
    """A tender has one panel."""

    message = N_("评委名单已经公布，不能重来。")


class LotNotFound(NotFound):
    """No such lot here."""

    message = N_("没有找到这次抽签。")


class LotDrawn(RuleBroken):
    """A lot is drawn once."""

    message = N_("已经抽过签，结果不能再改。")


class LotSeedKnown(BadInput):
    """The seed's moment is at least one hour after the list."""

    message = N_("种子的时间至少要在名单公布 1 小时以后，谁也不能事先知道结果。")


class LotSeedWanted(BadInput):
    """A lottery's drawing is named beforehand, and its number typed afterwards."""

    message = N_("请写明用哪一次公开开奖的号码；抽签时填写开奖号码。")


class LotSeedNotYet(RuleBroken):
    """The seed is not born yet."""

    message = N_("种子在 {at} 以后才有，请到时再抽。")


class LotNoCheckpoint(RuleBroken):
    """No checkpoint was signed since the announced moment."""

    message = N_("公开日志在约定时间以后还没有新的校验点，请过几分钟再试。")


class TieListed(RuleBroken):
    """Of two lists with two seeds one could draw whichever pleases."""

    message = N_("这次并列的名单和种子来源已经公布，请按它抽签，不能另公布一份。")


class SeatNotFound(NotFound):
    """No such seat, or not one's own."""

    message = N_("没有找到您的评委席位。")


class SeatLeft(RuleBroken):
    """The seat was given up, or its sheet is signed."""

    message = N_("这个席位已经回避或已经签字，不能再改。")


class PanelStands(RuleBroken):
    """Another panel is drawn only when the first can no longer decide."""

    message = N_("现在的评委组仍然可以评审，不能重新抽取。")


class MarkOutOfRange(BadInput):
    """A mark is between 0 and its criterion's points."""

    message = N_("“{title}”的分数要在 0 到 {most} 之间，最多两位小数。")


class SheetIncomplete(RuleBroken):
    """A sheet is signed when every bid has a mark for every criterion."""

    message = N_("还有 {count} 处没有打分，打完才能签字。")


class SheetHidden(NotAllowed):
    """Nobody sees marks until all have signed."""

    message = N_("全部评委签字以前，谁也看不到评分。")
