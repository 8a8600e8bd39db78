"""The register: who asks in, who lets in, what a paper proves, suspension, appeal and ties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from community import identity
from community.identity import models as identity_models
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed, NotFound
from community.kernel.permissions import Role
from community.micro_projects.errors import suppliers as refusals
from community.micro_projects.queries.suppliers import bidder_fit, conflicts_of, get_supplier
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.suppliers import (
    WARN_DAYS,
    AppealState,
    CertificateKind,
    CertificateState,
    SupplierState,
    Unfit,
)
from community.micro_projects.service import certificates, suppliers, suspensions
from community.micro_projects.service.certificates import CertificateDraft
from community.micro_projects.service.suppliers import NewOrganization, SupplierDraft
from tests import builders
from tests.micro_projects.registering import credit_code
from tests.micro_projects.scene import Scene, make_scene

pytestmark = pytest.mark.usefixtures("database")

DOES = SupplierDraft((ProjectKind.SERVICE,), "社区课程", "李老师")
LICENCE = CertificateDraft(CertificateKind.LICENCE, "营业执照")


def make_firm(scene: Scene, name: str, code: str | None) -> tuple[int, Actor]:
    """Let an organisation that is not in the register work here with one employee."""
    kind = identity.OrganizationKind.SUPPLIER
    firm = builders.make_organization(scene.community_id, name, kind)

    def give_code(session: Session, actor: Actor) -> None:
        session.get_one(identity_models.Organization, firm).credit_code = code

    db.write(give_code, scene.system)
    person = builders.make_person(scene.community_id, f"{name[:2]}经理", roles=(Role.ORGANIZATION,))
    builders.add(
        identity_models.OrganizationStaff,
        community_id=scene.community_id,
        organization_id=firm,
        person_id=person,
        from_on=builders.MOVED_IN,
    )
    return firm, builders.actor(scene.community_id, person)


def state_of(scene: Scene, supplier: int) -> SupplierState:
    with db.read() as session:
        return get_supplier(session, scene.community_id, supplier).state


def unfit(scene: Scene, firm: int) -> tuple[Unfit, ...]:
    with db.read() as session:
        return bidder_fit(session, scene.community_id, firm, clock.today(), "service")


def test_a_firm_asks_in_and_is_let_in_by_the_desk() -> None:
    scene = make_scene()
    firm, manager = make_firm(scene, "晨光社工中心", credit_code(1))
    assert unfit(scene, firm) == (Unfit.UNKNOWN,)
    with pytest.raises(refusals.NotThisSupplier):
        db.write(suppliers.apply_supplier, scene.neighbour, DOES)
    with pytest.raises(refusals.SupplierKindsWanted):
        db.write(suppliers.apply_supplier, manager, SupplierDraft(()))
    entry = db.write(suppliers.apply_supplier, manager, DOES)
    with pytest.raises(refusals.SupplierKnown):
        db.write(suppliers.apply_supplier, manager, DOES)
    assert state_of(scene, entry) is SupplierState.WAITING
    for outsider in (manager, scene.neighbour, scene.street, scene.auditor):
        with pytest.raises(NotAllowed):
            db.write(suppliers.admit_supplier, outsider, entry)
    db.write(suppliers.admit_supplier, scene.officer, entry)
    with pytest.raises(refusals.SupplierStateWrong):
        db.write(suppliers.admit_supplier, scene.officer, entry)
    assert unfit(scene, firm) == (Unfit.CERTIFICATE_MISSING,)
    db.write(suppliers.refuse_supplier, scene.officer, entry, "已经注销")
    assert state_of(scene, entry) is SupplierState.LEFT
    with pytest.raises(refusals.SupplierStateWrong):
        db.write(suppliers.refuse_supplier, scene.officer, entry, "再来一次")
    db.write(suppliers.admit_supplier, scene.officer, entry)
    assert state_of(scene, entry) is SupplierState.ACTIVE


def test_a_wrong_credit_code_is_not_let_in() -> None:
    scene = make_scene()
    _, nameless = make_firm(scene, "没有代码的店", None)
    with pytest.raises(refusals.SupplierCodeWrong):
        db.write(suppliers.apply_supplier, nameless, DOES)
    right = credit_code(7)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    given = (scene.officer, DOES, None)
    with pytest.raises(refusals.SupplierCodeWrong):
        db.write(suppliers.register_supplier, *given, NewOrganization("错码公司", wrong))
    made = db.write(suppliers.register_supplier, *given, NewOrganization("对码公司", right.lower()))
    assert state_of(scene, made) is SupplierState.ACTIVE
    with pytest.raises(refusals.SupplierKnown):
        db.write(suppliers.register_supplier, *given, NewOrganization("对码公司", right))


def test_another_community_finds_no_entry() -> None:
    scene = make_scene()
    firm, manager = make_firm(scene, "晨光社工中心", credit_code(1))
    entry = db.write(suppliers.apply_supplier, manager, DOES)
    other = builders.make_community("hehuan", "合欢里社区")
    stranger = builders.make_person(other, "外社区专员", roles=(Role.STAFF, Role.STREET))
    officer = builders.actor(other, stranger)
    for command, given in (
        (suppliers.admit_supplier, ()),
        (suppliers.refuse_supplier, ("不合适",)),
        (suppliers.employ_for_supplier, (stranger,)),
        (certificates.add_certificate, (LICENCE,)),
        (suspensions.suspend_supplier, (clock.today(), "不合适")),
    ):
        with pytest.raises(refusals.SupplierNotFound):
            db.write(command, officer, entry, *given)
    with pytest.raises(NotFound):
        db.write(suspensions.declare_conflict, officer, firm, "持股")
    assert state_of(scene, entry) is SupplierState.WAITING


def test_a_paper_counts_once_checked_and_until_its_last_day() -> None:
    scene = make_scene()
    firm, manager = make_firm(scene, "晨光社工中心", credit_code(1))
    entry = db.write(suppliers.apply_supplier, manager, DOES)
    db.write(suppliers.admit_supplier, scene.officer, entry)
    last = clock.today() + timedelta(days=WARN_DAYS)
    paper = CertificateDraft(CertificateKind.LICENCE, "营业执照", expires_on=last)
    with pytest.raises(refusals.NotThisSupplier):
        db.write(certificates.add_own_certificate, scene.neighbour, paper)
    gone = clock.today() - timedelta(days=1)
    old = CertificateDraft(CertificateKind.LICENCE, "旧执照", expires_on=gone)
    with pytest.raises(refusals.CertificateEnded):
        db.write(certificates.add_own_certificate, manager, old)
    made = db.write(certificates.add_own_certificate, manager, paper)
    assert unfit(scene, firm) == (Unfit.CERTIFICATE_MISSING,)
    with pytest.raises(NotAllowed):
        db.write(certificates.check_certificate, manager, made, True)
    db.write(certificates.check_certificate, scene.officer, made, True)
    with pytest.raises(refusals.CertificateChecked):
        db.write(certificates.check_certificate, scene.officer, made, False, "看错了")
    assert unfit(scene, firm) == ()
    # Warned of once, on the first day of the last thirty.
    assert db.write(certificates.warn_of_certificates, scene.system) == 1
    assert db.write(certificates.warn_of_certificates, scene.system) == 0
    with clock.fixed(clock.at(last, 23)):
        assert unfit(scene, firm) == ()
    with clock.fixed(clock.at(last + timedelta(days=1), 0)):
        assert unfit(scene, firm) == (Unfit.CERTIFICATE_ENDED,)
    with db.read() as session:
        view = get_supplier(session, scene.community_id, entry)
    assert [each.state for each in view.certificates] == [CertificateState.ACCEPTED]


def test_a_suspension_is_appealed_once_and_answered_by_another() -> None:
    scene = make_scene()
    firm, manager = make_firm(scene, "晨光社工中心", credit_code(1))
    _, rival = make_firm(scene, "匠心装修部", credit_code(2))
    entry = db.write(suppliers.apply_supplier, manager, DOES)
    db.write(suppliers.apply_supplier, rival, DOES)
    db.write(suppliers.admit_supplier, scene.officer, entry)
    db.write(certificates.add_certificate, scene.officer, entry, LICENCE)
    today = clock.today()
    for until in (today - timedelta(days=1), today + timedelta(days=3 * 365 + 1)):
        with pytest.raises(refusals.SuspensionDaysWrong):
            db.write(suspensions.suspend_supplier, scene.street, entry, until, "弄虚作假")
    for outsider in (manager, rival, scene.neighbour):
        with pytest.raises(NotAllowed):
            db.write(suspensions.suspend_supplier, outsider, entry, today, "弄虚作假")
    until = today + timedelta(days=30)
    given = db.write(suspensions.suspend_supplier, scene.street, entry, until, "弄虚作假")
    assert unfit(scene, firm) == (Unfit.SUSPENDED,)
    second = street_of(scene)
    with pytest.raises(refusals.AppealNotOpen):
        db.write(suspensions.answer_appeal, second, given, True, "没有人申诉")
    with pytest.raises(refusals.NotThisSupplier):
        db.write(suspensions.appeal_suspension, rival, given, "替它申诉")
    db.write(suspensions.appeal_suspension, manager, given, "材料是真的")
    with pytest.raises(refusals.AppealLate):
        db.write(suspensions.appeal_suspension, manager, given, "再申诉")
    with pytest.raises(refusals.OwnSuspension):
        db.write(suspensions.answer_appeal, scene.street, given, False, "维持")
    with pytest.raises(NotAllowed):
        db.write(suspensions.answer_appeal, scene.officer, given, True, "不归我答")
    assert unfit(scene, firm) == (Unfit.SUSPENDED,)
    db.write(suspensions.answer_appeal, second, given, True, "核实了，材料是真的")
    with pytest.raises(refusals.AppealNotOpen):
        db.write(suspensions.answer_appeal, second, given, False, "反悔")
    assert unfit(scene, firm) == ()
    with db.read() as session:
        view = get_supplier(session, scene.community_id, entry)
    assert [each.appeal for each in view.suspensions] == [AppealState.UPHELD]


def test_a_suspension_is_not_appealed_after_its_last_day() -> None:
    scene = make_scene()
    firm, manager = make_firm(scene, "晨光社工中心", credit_code(1))
    entry = db.write(suppliers.apply_supplier, manager, DOES)
    db.write(suppliers.admit_supplier, scene.officer, entry)
    today = clock.today()
    given = db.write(suspensions.suspend_supplier, scene.street, entry, today, "弄虚作假")
    with clock.fixed(clock.at(today + timedelta(days=1), 0)):
        assert Unfit.SUSPENDED not in unfit(scene, firm)
        with pytest.raises(refusals.AppealLate):
            db.write(suspensions.appeal_suspension, manager, given, "太晚了")


def test_a_tie_is_ended_by_whoever_declared_it() -> None:
    scene = make_scene()
    firm, manager = make_firm(scene, "晨光社工中心", credit_code(1))
    judge = scene.neighbour
    assert judge.person_id is not None
    own = db.write(suspensions.declare_conflict, judge, firm, "持有股份")
    named = db.write(suspensions.declare_for_firm, manager, judge.person_id, "以前的股东")
    with pytest.raises(refusals.NotThisSupplier):
        db.write(suspensions.declare_for_firm, judge, scene.author.person_id, "不是我单位")
    for outsider in (manager, scene.author):
        with pytest.raises(refusals.ConflictNotFound):
            db.write(suspensions.end_conflict, outsider, own)
    with pytest.raises(refusals.ConflictNotFound):
        db.write(suspensions.end_conflict, judge, named)
    db.write(suspensions.end_conflict, judge, own)
    db.write(suspensions.end_conflict, judge, own)
    with db.read() as session:
        left = conflicts_of(session, scene.community_id, person_id=judge.person_id)
    assert [each.id for each in left] == [named]


def street_of(scene: Scene) -> Actor:
    """Give a second officer of the street."""
    made = builders.make_person(scene.community_id, "钱科员", birth_year=1970, roles=(Role.STREET,))
    return builders.actor(scene.community_id, made)
