"""The fund's rules: the terms owners voted for, as one dated value."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from community.kernel.errors import N_
from community.trust_property.rules.matters import Fact, percent_text, yuan_text

WHOLE_BP = 10_000


class Basis(StrEnum):
    """Of what the remuneration is a share."""

    FEES_RECEIVED = "fees_received"
    ALL_RECEIVED = "all_received"


BASES = {Basis.FEES_RECEIVED: N_("当月实收物业费"), Basis.ALL_RECEIVED: N_("当月全部实收")}


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of a fund from a day on; shares in basis points, amounts in fen.

    Spending up to `small_fen` needs no committee key and no quotes; above `two_keys_fen` two of
    the committee approve; above `vote_fen` the owners must have voted. `settlement_fee_bp` is the
    most that a payment service may keep back of what it collects.
    """

    remuneration_bp: int
    remuneration_basis: Basis
    remuneration_cap_fen: int
    small_fen: int
    two_keys_fen: int
    vote_fen: int
    quotes_needed: int
    emergency_cap_fen: int
    ratify_days: int
    interim_bp: int
    question_days: int
    request_days: int
    cooling_days: int
    settlement_fee_bp: int


def terms_problem(terms: Terms) -> str | None:
    """Name what is wrong with terms, None when nothing is."""
    if not terms.small_fen < terms.two_keys_fen <= terms.vote_fen:
        return N_("三档金额要一档比一档大。")
    shares = (terms.remuneration_bp, terms.interim_bp, terms.settlement_fee_bp)
    if not all(0 <= share <= WHOLE_BP for share in shares):
        return N_("比例要在 0 到 100% 之间。")
    if min(terms.ratify_days, terms.question_days, terms.request_days) < 1:
        return N_("天数至少是 1。")
    return None


def terms_content(terms: Terms) -> dict[str, Any]:
    """Write terms as plain values."""
    return {**asdict(terms), "remuneration_basis": terms.remuneration_basis.value}


def read_terms(content: dict[str, Any]) -> Terms:
    """Read terms from plain values, whatever else stands beside them."""
    names = Terms.__slots__
    values = {name: content[name] for name in names}
    return Terms(**{**values, "remuneration_basis": Basis(values["remuneration_basis"])})


_MONEY = (
    ("small_fen", N_("小额上限（不用第二把钥匙）")),
    ("two_keys_fen", N_("超过此数要两人批准")),
    ("vote_fen", N_("超过此数要业主表决")),
    ("emergency_cap_fen", N_("紧急支出年度上限")),
    ("remuneration_cap_fen", N_("酬金年度上限")),
)
_SHARES = (
    ("remuneration_bp", N_("酬金比例")),
    ("interim_bp", N_("预算通过前可用上年比例")),
    ("settlement_fee_bp", N_("收款手续费上限")),
)
_DAYS = (
    ("ratify_days", N_("紧急支出追认期限")),
    ("question_days", N_("答复业主提问期限")),
    ("request_days", N_("用款申请有效期")),
    ("cooling_days", N_("收款账户变更冷静期")),
)


def terms_facts(
    old: Terms | None, new: Terms, valid_from: date, reference: str
) -> tuple[Fact, ...]:
    """Show terms beside those before them."""
    before = None if old is None else _shown(old)
    shown = _shown(new)
    facts = [
        Fact(name, value, "" if before is None else before[name]) for name, value in shown.items()
    ]
    return (
        *facts,
        Fact(N_("生效日期"), valid_from.isoformat()),
        Fact(N_("依据"), reference),
    )


def _shown(terms: Terms) -> dict[str, str]:
    values = asdict(terms)
    return {
        **{title: percent_text(values[name]) for name, title in _SHARES},
        N_("酬金计算基数"): BASES[terms.remuneration_basis],
        **{title: yuan_text(values[name]) for name, title in _MONEY},
        N_("大额报价份数"): f"{terms.quotes_needed} 份",
        **{title: f"{values[name]} 天" for name, title in _DAYS},
    }
