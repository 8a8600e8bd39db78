"""API rows of calls, applications, juries, choices and matched money."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import (
    venture_applications,
    venture_calls,
    venture_desk,
    venture_results,
    venture_succession,
)
from community.micro_projects.schemas import awards as award_schemas
from community.micro_projects.schemas import venture as schemas
from community.micro_projects.service import venture_applications as applying
from community.micro_projects.service import (
    venture_awards,
    venture_choice,
    venture_matches,
)
from community.micro_projects.service import venture_calls as service
from community.micro_projects.service import venture_jury as jury
from community.micro_projects.service import venture_lots as lots
from community.micro_projects.service import venture_succession as succession

SEE, READ, KEEP = permissions.SEE, permissions.READ, permissions.KEEP_CALLS
APPLY, AWARD = permissions.APPLY, permissions.AWARD
CALL, DESK_CALL = "/calls/<int:call_id>", "/desk/calls/<int:call_id>"
ONE = "/applications/<int:application_id>"

api.show("/calls", venture_calls.calls, SEE)
api.show(CALL, venture_calls.find_call, SEE)
api.show(f"{CALL}/applications", venture_applications.applications_of, SEE)
api.show(f"{CALL}/results", venture_results.call_results, SEE)
api.show("/applications", venture_applications.own_applications, APPLY)
api.show(ONE, venture_applications.find_application, SEE)
api.show(DESK_CALL, venture_desk.desk_of, READ)
api.show(f"{DESK_CALL}/successions", venture_succession.successions_of, READ)

api.act("/desk/calls", service.draft_call, KEEP, schemas.CallForm)
api.act(f"{DESK_CALL}/edit", service.change_call, KEEP, schemas.CallForm)
api.act(f"{DESK_CALL}/discard", service.discard_call, KEEP)
api.act(f"{DESK_CALL}/publish", service.publish_call, permissions.PUBLISH_CALL)
api.act(f"{DESK_CALL}/judging", service.begin_judging, KEEP)
api.act(f"{DESK_CALL}/cancel", service.cancel_call, KEEP, schemas.CallReasonForm)
api.act(f"{DESK_CALL}/close", service.close_call, KEEP, schemas.CallWordsForm)
api.act(f"/desk{ONE}/screen", jury.screen_application, KEEP, schemas.ScreenForm)
api.act(f"{DESK_CALL}/jurors", jury.seat_juror, KEEP, schemas.JurorForm)
api.act(f"{CALL}/jury-offer", lots.offer_to_judge, permissions.PROPOSE)
api.act(f"{CALL}/jury-offer/take-back", lots.take_offer_back, permissions.PROPOSE)
api.act(f"{DESK_CALL}/lot", lots.publish_jury_list, KEEP, award_schemas.LotSeedBody)
api.act("/desk/jury-lots/<int:lot_id>", lots.draw_jury, KEEP, award_schemas.LotDrawBody)
api.act(f"{DESK_CALL}/choice", venture_choice.choose_applications, KEEP, schemas.ChoiceForm)
api.act(f"{DESK_CALL}/reopen", venture_choice.reopen_choice, KEEP, schemas.CallReasonForm)
api.act(f"{DESK_CALL}/confirm", venture_choice.confirm_choice, KEEP)
api.act(f"/desk{ONE}/successors", succession.name_successors, KEEP, schemas.ChoiceForm)
api.act(f"/desk{ONE}/successors/confirm", succession.confirm_successors, KEEP)
api.act(f"/desk{ONE}/successors/drop", succession.drop_successors, KEEP, schemas.CallReasonForm)
api.act("/desk/venture/<int:project_id>/award", venture_awards.award_venture, AWARD)
api.act("/desk/matches/<int:match_id>", venture_matches.decide_match, KEEP, schemas.DecideMatchForm)

api.act(f"{CALL}/apply", applying.write_application, APPLY, schemas.ApplicationForm)
api.act(
    f"{DESK_CALL}/applications", applying.record_application, KEEP, schemas.RecordApplicationBody
)
api.act(f"{ONE}/edit", applying.change_application, APPLY, schemas.ApplicationForm)
api.act(f"{ONE}/discard", applying.discard_application, APPLY)
api.act(f"{ONE}/submit", applying.submit_application, APPLY)
api.act(f"{ONE}/take-back", applying.take_back, APPLY)
api.act(f"{ONE}/withdraw", applying.withdraw_application, APPLY)
api.act(f"{ONE}/sponsor", applying.answer_sponsoring, APPLY, schemas.SponsorForm)
api.act(f"{ONE}/matches", venture_matches.report_match, APPLY, schemas.MatchBody)
