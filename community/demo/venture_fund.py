"""The demo's venture fund: a call that was judged and is under way, and one open for applications.

Its two chosen projects bring matched money; one has been paid and shown, the other begins.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from community import identity, micro_projects
from community.demo.bidders import GREEN_SHOOTS, WARM_NEXT
from community.demo.happenings import Happening
from community.demo.papers import photograph_sheet
from community.demo.project_way import approve_project, grown_ups
from community.demo.tender_steps import Tendering
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.permissions import Role
from community.micro_projects import (
    ApplicationDraft,
    CallCriterion,
    CallDraft,
    Choice,
    ContractDraft,
    DeliveryDraft,
    Mark,
    PaperKind,
    PlannedMilestone,
    ProjectCategory,
    ProjectKind,
    SeatKind,
    Side,
    Verdict,
)

CRITERIA = (
    CallCriterion("居民需要", 3_000, "问题真实，受益的人多"),
    CallCriterion("方案可行", 3_000, "步骤、人手、安全都想到了"),
    CallCriterion("花钱合理", 2_000, "预算有依据，有配套"),
    CallCriterion("能持续", 2_000, "做完以后居民能接着做"),
)
SERVICE = ProjectKind.SERVICE
MUSIC = ApplicationDraft(
    "助老",
    "银龄合唱和手机课堂",
    "独居老人白天没有伴，手机上挂号、缴费都要等子女回来。",
    "每周二合唱、周四手机课，各 12 次，由社工和高校志愿者带，结业时在中心花园演一场。",
    SERVICE,
    ProjectCategory.ELDERS,
    (("老师课时费 24 次", 12_000_00), ("歌谱和教材", 2_000_00), ("结业演出", 4_000_00)),
    "社区活动室",
    9_000_00,
    "机构自筹，基金会小额资助",
)
MEALS = ApplicationDraft(
    "邻里互助",
    "三号楼楼组互助送餐",
    "楼里五位老人腿脚不便，刮风下雨天吃不上热饭。",
    "十二户人家排班，每天午饭多做一份，送到门口，顺便看看人。买保温箱和一次性饭盒。",
    SERVICE,
    ProjectCategory.ELDERS,
    (("保温箱和饭盒", 3_600_00), ("食材补贴 90 天", 6_400_00)),
    "3 号楼",
    2_000_00,
    "楼组自筹",
    "三号楼互助小组",
)
CHESS = ApplicationDraft(
    "儿童",
    "周末棋类兴趣班",
    "孩子周末没处去，楼下空地只有停车。",
    "请退休教练每周六带两小时，象棋、围棋各一组。",
    SERVICE,
    ProjectCategory.CHILDREN,
    (("教练补贴 20 次", 8_000_00), ("棋具", 2_400_00)),
    "社区活动室",
)
GARDEN = ApplicationDraft(
    "儿童",
    "屋顶菜园自然课",
    "孩子分不清韭菜和麦苗，楼顶又一直空着。",
    "二号楼屋顶架二十个种植箱，每月两次自然课，家长轮流浇水。",
    SERVICE,
    ProjectCategory.CHILDREN,
    (("种植箱和土", 7_000_00), ("自然课老师 12 次", 6_000_00)),
    "2 号楼屋顶",
    3_000_00,
    "机构自筹",
)
# Marks in points on each criterion, by the title of the application.
MARKS = {
    MUSIC.title: (27, 26, 17, 16),
    MEALS.title: (28, 23, 16, 17),
    CHESS.title: (17, 18, 11, 12),
}


def support_ventures(job: Tendering, today: date) -> list[Happening]:
    """Give what happens to two calls of the venture fund, each act on its day."""

    def then(days_ago: int, hour: int, act: partial[None]) -> Happening:
        return Happening(clock.at(today - timedelta(days=days_ago), hour), act)

    first, second = today - timedelta(days=31), today + timedelta(days=16)
    return [
        then(40, 18, partial(_open_call, job, "first", first, "先做小而实的。")),
        then(36, 10, partial(_apply, job, "music", "first", GREEN_SHOOTS.name, MUSIC)),
        then(36, 15, partial(_apply_as_group, job, "meals-group", "first", MEALS)),
        then(35, 10, partial(_apply, job, "chess", "first", WARM_NEXT.name, CHESS)),
        then(35, 16, partial(_agree, job, "meals-group")),
        then(33, 9, partial(_screen_and_seat, job)),
        then(31, 16, partial(_score, job)),
        then(30, 10, partial(_choose, job)),
        then(23, 10, partial(_confirm, job)),
        then(22, 14, partial(_approve, job)),
        then(21, 10, partial(_contract, job, today)),
        then(10, 16, partial(_deliver, job)),
        then(9, 10, partial(_pay, job)),
        then(8, 10, partial(_match, job)),
        then(3, 10, partial(_open_call, job, "second", second, "这一季优先儿童。")),
        then(1, 10, partial(_apply, job, "garden", "second", GREEN_SHOOTS.name, GARDEN)),
    ]


def _open_call(job: Tendering, name: str, pitch_on: date, words: str) -> None:
    """Let staff draft a call and the street publish it; it opens an hour later."""
    now, street = clock.now(), _street(job)
    draft = CallDraft(
        "邻里微创投（第一季）" if name == "first" else "邻里微创投（第二季）",
        f"支持社会组织和居民小组做助老、儿童、邻里互助的小项目。{words}",
        ("助老", "儿童", "邻里互助"),
        40_000_00,
        20_000_00,
        now + timedelta(minutes=30),
        clock.at(pitch_on - timedelta(days=3), 18),
        clock.at(pitch_on, 14),
        "社区活动室",
        CRITERIA,
        basis="街道公益创投资金安排（演示）",
    )
    job.made[f"call:{name}"] = db.write(micro_projects.draft_call, job.staff, draft)
    db.write(micro_projects.publish_call, street, job.made[f"call:{name}"])


def _apply(job: Tendering, name: str, call: str, firm: str, draft: ApplicationDraft) -> None:
    own = job.player(job.made[f"works:{firm}"])
    given = (job.made[f"call:{call}"], draft)
    job.made[f"application:{name}"] = db.write(micro_projects.write_application, own, *given)
    db.write(micro_projects.submit_application, own, job.made[f"application:{name}"])


def _apply_as_group(job: Tendering, name: str, call: str, draft: ApplicationDraft) -> None:
    with db.read() as session:
        people = grown_ups(session, job.actor)
    taken = {*job.cast.players, *job.made.values()}
    lead = next(each for each in people[30:] if each not in taken)
    job.made[f"lead:{name}"] = lead
    sponsored = ApplicationDraft(
        draft.theme, draft.title, draft.need, draft.plan, draft.kind, draft.category, draft.lines,
        draft.place, draft.matched_fen, draft.match_words, draft.group_name,
        job.made[f"firm:{WARM_NEXT.name}"],
    )  # fmt: skip
    given = (job.made[f"call:{call}"], sponsored)
    own = job.player(lead)
    job.made[f"application:{name}"] = db.write(micro_projects.write_application, own, *given)
    db.write(micro_projects.submit_application, own, job.made[f"application:{name}"])


def _agree(job: Tendering, name: str) -> None:
    sponsor = job.player(job.made[f"works:{WARM_NEXT.name}"])
    given = (job.made[f"application:{name}"], True)
    db.write(micro_projects.answer_sponsoring, sponsor, *given)


def _screen_and_seat(job: Tendering) -> None:
    """Screen all three, and seat two leaders, two neighbours and the second officer."""
    call = job.made["call:first"]
    db.write(micro_projects.begin_judging, job.staff, call)
    for name in ("music", "meals-group", "chess"):
        given = (job.made[f"application:{name}"], True)
        db.write(micro_projects.screen_application, job.staff, *given)
    pool = [value for key, value in job.made.items() if key.startswith("pool:")]
    neighbours = [each for each in pool if each not in job.cast.leaders]
    official = job.cast.second_staff
    db.write(micro_projects.add_evaluator, job.staff, official, SeatKind.OFFICIAL, "社区工作站")
    for person_id in (*job.cast.leaders[:2], *neighbours[:2], official):
        db.write(micro_projects.seat_juror, job.staff, call, person_id)
        job.made[f"juror:{person_id}"] = person_id


def _score(job: Tendering) -> None:
    """Let every juror mark, a little apart by seat, and sign."""
    call = job.made["call:first"]
    jurors = [job.player(value) for key, value in job.made.items() if key.startswith("juror:")]
    with db.read() as session:
        criteria = micro_projects.find_call(session, job.staff, call).criteria
        found = micro_projects.applications_of(session, job.staff, call)
        seats = [
            (juror, seat)
            for juror in jurors
            for seat in micro_projects.own_seats(session, juror)
            if seat.call_id == call
        ]
    for juror, seat in seats:
        given = tuple(
            Mark(each.id, criterion.id, base * 100 - 50 * ((seat.number + place) % 4))
            for place, each in enumerate(found)
            for criterion, base in zip(criteria, MARKS[each.title], strict=True)
        )
        db.write(micro_projects.keep_marks, juror, seat.id, given)
        words = "送餐的事早就该有人张罗，预算写得实在。" if seat.number == 3 else ""
        db.write(micro_projects.sign_sheet, juror, seat.id, words)


def _choose(job: Tendering) -> None:
    choices = (
        Choice(job.made["application:music"], 18_000_00),
        Choice(job.made["application:meals-group"], 10_000_00),
    )
    given = (job.made["call:first"], choices)
    db.write(micro_projects.choose_applications, job.staff, *given)


def _confirm(job: Tendering) -> None:
    """Let what was chosen become projects; they are told apart by their titles."""
    made = db.write(micro_projects.confirm_choice, job.staff, job.made["call:first"])
    with db.read() as session:
        for project_id in made:
            project = micro_projects.find_project(session, job.actor.community_id, project_id)
            name = "music" if project.title == MUSIC.title else "neighbour-meals"
            job.found[name] = project_id


def _approve(job: Tendering) -> None:
    approve_project(job.actor, job.found, "music", "创投-01")
    approve_project(job.actor, job.found, "neighbour-meals", "创投-02")


def _contract(job: Tendering, today: date) -> None:
    """Award both, and sign the first one's contract in two instalments."""
    awards = [
        db.write(micro_projects.award_venture, job.staff, job.found[name])
        for name in ("music", "neighbour-meals")
    ]
    begins = clock.today()
    plan = (
        PlannedMilestone("前 12 次课", 60_00, begins + timedelta(days=12), "签到表、现场照片"),
        PlannedMilestone("后 12 次课和结业演出", 40_00, today + timedelta(days=40), "演出照片"),
    )
    ends = today + timedelta(days=60)
    draft = ContractDraft(
        "银龄合唱和手机课堂服务合同", "合唱、手机课各 12 次，结业演出一场。", "缺课补课。",
        begins, ends, plan,
    )  # fmt: skip
    contract: int = db.write(micro_projects.draft_contract, job.staff, awards[0], draft)
    given = (contract, tuple(Side), begins, photograph_sheet("合同签字页", 6))
    db.write(micro_projects.sign_contract, job.staff, *given)
    job.made["contract:music"] = contract


def _milestone(job: Tendering) -> int:
    with db.read() as session:
        found = micro_projects.milestones_of(
            session, job.actor.community_id, job.made["contract:music"]
        )
    return found[0].id


def _deliver(job: Tendering) -> None:
    papers = (photograph_sheet("合唱课签到表", 5),)
    draft = DeliveryDraft("12 次课按时上完，平均到课 26 人。", papers, "社区活动室")
    delivery: int = db.write(micro_projects.submit_milestone, job.staff, _milestone(job), draft)
    given = (delivery, Verdict.ACCEPTED, "到课堂看过，与签到表一致。")
    db.write(micro_projects.judge_delivery, job.second, *given)
    pictures = (photograph_sheet("合唱课", 8), photograph_sheet("手机课", 3))
    shown = (job.found["music"], PaperKind.AFTER, "合唱和手机课", pictures)
    db.write(micro_projects.add_papers, job.staff, *shown)


def _pay(job: Tendering) -> None:
    given = (_milestone(job), f"{clock.today().year}0091", photograph_sheet("发票", 4))
    payment: int = db.write(micro_projects.prepare_payment, job.staff, *given)
    db.write(micro_projects.check_payment, job.second, payment, True, "与合同、验收和发票一致。")


def _match(job: Tendering) -> None:
    """Report matched money twice; the first is confirmed, the second waits on the desk."""
    own = job.player(job.made[f"works:{GREEN_SHOOTS.name}"])
    on = clock.today()
    application = job.made["application:music"]
    for giver, amount in (("晨光公益基金会", 6_000_00), ("机构自筹", 3_000_00)):
        given = (application, giver, amount, on, photograph_sheet(f"到账凭证 {giver}", 2))
        match: int = db.write(micro_projects.report_match, own, *given)
        if giver != "机构自筹":
            db.write(micro_projects.decide_match, job.staff, match, True)


def _street(job: Tendering) -> Actor:
    with db.read() as session:
        people = identity.people_with_role(session, job.actor.community_id, Role.STREET)
    return job.player(people[0])
