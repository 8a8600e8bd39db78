"""What erasing or merging a person means for applications to calls."""

from __future__ import annotations

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from community.kernel import files
from community.kernel.actor import Actor
from community.micro_projects.models import JuryOffer, VentureApplication
from community.micro_projects.rules.venture_applications import ApplicationState


def erase_applications(session: Session, actor: Actor, person_id: int) -> None:
    """Take a person's words out of applications; one that was chosen is the community's record."""
    mine = (
        VentureApplication.community_id == actor.community_id,
        VentureApplication.lead_id == person_id,
    )
    papers = session.scalars(
        select(VentureApplication).where(
            *mine,
            VentureApplication.project_id.is_(None),
            VentureApplication.paper_id.is_not(None),
        )
    ).all()
    for row in papers:
        paper_id, row.paper_id = row.paper_id, None
        session.flush()
        files.drop_file(session, actor, paper_id or 0)
    session.execute(
        delete(VentureApplication)
        .where(*mine, VentureApplication.state == ApplicationState.DRAFT)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(VentureApplication)
        .where(*mine, VentureApplication.project_id.is_(None), VentureApplication.group_name != "")
        .values(title="", need="", plan="", place="", match_words="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(JuryOffer)
        .where(JuryOffer.community_id == actor.community_id, JuryOffer.person_id == person_id)
        .execution_options(synchronize_session=False)
    )


def merge_applications(session: Session, actor: Actor, kept_id: int, merged_id: int) -> None:
    """Let a duplicate's applications be the person's, where they have none in that call."""
    other = aliased(VentureApplication)
    session.execute(
        update(VentureApplication)
        .where(
            VentureApplication.community_id == actor.community_id,
            VentureApplication.lead_id == merged_id,
            ~exists().where(
                other.call_id == VentureApplication.call_id,
                other.lead_id == kept_id,
                other.state != ApplicationState.WITHDRAWN,
            ),
        )
        .values(lead_id=kept_id)
        .execution_options(synchronize_session=False)
    )
    offer = aliased(JuryOffer)
    session.execute(
        update(JuryOffer)
        .where(
            JuryOffer.community_id == actor.community_id,
            JuryOffer.person_id == merged_id,
            ~exists().where(offer.call_id == JuryOffer.call_id, offer.person_id == kept_id),
        )
        .values(person_id=kept_id)
        .execution_options(synchronize_session=False)
    )
