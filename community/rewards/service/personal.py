"""What a person's erasure and the merging of two rows mean for rewards."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from community.kernel import clock
from community.kernel.actor import Actor
from community.rewards.models import Honour, Redemption
from community.rewards.rules.honours import HonourState
from community.rewards.service.redemptions import cancel_open_redemptions


def erase_person(session: Session, actor: Actor, person_id: int) -> None:
    """Give up what is open, withdraw honours from view and clear free text; amounts stay."""
    cancel_open_redemptions(session, actor, person_id, "个人信息已删除")
    session.execute(
        update(Redemption)
        .where(Redemption.community_id == actor.community_id, Redemption.person_id == person_id)
        .values(reason="")
        .execution_options(synchronize_session=False)
    )
    honours = (Honour.community_id == actor.community_id, Honour.person_id == person_id)
    session.execute(
        update(Honour)
        .where(*honours)
        .values(consented_at=None, consented_by=None, reason="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Honour)
        .where(*honours, Honour.state == HonourState.PROPOSED)
        .values(state=HonourState.DECLINED, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def merge_person(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let everything of a merged row be the kept person's; what is open is given up first.

    An open redemption holds points of the merged row's account, which is emptied by the merge.
    """
    cancel_open_redemptions(session, actor, merged_id, "两份档案合并，积分已退还，请重新兑换")
    for column in (Redemption.person_id, Redemption.redeemed_by, Honour.person_id):
        table = column.class_
        session.execute(
            update(table)
            .where(table.community_id == actor.community_id, column == merged_id)
            .values({column.key: kept_id})
            .execution_options(synchronize_session=False)
        )
