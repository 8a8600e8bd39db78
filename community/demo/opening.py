"""Opening the demo community and telling how to sign in to it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.tables import Community
from community.web.operations import DemoAccount

SLUG = "guihua"


def load() -> None:
    """Load the demo community into an empty database."""
    db.write(open_demo_community, Actor.system(0))


def open_demo_community(session: Session, actor: Actor) -> int:
    """Open the community itself, marked so that no production server accepts it."""
    row = Community(
        slug=SLUG,
        name="桂花里社区",
        street="梧桐街道",
        district="示范区",
        is_demo=True,
        opened_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def accounts(session: Session) -> list[DemoAccount]:
    """List one account per role."""
    return []
