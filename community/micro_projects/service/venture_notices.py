"""What a call's choice says on the notice board, and to those who applied."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from community import identity, notices
from community.kernel import clock
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects.models import VentureApplication, VentureCall
from community.micro_projects.queries.venture_succession import named_after
from community.micro_projects.rules.money import yuan
from community.micro_projects.rules.venture_applications import ApplicationState
from community.micro_projects.rules.venture_calls import call_subject, succession_subject
from community.micro_projects.service.venture_steps import applications_at


def post_choice(session: Session, call: VentureCall) -> int:
    """Post what was chosen, for everybody to object; gives the notice's id."""
    chosen = applications_at(session, call, ApplicationState.CHOSEN)
    passed = applications_at(session, call, ApplicationState.PASSED)
    names = {each.id: each.name for each in identity.organizations(session, call.community_id)}
    rows = sorted((*chosen, *passed), key=lambda row: row.place_in_call or 0)
    now = clock.now()
    last_day = clock.today() + timedelta(days=call.notice_days + 1)
    body = "\n".join(
        (
            f"资金总额 {yuan(call.purse_fen)} 元，本次资助 {yuan(call.reserved_fen)} 元。",
            *(_line(row, names.get(row.organization_id, "")) for row in rows),
            "",
            "全部评委的评分表已经公开。有异议请在公示期内提出，逐条公开答复。",
        )
    )
    draft = notices.NoticeDraft(
        f"公益创投入选公示：{call.title}",
        body,
        notices.NoticeKind.PROJECT,
        now,
        clock.at(last_day),
        subject=call_subject(call.id),
        least_days=call.notice_days,
    )
    return notices.publish_notice(session, Actor.system(call.community_id), draft)


def post_succession(
    session: Session, call: VentureCall, row: VentureApplication, rest_fen: int
) -> int:
    """Post who is to be given what a broken-off project left; gives the notice's id."""
    names = {each.id: each.name for each in identity.organizations(session, call.community_id)}
    last_day = clock.today() + timedelta(days=call.notice_days + 1)
    passed = applications_at(session, call, ApplicationState.PASSED)
    said = [each for each in passed if each.chosen_words]
    rows = sorted((*named_after(session, row), *said), key=lambda one: one.place_in_call or 0)
    body = "\n".join(
        (
            f"“{row.title}”中途终止，剩下资助 {yuan(rest_fen)} 元，按评审名次由下列申报接续。",
            *(_line(each, names.get(each.organization_id, "")) for each in rows),
            "",
            "全部评委的评分表已经公开。有异议请在公示期内提出，逐条公开答复。",
        )
    )
    draft = notices.NoticeDraft(
        f"公益创投接续项目公示：{call.title}",
        body,
        notices.NoticeKind.PROJECT,
        clock.now(),
        clock.at(last_day),
        subject=succession_subject(row.id),
        least_days=call.notice_days,
    )
    return notices.publish_notice(session, Actor.system(call.community_id), draft)


def tell_chosen(session: Session, actor: Actor, row: VentureApplication) -> None:
    """Tell a lead that the application is chosen for good."""
    body = say(
        N_("“{title}”资助 {amount} 元，已送街道审核。"),
        title=row.title,
        amount=yuan(row.granted_fen or 0),
    )
    link = f"projects/applications/{row.id}"
    notices.send(session, actor, row.lead_id, say(N_("您的申报入选了")), body, link, "change")


def tell_applicants(session: Session, actor: Actor, call: VentureCall) -> None:
    """Tell each lead what was decided for good."""
    for row in applications_at(session, call, ApplicationState.CHOSEN, ApplicationState.PASSED):
        if row.state is ApplicationState.CHOSEN:
            tell_chosen(session, actor, row)
            continue
        body = say(
            N_("“{title}”第 {place} 名。评分和评语都已公开，欢迎下次再来。"),
            title=row.title,
            place=row.place_in_call or 0,
        )
        link = f"projects/applications/{row.id}"
        title = say(N_("您的申报这次没有入选"))
        notices.send(session, actor, row.lead_id, title, body, link, kind="change")


def _line(row: VentureApplication, firm: str) -> str:
    total = row.total_hundredths or 0
    whose = f"{row.group_name}（依托单位：{firm}）" if row.group_name else firm
    result = f"资助 {yuan(row.granted_fen)} 元" if row.granted_fen else "未入选"
    said = f"（{row.chosen_words}）" if row.chosen_words else ""
    return (
        f"第 {row.place_in_call} 名：{row.title}，{whose}，{total // 100}.{total % 100:02d} 分，"
        f"申请 {yuan(row.asked_fen)} 元，{result}{said}"
    )
