"""API rows of panels."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.api.room import api
from community.deliberation.queries import panels as queries
from community.deliberation.schemas import panels as schemas
from community.deliberation.service import invitations, panels

ONE = "/panels/<int:panel_id>"
INVITATION = "/invitations/<int:invitation_id>"
SEE, CONVENE, OPERATE = permissions.SEE, permissions.CONVENE, permissions.OPERATE

api.show("/panels", queries.public_panels, SEE)
api.show(ONE, queries.get_public_panel, SEE)
api.show(f"{ONE}/mine", queries.own_place, permissions.VOTE)
api.show(f"{ONE}/draw-file", queries.draw_file, SEE)
api.show("/desk/panels", queries.panels, permissions.READ)
api.show(f"/desk{ONE}", queries.get_panel, permissions.READ)

api.act("/panels", panels.draft_panel, CONVENE, schemas.PanelBody)
api.act(ONE, panels.change_panel, CONVENE, schemas.PanelBody)
api.act(f"{ONE}/publish", panels.publish_candidates, CONVENE, schemas.SeedBody)
api.act(f"{ONE}/draw", panels.run_draw, CONVENE, schemas.DrawBody)
api.act(f"{ONE}/cancel", panels.cancel_panel, CONVENE, schemas.CancelBody)
api.act(f"{ONE}/next", invitations.invite_next, CONVENE)
api.act(f"{ONE}/seat", invitations.seat_panel, CONVENE)
api.act(
    f"{INVITATION}/answer", invitations.answer_invitation, permissions.VOTE, schemas.InvitationBody
)
api.act(f"{INVITATION}/note", invitations.note_answer, OPERATE, schemas.InvitationBody)
api.act(f"{INVITATION}/late", invitations.note_unanswered, OPERATE)
