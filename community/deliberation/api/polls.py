"""API rows of polls, rolls, ballots and results."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.api.room import api
from community.deliberation.queries import own_ballots, posted_rolls, results, turnout
from community.deliberation.queries import polls as queries
from community.deliberation.queries import roll_works as roll_work_queries
from community.deliberation.schemas import polls as schemas
from community.deliberation.schemas import sealed as sealed_schemas
from community.deliberation.service import (
    ballots,
    city_ballots,
    closing,
    roll_works,
    rolls,
    sealed,
    sealed_ballots,
)
from community.deliberation.service import polls as service

ALL = "/polls"
ONE = f"{ALL}/<int:poll_id>"
ENTRY = "/roll-entries/<int:roll_entry_id>"
SEE, CONVENE, OPERATE = permissions.SEE, permissions.CONVENE, permissions.OPERATE

api.show(ALL, queries.polls, SEE)
api.show(f"{ONE}/roll", posted_rolls.posted_roll, SEE)
api.show(f"{ONE}/result", results.get_result, SEE)
api.show(f"{ONE}/recount", results.recount_file, SEE)
api.show(f"{ONE}/turnout", turnout.find_turnout, permissions.READ)
api.show(f"{ONE}/own-entries", own_ballots.own_entries, permissions.VOTE)
api.act(ALL, service.draft_poll, CONVENE, schemas.PollForm)
api.act(f"{ONE}/draft", service.change_draft, CONVENE, schemas.PollForm)
api.act(f"{ONE}/roll", rolls.post_roll, CONVENE)
api.act(f"{ONE}/freeze", service.freeze_poll, CONVENE, schemas.WaiverForm)
api.act(f"{ONE}/roll-work/resume", roll_works.resume_roll_work, CONVENE)
api.show(f"{ONE}/roll-work", roll_work_queries.roll_work_of, permissions.READ)
api.act(f"{ONE}/extend", service.extend_poll, CONVENE, schemas.EndForm)
api.act(f"{ONE}/withdraw", service.withdraw_poll, CONVENE, schemas.ReasonForm)
api.act(f"{ONE}/close", closing.close_poll, CONVENE)
api.act(f"{ONE}/decide", closing.decide_poll, CONVENE)
api.act(f"{ONE}/cast", ballots.cast_ballot, permissions.VOTE, schemas.CastBody, is_hidden=True)
api.act(
    f"{ONE}/cast-sealed",
    sealed_ballots.cast_sealed,
    permissions.VOTE,
    sealed_schemas.SealedBody,
    is_hidden=True,
)
api.act(f"{ONE}/open-incomplete", sealed.open_incomplete, CONVENE)
api.act(f"{ONE}/void", sealed.void_poll, CONVENE, schemas.ReasonForm)
api.act(f"{ONE}/city-ballots", city_ballots.import_ballots, OPERATE, schemas.CityBody)
api.act(f"{ENTRY}/voter", rolls.name_voter, CONVENE, schemas.VoterForm)
api.act(f"{ENTRY}/heads", rolls.merge_heads, CONVENE, schemas.HeadForm)
api.act(f"{ONE}/units/<int:unit_id>/area", rolls.correct_area, CONVENE, schemas.AreaForm)
