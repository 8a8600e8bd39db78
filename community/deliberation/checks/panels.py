"""What is never false of panels: the list is the one published, the draw the one repeated."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import transparency
from community.deliberation.models import Panel
from community.deliberation.queries.panels import DrawFile, read_draw
from community.deliberation.tallies.panels import draw_panel
from community.kernel.lots import BadLot, hash_candidates


def panel_problems(session: Session) -> list[str]:
    """List what is wrong."""
    found = []
    for row in session.scalars(select(Panel).where(Panel.listed_at.is_not(None))):
        file = read_draw(session, row.community_id, row.id)
        if hash_candidates([one.line for one in file.candidates]) != row.list_hash:
            found.append(f"the candidates of panel {row.id} are not those published")
        assert row.record_id is not None
        record = transparency.get_record(session, row.community_id, row.record_id)
        if record.fields.get("list_hash") != row.list_hash:
            found.append(f"the log tells another list of panel {row.id}")
        if row.seed is not None:
            found += _redrawn(row, file)
    return found


def _redrawn(row: Panel, file: DrawFile) -> list[str]:
    """Repeat every round of a draw."""
    found = []
    for number, (kept, left, drawn) in enumerate(file.rounds, 1):
        try:
            again = draw_panel(file.seed.encode(), file.candidates, file.rules, kept, left)
        except BadLot as problem:
            found.append(f"round {number} of panel {row.id} cannot be repeated: {problem}")
            continue
        if tuple(one.token for one in again) != drawn:
            found.append(f"round {number} of panel {row.id} gives others when it is repeated")
    return found
