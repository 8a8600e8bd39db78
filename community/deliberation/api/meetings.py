"""API rows of bodies, meetings, motions, decisions, the six steps and 规约."""

from __future__ import annotations

from community.deliberation import permissions as may
from community.deliberation.api.room import api
from community.deliberation.queries import bodies as body_queries
from community.deliberation.queries import bylaws as bylaw_queries
from community.deliberation.queries import decisions as decision_queries
from community.deliberation.queries import demands as demand_queries
from community.deliberation.queries import meetings as queries
from community.deliberation.queries import minutes as minutes_queries
from community.deliberation.queries import motions as motion_queries
from community.deliberation.queries import processes as process_queries
from community.deliberation.schemas import decisions as tasks
from community.deliberation.schemas import meetings as shapes
from community.deliberation.service import (
    attendance,
    bodies,
    bylaws,
    counting,
    decisions,
    demands,
    meetings,
    minutes,
    motions,
    phone_votes,
    processes,
    speeches,
)

BODY = "/bodies/<int:body_id>"
MEETING = "/meetings/<int:meeting_id>"
MOTION = "/motions/<int:motion_id>"
AMENDMENT = f"{MOTION}/amendments/<int:amendment_id>"
DECISION = "/decisions/<int:decision_id>"
PROCESS = "/processes/<int:process_id>"
BYLAW = "/bylaws/<int:bylaw_id>"

api.show("/bodies", body_queries.bodies, may.SEE)
api.show(f"{BODY}/members", body_queries.members, may.SEE)
api.show(f"{BODY}/rules", body_queries.rules_of, may.SEE)
api.show(f"{BODY}/demands", demand_queries.demands, may.SEE)
api.act("/bodies", bodies.found_body, may.CONVENE, shapes.BodyForm)
api.act(f"{BODY}/rules", bodies.set_body_rule, may.CONVENE, shapes.FiguresForm)
api.act(f"{BODY}/members", bodies.seat_member, may.CONVENE, shapes.MemberForm)
api.act(f"{BODY}/members/<int:member_id>/end", bodies.end_term, may.CONVENE, shapes.EndingForm)
api.act(f"{BODY}/demands", demands.raise_demand, may.ATTEND, shapes.DemandForm)
api.act("/demands/<int:demand_id>/sign", demands.sign_demand, may.ATTEND)
api.act("/demands/<int:demand_id>/answer", demands.answer_demand, may.CONVENE, shapes.PlanForm)

api.show("/meetings", queries.meetings_of_year, may.SEE, shapes.YearQuery)
api.show(MEETING, queries.get_meeting, may.SEE)
api.show(f"{MEETING}/agenda", queries.agenda, may.SEE)
api.show(f"{MEETING}/seats", queries.seats, may.SEE)
api.show(f"{MEETING}/motions", motion_queries.motions, may.SEE)
api.show(f"{MEETING}/minutes", minutes_queries.get_minutes, may.SEE)
api.act("/meetings", meetings.plan_meeting, may.CONVENE, shapes.PlanBody)
api.act(f"{MEETING}/arrange", meetings.arrange_meeting, may.CONVENE, shapes.ArrangeForm)
api.act(f"{MEETING}/agenda", meetings.add_agenda_item, may.CONVENE, shapes.ItemForm)
api.act(f"{MEETING}/agenda/<int:item_id>/drop", meetings.drop_agenda_item, may.CONVENE)
api.act(f"{MEETING}/call", meetings.call_meeting, may.CONVENE)
api.act(f"{MEETING}/cancel", meetings.cancel_meeting, may.CONVENE, shapes.EndingForm)
api.act(f"{MEETING}/open", meetings.open_meeting, may.RUN)
api.act(f"{MEETING}/close", meetings.close_meeting, may.RUN)
api.act(f"{MEETING}/here", attendance.check_in_to_meeting, may.ATTEND, shapes.CodeForm)
api.act(f"{MEETING}/scan", attendance.scan_into_meeting, may.RUN, shapes.CodeForm)
api.act(f"{MEETING}/in", attendance.tick_into_meeting, may.RUN, shapes.PersonForm)
api.act(f"{MEETING}/out", attendance.tick_out_of_meeting, may.RUN, shapes.PersonForm)
api.act(
    f"{MEETING}/agenda/<int:agenda_item_id>/notes",
    minutes.write_notes,
    may.RUN,
    shapes.NotesForm,
)
api.act(f"{MEETING}/minutes", minutes.keep_minutes, may.RUN)
api.act(f"{MEETING}/minutes/sign", minutes.sign_minutes, may.RUN, tasks.SignersForm)

api.show(MOTION, motion_queries.get_motion, may.SEE)
api.show(f"{MOTION}/floor", motion_queries.floor_of, may.SEE)
api.act(f"{MEETING}/motions", motions.move_motion, may.ATTEND, shapes.MotionForm)
api.act(f"{MOTION}/second", motions.second_motion, may.ATTEND)
api.act(f"{MOTION}/withdraw", motions.withdraw_motion, may.ATTEND)
api.act(f"{MOTION}/amendments", motions.move_amendment, may.ATTEND, shapes.AmendmentForm)
api.act(f"{AMENDMENT}/second", motions.second_amendment, may.ATTEND)
api.act(f"{AMENDMENT}/withdraw", motions.withdraw_amendment, may.ATTEND)
api.act(f"{AMENDMENT}/count", counting.count_amendment, may.RUN, shapes.CountForm)
api.act(f"{MOTION}/count", counting.count_motion, may.RUN, shapes.CountForm)
api.act(f"{MOTION}/phone-vote", phone_votes.begin_phone_vote, may.RUN, shapes.VoteTimeForm)
api.act(f"{MOTION}/phone-vote/end", phone_votes.end_phone_vote, may.RUN)
api.act(f"{MOTION}/phone-vote/release", phone_votes.release_motion, may.RUN)
api.act(f"{MOTION}/speak", speeches.ask_to_speak, may.ATTEND, shapes.SideForm)
api.act(f"{MOTION}/speakers", speeches.note_speaker, may.RUN, shapes.SpeakerForm)
api.act(f"{MOTION}/leave", speeches.leave_queue, may.ATTEND)
api.act(f"{MOTION}/floor", speeches.give_floor, may.RUN)
api.act(f"{MOTION}/floor/end", speeches.end_speech, may.RUN)

api.show("/decisions", decision_queries.decisions, may.SEE)
api.show(DECISION, decision_queries.get_decision, may.SEE)
api.show(f"{DECISION}/notes", decision_queries.notes_of, may.SEE)
api.show("/rates", decision_queries.rates, may.SEE, tasks.SpanQuery)
api.act(f"{MOTION}/decision", decisions.make_decision, may.CONVENE, tasks.DecisionForm)
api.act(f"{DECISION}/post", decisions.post_decision, may.CONVENE)
api.act(f"{DECISION}/settle", decisions.settle_decision, may.CONVENE)
api.act(f"{DECISION}/progress", decisions.note_progress, may.ATTEND, tasks.ProgressForm)
api.act(f"{DECISION}/done", decisions.finish_decision, may.ATTEND, tasks.DoneForm)
api.act(f"{DECISION}/review", decisions.review_decision, may.CONVENE, tasks.ReviewForm)
api.act(f"{DECISION}/hand-on", decisions.hand_on_decision, may.CONVENE, tasks.HandOnForm)

api.show("/processes", process_queries.processes, may.SEE)
api.show(PROCESS, process_queries.get_process, may.SEE)
api.act("/processes", processes.begin_process, may.CONVENE, tasks.ProcessForm)
api.act(f"{PROCESS}/steps", processes.record_step, may.CONVENE, tasks.StepForm)

api.show("/bylaws", bylaw_queries.bylaws, may.SEE)
api.show(f"{BYLAW}/versions/<int:number>", bylaw_queries.compare_version, may.SEE)
api.act("/bylaws", bylaws.begin_bylaw, may.CONVENE, tasks.BylawForm)
api.act(f"{BYLAW}/draft", bylaws.draft_version, may.CONVENE, tasks.DraftForm)
api.act(f"{BYLAW}/adopt", bylaws.adopt_version, may.CONVENE, tasks.AdoptForm)
