"""What the fund publishes in the community's log; people only as salted hashes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from community import transparency
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.trust_property.rules.titles import PURPOSES

transparency.name_kinds(
    {
        **PURPOSES,
        "trust.agency": N_("代收代付项目"),
        "trust.answer": N_("对提问的答复"),
        "trust.budget": N_("年度预算"),
        "trust.contract": N_("公共收益合同"),
        "trust.emergency": N_("应急支出"),
        "trust.finding": N_("审计发现"),
        "trust.handover": N_("钥匙交接"),
        "trust.key_holder": N_("钥匙持有人变动"),
        "trust.opening": N_("建账"),
        "trust.opinion": N_("审计意见"),
        "trust.payee": N_("收款单位"),
        "trust.payment": N_("付款"),
        "trust.question": N_("业主提问"),
        "trust.rate": N_("收费标准"),
        "trust.receipt": N_("收据"),
        "trust.receipt_void": N_("收据作废"),
        "trust.remuneration": N_("物业酬金"),
        "trust.report": N_("财务报告"),
        "trust.request": N_("用款申请"),
        "trust.rule": N_("资金规则"),
        "trust.statement": N_("银行对账单"),
        "trust.unit": N_("房屋面积和用途"),
    }
)


def publish(session: Session, actor: Actor, kind: str, fields: Mapping[str, object]) -> int:
    """Publish a record of the fund together with the act."""
    return transparency.publish(session, actor.community_id, f"trust.{kind}", fields)


def hidden_person(session: Session, actor: Actor, person_id: int | None) -> str:
    """Give the hash that stands for a person in the log; empty for the product itself."""
    if person_id is None:
        return ""
    return transparency.hide(session, actor.community_id, f"person:{person_id}")


def hidden_words(session: Session, actor: Actor, words: str) -> str:
    """Give the hash that stands for words that are not for everybody, as an account number."""
    return transparency.hide(session, actor.community_id, words)
