"""The organisations' register: certificates that end, suspension with appeal, who is fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from community.kernel.errors import N_


class SupplierState(StrEnum):
    """Whether an organisation was let into the register."""

    WAITING = "waiting"
    ACTIVE = "active"
    REFUSED = "refused"
    LEFT = "left"


SUPPLIER_TITLES = {
    SupplierState.WAITING: N_("等待核对"),
    SupplierState.ACTIVE: N_("在册"),
    SupplierState.REFUSED: N_("未通过"),
    SupplierState.LEFT: N_("已退出"),
}


class CertificateKind(StrEnum):
    """What a document proves."""

    LICENCE = "licence"
    QUALIFICATION = "qualification"
    SAFETY = "safety"
    INSURANCE = "insurance"
    TAX = "tax"
    OTHER = "other"


CERTIFICATE_TITLES = {
    CertificateKind.LICENCE: N_("营业执照或登记证书"),
    CertificateKind.QUALIFICATION: N_("资质证书"),
    CertificateKind.SAFETY: N_("安全生产许可证"),
    CertificateKind.INSURANCE: N_("保险单"),
    CertificateKind.TAX: N_("纳税和社保证明"),
    CertificateKind.OTHER: N_("其他材料"),
}
# Whoever does this kind of work shows these.
NEEDED: dict[str, tuple[CertificateKind, ...]] = {
    "service": (CertificateKind.LICENCE,),
    "goods": (CertificateKind.LICENCE,),
    "works": (CertificateKind.LICENCE, CertificateKind.QUALIFICATION),
}


class CertificateState(StrEnum):
    """Whether somebody of the community looked at a document."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


CERTIFICATE_STATE_TITLES = {
    CertificateState.WAITING: N_("等待核对"),
    CertificateState.ACCEPTED: N_("已核对"),
    CertificateState.REFUSED: N_("不合格"),
}
# A document that ends within this time is warned of.
WARN_DAYS = 30
_WARN = timedelta(days=WARN_DAYS)


class CertificateAge(StrEnum):
    """How a document stands on a day."""

    GOOD = "good"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"


CERTIFICATE_AGE_TITLES = {
    CertificateAge.GOOD: N_("有效"),
    CertificateAge.ENDS_SOON: N_("快到期"),
    CertificateAge.ENDED: N_("已过期"),
}


class AppealState(StrEnum):
    """What became of an appeal against a suspension."""

    NONE = "none"
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


APPEAL_TITLES = {
    AppealState.NONE: N_("没有申诉"),
    AppealState.OPEN: N_("申诉处理中"),
    AppealState.UPHELD: N_("申诉成立，已解除"),
    AppealState.REJECTED: N_("申诉不成立"),
}


class Unfit(StrEnum):
    """Why an organisation cannot be given a job."""

    UNKNOWN = "unknown"
    NOT_ACTIVE = "not_active"
    SUSPENDED = "suspended"
    NO_CODE = "no_code"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_ENDED = "certificate_ended"
    OTHER_KIND = "other_kind"


UNFIT_TITLES = {
    Unfit.UNKNOWN: N_("还没有登记到单位名录"),
    Unfit.NOT_ACTIVE: N_("登记还没有通过，或已退出"),
    Unfit.SUSPENDED: N_("正在暂停资格期间"),
    Unfit.NO_CODE: N_("没有统一社会信用代码"),
    Unfit.CERTIFICATE_MISSING: N_("缺少核对过的证照"),
    Unfit.CERTIFICATE_ENDED: N_("证照已过期"),
    Unfit.OTHER_KIND: N_("登记的业务不包括这一类"),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a document proves and until when; `expires_on` is the last day, None for ever."""

    kind: CertificateKind
    state: CertificateState
    expires_on: date | None


def age_of(expires_on: date | None, day: date) -> CertificateAge:
    """Tell how a document stands on a day; its last day is still good."""
    if expires_on is None:
        return CertificateAge.GOOD
    if expires_on < day:
        return CertificateAge.ENDED
    return CertificateAge.ENDS_SOON if expires_on <= day + _WARN else CertificateAge.GOOD


def missing_certificates(
    kinds: Iterable[str], certificates: Iterable[Certificate], day: date
) -> tuple[Unfit, ...]:
    """Tell what the documents of somebody who does these kinds of work lack on a day."""
    held = [one for one in certificates if one.state is CertificateState.ACCEPTED]
    found: list[Unfit] = []
    for kind in sorted({needed for each in kinds for needed in NEEDED.get(each, ())}):
        same = [one for one in held if one.kind is kind]
        if not same:
            found.append(Unfit.CERTIFICATE_MISSING)
        elif all(age_of(one.expires_on, day) is CertificateAge.ENDED for one in same):
            found.append(Unfit.CERTIFICATE_ENDED)
    return tuple(dict.fromkeys(found))


def is_suspended(spans: Iterable[tuple[date, date]], day: date) -> bool:
    """Tell whether a day lies in a suspension; its last day belongs to it."""
    return any(since <= day <= until for since, until in spans)
