"""API rows of conversations, viewpoints and maps."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.api.room import api
from community.deliberation.queries import opinions as queries
from community.deliberation.schemas import opinions as schemas
from community.deliberation.service import opinion_maps, opinions

ONE = "/conversations/<int:conversation_id>"
VIEWPOINT = "/viewpoints/<int:viewpoint_id>"
SEE, VOTE, CONVENE = permissions.SEE, permissions.VOTE, permissions.CONVENE

api.show("/conversations", queries.conversations, SEE)
api.show(ONE, queries.get_conversation, SEE)
api.show(f"{ONE}/next", queries.next_turn, VOTE)
api.show(f"{ONE}/mine", queries.own_answers, VOTE)
api.show(f"{ONE}/said", queries.own_viewpoints, VOTE)
api.show(f"{ONE}/hidden", queries.hidden_viewpoints, SEE)
api.show(f"{ONE}/map", queries.latest_map, SEE)
api.show(f"{ONE}/answers", queries.published_answers, SEE)
api.show(f"{ONE}/viewpoints", queries.viewpoints_to_decide, permissions.READ)

api.act("/conversations", opinions.open_conversation, CONVENE, schemas.ConversationBody)
api.act(f"{ONE}/propose", opinions.propose_viewpoint, permissions.PROPOSE, schemas.ViewpointBody)
api.act(f"{ONE}/closing", opinions.change_closing, CONVENE, schemas.ClosingBody)
api.act(f"{ONE}/close", opinion_maps.close_conversation, CONVENE)
api.act(f"{ONE}/refresh", opinion_maps.refresh_map, CONVENE)
api.act(f"{VIEWPOINT}/answer", opinions.answer_viewpoint, VOTE, schemas.StanceBody)
api.act(
    f"{VIEWPOINT}/decide",
    opinions.decide_viewpoint,
    permissions.MODERATE,
    schemas.ViewpointDecisionBody,
)
