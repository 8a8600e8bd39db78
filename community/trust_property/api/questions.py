"""API rows of owners' questions."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import questions as queries
from community.trust_property.schemas import questions as schemas
from community.trust_property.schemas.bills import BeforeQuery
from community.trust_property.service import questions as service

ONE = "/funds/<int:fund_id>"
QUESTION = f"{ONE}/questions/<int:question_id>"

api.show(f"{ONE}/questions", queries.questions, permissions.SEE, BeforeQuery)
api.show(QUESTION, queries.get_thread, permissions.SEE)
api.act(f"{ONE}/questions", service.ask_question, permissions.ASK, schemas.AskBody)
api.act(f"{QUESTION}/answers", service.answer_question, permissions.ANSWER, schemas.AnswerBody)
api.act(f"{QUESTION}/judge", service.judge_answer, permissions.ASK, schemas.JudgeBody)
