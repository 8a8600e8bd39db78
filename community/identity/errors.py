"""Why something about people, sign-in, roles or help is refused."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput, NotAllowed, NotFound, RuleBroken


class NotProved(NotAllowed):
    """What was typed proves nothing; the sentence is the same whatever was wrong with it."""

    status = 422
    message = N_("号码、密码或验证码不对，或已过期。请检查后再试；也可以换一种方式登录。")


class CodeWrong(NotAllowed):
    """A code from a letter or a slip is unknown, used up or revoked."""

    status = 422
    message = N_("这个登录码不对、已用完或已作废。请核对纸上的字母和数字，或到服务台重新开一张。")


class TooManyAttempts(RuleBroken):
    """Too many wrong tries for this account or from this network."""

    status = 429
    message = N_("试的次数太多了，请 {minutes} 分钟后再试，或到服务台办理登录凭条。")


class CodeAskedTooOften(RuleBroken):
    """A code was sent a moment ago."""

    status = 429
    message = N_("验证码刚刚发过，请等 1 分钟再要一次；一小时最多 5 次。")


class GuardianNeeded(NotAllowed):
    """A child under 14 does not sign in alone."""

    message = N_("不满十四周岁的孩子由监护人代办。请监护人登录后，在“我的账户”里选择代孩子办理。")


class SignInAgain(NotAllowed):
    """The choice of person waited too long."""

    message = N_("等得太久，需要重新登录一次。")


class ConsentNeeded(NotAllowed):
    """The text on personal data was not agreed to yet."""

    message = N_("请先阅读并同意个人信息说明，再继续办理。")


class NotWhileActing(NotAllowed):
    """An account is a person's own: a helper changes nothing in it."""

    message = N_("您正在代他人办理。账户、密码和授权只能由本人处理，请先停止代办。")


class OutOfScope(NotAllowed):
    """The right to act for somebody has ended or never covered this."""

    message = N_("代办授权已经结束或被收回，这次没有办理。请停止代办，或请本人重新授权。")


class PasswordWeak(BadInput):
    """A password that anybody would try first."""

    message = N_("这个密码太常见，容易被猜到。请换一个至少 8 位、别人想不到的密码。")


class PasswordWrong(NotAllowed):
    """The present password was not right."""

    status = 422
    message = N_("现在的密码不对，请再试一次。")


class TooManyPasswords(RuleBroken):
    """A number whose family already has as many passwords as are checked."""

    message = N_("这个手机号上已有 4 人设了密码。请用短信验证码、信上的登录码或服务台凭条登录。")


class PhoneTaken(RuleBroken):
    """A person already has the number."""

    message = N_("这个号码已经登记在这个人名下。")


class AlreadyMember(RuleBroken):
    """Somebody of this name and year of birth lives there already."""

    message = N_("{name}（{birth_year} 年）已经登记在这一户。请在名单里选择，不用重新登记。")


class OwnRole(NotAllowed):
    """Nobody gives themselves a role, or keeps one from being taken."""

    message = N_("不能给自己授予角色。请由另一位有权限的工作人员办理。")


class RoleBeyondOwn(NotAllowed):
    """A role that only another may give."""

    message = N_("您不能授予或收回这个角色。请联系街道工作人员。")


class RoleHeld(RuleBroken):
    """The role is already held."""

    message = N_("{name} 已经有这个角色。")


class LastStaff(RuleBroken):
    """Without staff nobody could give roles again."""

    message = N_("这是本社区最后一位工作人员，不能收回。请先授予另一位。")


class EndInPast(BadInput):
    """An end that is not in the future."""

    message = N_("结束日期要在今天之后。")


class TooLong(BadInput):
    """An access asked for longer than a year."""

    message = N_("代办授权最长一年，到期可以续办。请选更早的结束日期。")


class ScopeEmpty(BadInput):
    """An access to nothing, or to what no resident may do."""

    message = N_("请至少选一件可以代办的事。")


class WithOneself(BadInput):
    """The other person is the same person."""

    message = N_("不能选自己，请选另一位。")


class AccessAsked(RuleBroken):
    """Such an access is already asked for or in force."""

    message = N_("您已经有对 {name} 的代办申请或授权，请先处理那一条。")


class NothingToDecide(RuleBroken):
    """What was to be decided was decided or withdrawn meanwhile."""

    message = N_("这件事已经处理过了，请刷新页面看现在的情况。")


class MustBeAlive(RuleBroken):
    """A person who died, left or was erased."""

    message = N_("{name} 已不在本社区，不能办理。")


class NotOfAge(RuleBroken):
    """Somebody under 14 cannot help or answer for others."""

    message = N_("{name} 不满十四周岁，不能担任。")


class NotAChild(RuleBroken):
    """A guardian is only for those under 14."""

    message = N_("{name} 已满十四周岁，可以自己登录，不用登记监护人。需要帮助时请用代办。")


class BondKnown(RuleBroken):
    """The two are bound already."""

    message = N_("你们的亲属关系已经登记，或正在等对方确认。")


class DifferentPeople(RuleBroken):
    """Two rows that cannot be one human being."""

    message = N_("这两份档案不能合并：{reason}")


class PersonErased(NotFound):
    """A person whose data was erased on request."""

    message = N_("此人的个人信息已按本人要求删除。")


class ConsentRequired(RuleBroken):
    """The consent without which the site cannot serve somebody."""

    message = N_("不同意这一项就不能使用本站。如要停用，请申请删除个人信息。")


class CreditCodeWrong(BadInput):
    """A unified credit code does not pass its own check digit."""

    message = N_("统一社会信用代码“{code}”的校验位不对，请对照营业执照或登记证书重新填写。")


class OrganizationKnown(RuleBroken):
    """The organization works here already."""

    message = N_("“{name}”已经在本社区登记，不用再登记一次。")


class StaffKnown(RuleBroken):
    """The person works for the organization already."""

    message = N_("{name}已经是这个单位的人员。")


class OwnChange(NotAllowed):
    """Nobody records a death, a move or a sale of their own at the desk."""

    message = N_("这件事涉及您本人，请另一位工作人员办理。")


class DayAhead(BadInput):
    """A day that is still to come, or too long ago."""

    message = N_("日期要在今天或之前，最早不超过五年。")


class HeirUnfit(BadInput):
    """The heir is the person themselves, dead, or no member of the community."""

    message = N_("继承人要是本社区在册的另一位居民；没有合适的人，请选“归入社区公共池”。")


class NotOwner(RuleBroken):
    """The person owns no share of the unit."""

    message = N_("{name} 不是这套房屋的业主。")


class NotTenant(RuleBroken):
    """The person rents no unit."""

    message = N_("{name} 没有租房登记。")


class SharesNotWhole(BadInput):
    """The buyers' shares do not add to the whole."""

    message = N_("各位新业主的份额加起来要正好是 1（100%），现在是 {total}。")


class UndoOver(RuleBroken):
    """Only within a day, once, and by a second person."""

    message = N_("超过 24 小时、或已经撤销过的登记不能撤销。请按现在的情况重新登记。")


class UndoBySame(NotAllowed):
    """Who recorded it cannot undo it."""

    message = N_("撤销要由另一位工作人员来办，不能由登记的人自己撤销。")


class SharedInstallation(RuleBroken):
    """An archive would hold the neighbours' data too."""

    message = N_("这个系统服务几个社区，备份和恢复由街道工作人员办理。")


class SetupIncomplete(RuleBroken):
    """The wizard cannot end before these steps are answered."""

    message = N_("还差几步没有完成：{steps}。")


class SetupTokenWrong(NotAllowed):
    """Only whoever sees the server's own screen may set it up."""

    status = 422
    message = N_(
        "口令不对。请看服务器启动时屏幕上显示的“向导口令”，或在服务器上运行 flask setup-token。"
    )


class UnitsUnknown(BadInput):
    """A room number that the building does not have, or that is no developer's."""

    message = N_("这栋楼里没有找到：{names}。请按房号核对后重填。")


class NoUnitsMeant(BadInput):
    """Every unit of the building has an owner."""

    message = N_("这栋楼的房屋都已登记业主。请写明是哪几套。")
