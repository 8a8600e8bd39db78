"""The desk's links to the fund, with what is due behind each."""

from __future__ import annotations

from community.kernel.errors import N_
from community.trust_property import permissions
from community.trust_property.queries import matters as matter_queries
from community.trust_property.queries import questions
from community.web.access import the_actor
from community.web.extensions import db
from community.web.layout import DeskLink

GROUP = N_("物业资金")
READ = permissions.READ.code


def matters_due() -> int:
    """Count what waits for a key, for those who may turn one."""
    actor = the_actor()
    may = actor.may(permissions.APPROVE.code)
    return matter_queries.count_open(db.session, actor) if may else 0


def questions_due() -> int:
    """Count owners' questions that wait for an answer."""
    return questions.count_due_questions(db.session, the_actor())


DESK = (
    DeskLink(N_("资金概况"), "trust_property.desk_funds", READ, 400, due=matters_due, group=GROUP),
    DeskLink(
        N_("业主提问"),
        "trust_property.desk_questions",
        READ,
        460,
        due=questions_due,
        group=GROUP,
    ),
    DeskLink(N_("审计"), "trust_property.desk_audits", READ, 470, group=GROUP),
)
