"""API rows of topics, their discussion and moderation."""

from __future__ import annotations

from community.deliberation import permissions
from community.deliberation.api.room import api
from community.deliberation.queries import discussion, moderation, topic_figures, topic_trace
from community.deliberation.queries import similar_topics as alike
from community.deliberation.queries import topics as queries
from community.deliberation.schemas import topics as schemas
from community.deliberation.service import (
    answering,
    appealing,
    arguing,
    endorsing,
    merging,
    moderating,
    topic_steps,
)
from community.deliberation.service import topics as service

TOPIC = "/topics/<int:topic_id>"
MERGE = "/topic-mergers/<int:merge_id>"
OWN, ANSWER = permissions.PROPOSE, permissions.ANSWER
LEAD, MODERATE = permissions.CONVENE, permissions.MODERATE

api.show("/topics", queries.topics, permissions.SEE, schemas.TopicsQuery)
api.show("/topics/overdue", queries.overdue_topics, permissions.SEE)
api.show("/topics/own", queries.own_topics, OWN)
api.show("/topics/drafts", queries.drafts, OWN)
api.show("/topics/similar", alike.similar_topics, permissions.SEE, schemas.SimilarQuery)
api.show(TOPIC, topic_trace.get_trace, permissions.SEE)
api.show(f"{TOPIC}/discussion", discussion.get_discussion, permissions.SEE)
api.show("/topics/export", topic_figures.export_rows, permissions.SEE_TOPIC_DESK)
api.show("/flagged", moderation.flagged, MODERATE)
api.show("/appeals", moderation.appeals, permissions.DECIDE_APPEAL)

api.act("/topic-drafts", service.keep_draft, OWN, schemas.TopicForm)
api.act("/topic-drafts/<int:topic_id>", service.change_draft, OWN, schemas.ChangeForm)
api.act("/topic-drafts/<int:topic_id>/discard", service.discard_draft, OWN)
api.act("/topic-drafts/<int:topic_id>/raise", service.raise_topic, OWN)
api.act("/topics/for-resident", service.record_topic, permissions.OPERATE, schemas.RecordForm)
api.act(f"{TOPIC}/additions", service.add_to_topic, OWN, schemas.WordsForm)
api.act(f"{TOPIC}/withdraw", service.withdraw_topic, OWN, schemas.WithdrawForm)
api.act("/topic-rules", service.set_topic_rules, LEAD, schemas.TopicRulesForm)
api.act(f"{TOPIC}/endorse", endorsing.endorse_topic, OWN)
api.act(f"{TOPIC}/withdraw-endorsement", endorsing.withdraw_endorsement, OWN)
api.act(f"{TOPIC}/answers", answering.answer_topic, ANSWER, schemas.AnswerForm)
api.act(f"{TOPIC}/judge", answering.judge_answer, OWN, schemas.JudgeForm)
api.act(f"{TOPIC}/answerer", answering.assign_answerer, MODERATE, schemas.AssignForm)
api.act(f"{TOPIC}/agenda", topic_steps.put_on_agenda, LEAD, schemas.TopicReasonForm)
api.act(f"{TOPIC}/close", topic_steps.close_topic, LEAD, schemas.TopicReasonForm)
api.act(f"{TOPIC}/arguments", arguing.argue, OWN, schemas.ArgueForm)
api.act("/arguments/<int:argument_id>/replies", arguing.reply, OWN, schemas.WordsForm)
api.act("/arguments/<int:argument_id>/mark", arguing.mark_useful, OWN, schemas.MarkForm)
api.act(f"{TOPIC}/merge", merging.propose_merge, OWN, schemas.MergeForm)
api.act(f"{MERGE}/answer", merging.answer_merge, OWN, schemas.ConsentForm)
api.act(f"{MERGE}/undo", merging.undo_merge, OWN, schemas.TopicReasonForm)
api.act(f"{TOPIC}/flag", moderating.flag, OWN, schemas.FlagForm)
api.act(f"{TOPIC}/hide", moderating.hide, MODERATE, schemas.HideForm)
api.act(f"{TOPIC}/restore", moderating.restore, MODERATE, schemas.ModerateForm)
api.act(f"{TOPIC}/remark", moderating.remark, MODERATE, schemas.ModerateForm)
api.act(f"{TOPIC}/dismiss-flags", moderating.dismiss_flags, MODERATE, schemas.ModerateForm)
api.act("/moderations/<int:moderation_id>/appeal", appealing.appeal_hiding, OWN, schemas.AppealForm)
api.act(
    "/appeals/<int:appeal_id>/decide",
    appealing.decide_appeal,
    permissions.DECIDE_APPEAL,
    schemas.DecideForm,
)
