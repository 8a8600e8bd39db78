"""The pages of contracts: who opens which, and one errand through the forms."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.kernel import clock, db, files, ids
from community.kernel.actor import Actor
from community.micro_projects.queries.contract_pages import contract_page
from community.micro_projects.rules.contracts import ContractState
from community.micro_projects.rules.milestones import MilestoneState
from community.micro_projects.rules.payments import PaymentState
from community.micro_projects.rules.states import ProjectState
from tests import builders
from tests.micro_projects import contracting as acts
from tests.micro_projects.contracting import FIRST, Job, make_job
from tests.micro_projects.scene import state_of

SITE = "/c/guihua"


@pytest.fixture
def job(app: Flask) -> Job:
    return make_job()


def enter(app: Flask, actor: Actor | None) -> FlaskClient:
    client = app.test_client()
    if actor is not None:
        builders.sign_in(client, actor.person_id or 0)
    return client


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Post a form of a page."""
    shown = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{SITE}/account").text)
    assert shown is not None
    given = {"csrf_token": shown.group(1), "request_key": ids.random_code(26), **fields}
    return client.post(f"{SITE}{path}", data=given, content_type="multipart/form-data")


def photo(shade: int = 0) -> tuple[io.BytesIO, str]:
    ready = acts.picture("页面", shade)
    with files.open_file(_view(ready)) as opened:
        return io.BytesIO(opened.read()), "photo.png"


def _view(ready: files.Ready) -> files.FileView:
    return files.FileView(
        0, ready.name, ready.kind, ready.sha256, ready.size_bytes, 0, 0, is_dropped=False
    )


def test_a_job_goes_through_its_forms(app: Flask, job: Job) -> None:
    officer, checker = enter(app, job.officer), enter(app, job.checker)
    worker, resident = enter(app, job.worker), enter(app, job.scene.neighbour)
    page = officer.get(f"{SITE}/desk/awards/{job.award_id}/contract")
    assert "中选金额" in page.text
    made = send(
        officer,
        f"/desk/awards/{job.award_id}/contract",
        title="扶手安装合同",
        scope="安装扶手 24 米。",
        starts_on="2026-11-22",
        ends_on="2026-12-31",
        plan_titles=["全部完成", ""],
        plan_shares=["100", ""],
        plan_days=["2026-12-31", ""],
        plan_criteria=["牢固", ""],
    )
    assert made.status_code == 303
    contract_id = int(made.location.rpartition("/")[2])
    wrong = send(
        officer, f"/desk/contracts/{contract_id}/sign", side="both", signed_on="2026-11-22"
    )
    assert wrong.status_code == 422
    scan = send(
        officer,
        f"/desk/contracts/{contract_id}/sign",
        side="both",
        signed_on="2026-11-22",
        scan=photo(),
    )
    assert scan.status_code == 303
    assert acts.contract(job, contract_id).state is ContractState.ACTIVE
    [only] = acts.milestone_ids(job, contract_id)
    handed = send(
        worker,
        f"/deliveries/{contract_id}/milestones/{only}",
        words="装好了",
        evidence=[photo(1), photo(2)],
    )
    assert handed.status_code == 303
    seen = send(
        resident,
        f"/contracts/{contract_id}/spot-check",
        finding="good",
        words="很稳",
        pictures=photo(3),
    )
    assert seen.status_code == 303
    accept_and_pay(job, officer, checker, contract_id, only)
    survey_and_close(app, job, officer, resident)


def accept_and_pay(
    job: Job, officer: FlaskClient, checker: FlaskClient, contract_id: int, only: int
) -> None:
    desk = f"/desk/contracts/{contract_id}"
    assert send(officer, f"{desk}/deliveries/1", verdict="accepted").status_code == 303
    assert acts.plan_of(job, contract_id)[0].state is MilestoneState.ACCEPTED
    paid = send(
        officer, f"{desk}/milestones/{only}/payment", invoice_number="001", invoice=photo(4)
    )
    assert paid.status_code == 303
    own = send(officer, f"{desk}/payments/1", is_approved="1")
    assert own.status_code == 403
    assert "请另一位工作人员复核" in own.text
    for expected in (303, 409):
        assert send(checker, f"{desk}/payments/1", is_approved="1").status_code == expected
    [payment] = acts.paid(job, contract_id)
    assert payment.state is PaymentState.PAID


def survey_and_close(app: Flask, job: Job, officer: FlaskClient, resident: FlaskClient) -> None:
    desk = f"/desk/projects/{job.project_id}"
    until = (clock.today() + timedelta(days=3)).isoformat()
    assert send(officer, f"{desk}/survey", place="3 号楼门口", closes_on=until).status_code == 303
    assert send(officer, f"{desk}/papers", kind="after", papers=photo(5)).status_code == 303
    sheet = officer.get(f"{SITE}{desk}/survey-sheet")
    assert (sheet.status_code, sheet.mimetype) == (200, "application/pdf")
    path = f"/projects/{job.project_id}/survey"
    assert "请先登录" in enter(app, None).get(f"{SITE}{path}").text
    assert send(resident, path, level="5", words="好").status_code == 303
    assert send(resident, path, level="5").status_code == 409
    assert "您已经评价过了" in resident.get(f"{SITE}{path}").text
    with clock.fixed(clock.now() + timedelta(days=5)):
        closed = send(officer, f"{desk}/close", words="装好了扶手", served_people="60")
        assert closed.status_code == 303
        assert state_of(job.scene, job.project_id) is ProjectState.CLOSED
        pack = officer.get(f"{SITE}{desk}/pack")
        public = enter(app, None).get(f"{SITE}/projects/{job.project_id}/delivery").text
    names = zipfile.ZipFile(io.BytesIO(pack.data)).namelist()
    for folder in ("合同", "签字页", "成果证据", "发票", "实施后"):
        assert any(name.startswith(f"{folder}/") for name in names), folder
    assert "SHA256SUMS" in names
    assert "1 人评价，不足 5 人" in public
    assert "李建国" not in public


def test_what_waits_is_named_with_its_days(app: Flask, job: Job) -> None:
    acts.running(job)
    with clock.fixed(clock.at(FIRST + timedelta(days=3), 9)):
        for actor, path in ((job.worker, "/deliveries"), (job.officer, "/desk/contracts")):
            assert "逾期 3 天" in enter(app, actor).get(f"{SITE}{path}").text


def test_drafts_scans_and_what_waits_stay_between_the_sides(app: Flask, job: Job) -> None:
    contract_id = acts.draft(job)
    paths = [f"/contracts/{contract_id}", f"/contracts/{contract_id}/paper"]
    _, stranger = acts.make_firm(job.scene, "别家工程队", "外人")
    for path in paths:
        for actor in (None, job.scene.neighbour, stranger):
            assert enter(app, actor).get(f"{SITE}{path}").status_code == 404
        assert enter(app, job.worker).get(f"{SITE}{path}").status_code == 200
    acts.sign(job, contract_id)
    first = acts.milestone_ids(job, contract_id)[0]
    delivery = acts.deliver(job, first)
    with db.read() as session:
        signed = contract_page(session, job.community_id, contract_id)
    scan = signed.signatures[0].file_id
    evidence = signed.deliveries[first][0].evidence[0][0]
    for file_id in (scan, evidence):
        path = f"{SITE}/contracts/{contract_id}/files/{file_id}"
        for actor in (None, job.scene.neighbour, stranger):
            assert enter(app, actor).get(path).status_code == 404
        for actor in (job.worker, job.officer, job.scene.auditor):
            assert enter(app, actor).get(path).status_code == 200
    acts.judge(job, delivery)
    path = f"{SITE}/contracts/{contract_id}/files/{evidence}"
    assert enter(app, None).get(path).status_code == 200
    assert enter(app, stranger).get(f"{SITE}/deliveries/{contract_id}").status_code == 404


def test_the_contract_is_drawn_with_its_instalments_and_hash(app: Flask, job: Job) -> None:
    contract_id = acts.running(job, 3_333, 3_333, 3_334)
    page = enter(app, None).get(f"{SITE}/contracts/{contract_id}/paper")
    assert page.data.startswith(b"%PDF")
    text = enter(app, None).get(f"{SITE}/contracts/{contract_id}").text
    for words in ("2,666.40", "2,667.20", "33.34%", "青禾扶手工程队"):
        assert words in text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/contracts",
        "/desk/closing-rules",
        "/desk/contracts/{contract}",
        "/desk/projects/{project}/closing",
        "/deliveries",
        "/deliveries/{contract}",
        "/contracts/{contract}/spot-check",
        "/projects/{project}/delivery",
    ],
)
def test_every_page_opens_for_its_reader(app: Flask, job: Job, path: str) -> None:
    contract_id = acts.running(job)
    asked = path.format(contract=contract_id, project=job.project_id)
    readers = {"/desk": job.officer, "/deli": job.worker}
    reader = readers.get(asked[:5], job.scene.neighbour)
    assert enter(app, reader).get(f"{SITE}{asked}").status_code == 200
    if asked.startswith("/desk"):
        assert enter(app, job.scene.auditor).get(f"{SITE}{asked}").status_code == 200
        assert enter(app, job.scene.neighbour).get(f"{SITE}{asked}").status_code == 403


def test_a_plan_that_does_not_add_up_comes_back_as_it_was_typed(app: Flask, job: Job) -> None:
    answer = send(
        enter(app, job.officer),
        f"/desk/awards/{job.award_id}/contract",
        title="扶手安装合同",
        scope="安装扶手 24 米。",
        starts_on="2026-11-22",
        ends_on="2026-12-31",
        plan_titles=["第一半｜先做", "", "第二半"],
        plan_shares=["50", "", "49.99"],
        plan_days=["2026-12-20", "", "2026-12-31"],
        plan_criteria=["牢固", "", ""],
    )
    assert answer.status_code in {409, 422}
    for typed in ("第一半｜先做", "49.99", "2026-12-20", "牢固"):
        assert f'value="{typed}"' in answer.text
