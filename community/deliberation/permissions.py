"""Who may propose, argue, vote, convene, moderate, operate the desks and read."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

PROPOSE = permission("deliberation.propose", N_("提出议题、附议、讨论"), Role.RESIDENT)
VOTE = permission("deliberation.vote", N_("参加投票"), Role.RESIDENT)
SEE = permission("deliberation.see", N_("查看议题、会议、表决和结果"), Role.RESIDENT, Role.AUDITOR)
READ = permission(
    "deliberation.read",
    N_("查看议事工作台"),
    Role.STAFF,
    Role.COMMITTEE,
    Role.STREET,
    Role.AUDITOR,
)
CONVENE = permission(
    "deliberation.convene", N_("召集会议，发起表决，公布结果"), Role.COMMITTEE, Role.STAFF
)
MODERATE = permission("deliberation.moderate", N_("管理讨论，处理申诉"), Role.STAFF)
OPERATE = permission("deliberation.operate", N_("在工作台登记纸质票、电话票和委托"), Role.STAFF)
COUNT = permission("deliberation.count", N_("在唱票时录入纸质票"), Role.STAFF, Role.COMMITTEE)
ANSWER = permission(
    "deliberation.answer", N_("公开答复议题"), Role.STAFF, Role.COMMITTEE, Role.PROPERTY
)
SEE_TOPIC_DESK = permission(
    "deliberation.see_topic_desk",
    N_("查看议题工作台，谁该答复、何时到期"),
    Role.STAFF,
    Role.COMMITTEE,
    Role.PROPERTY,
    Role.STREET,
    Role.AUDITOR,
)
DECIDE_APPEAL = permission(
    "deliberation.decide_appeal", N_("决定对隐藏内容的申诉"), Role.STAFF, Role.COMMITTEE
)

ATTEND = permission(
    "deliberation.attend", N_("以成员身份参加会议：签到、动议、附议、发言"), Role.RESIDENT
)
RUN = permission(
    "deliberation.run_meeting",
    N_("主持会议：签到、计票、记录（限本次会议的主持人、记录人和工作人员）"),
    Role.RESIDENT,
    Role.COMMITTEE,
    Role.STAFF,
)

ALL = (
    PROPOSE,
    VOTE,
    SEE,
    READ,
    CONVENE,
    MODERATE,
    OPERATE,
    COUNT,
    ATTEND,
    RUN,
    ANSWER,
    SEE_TOPIC_DESK,
    DECIDE_APPEAL,
)
