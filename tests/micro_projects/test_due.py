"""An organization's staff find what is due on one page; nobody else's."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from community import micro_projects
from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.db import Database
from community.micro_projects.models import SupplierCertificate
from community.micro_projects.queries.due import OwnWork, own_work
from community.micro_projects.queries.suppliers import find_supplier
from community.micro_projects.rules.due import DueKind
from community.micro_projects.rules.suppliers import (
    CertificateKind,
    CertificateState,
)
from tests import builders
from tests.micro_projects.tendering import Tendering, published


def work_of(actor: Actor) -> OwnWork:
    with db.read() as session:
        return own_work(session, actor)


def add_certificate(made: Tendering, days: int) -> None:
    """Give the first firm a certificate that ends so many days from now."""
    with db.read() as session:
        supplier = find_supplier(session, made.community_id, made.firms[0])
    assert supplier is not None
    builders.add(
        SupplierCertificate,
        community_id=made.community_id,
        supplier_id=supplier.id,
        kind=CertificateKind.LICENCE,
        title="营业执照",
        issued_on=clock.today() - timedelta(days=300),
        expires_on=clock.today() + timedelta(days=days),
        state=CertificateState.ACCEPTED,
        added_at=clock.now(),
        checked_at=clock.now(),
    )


def test_amended_tenders_and_ending_certificates_are_due(app: Flask, database: Database) -> None:
    made = published()
    with made.bidding() as deadline:
        made.bid(0)
        made.bid(1)
        db.write(
            micro_projects.amend_tender,
            made.officer,
            made.tender_id,
            "图纸有误，换了第三页",
            deadline + timedelta(days=20),
        )
        add_certificate(made, days=3)
        found = work_of(made.bidders[0])
        assert [each.kind for each in found.due] == [
            DueKind.RENEW_CERTIFICATE,
            DueKind.CONFIRM_BID,
        ]
        assert found.due[0].days_left == 3
        assert [each.kind for each in work_of(made.bidders[1]).due] == [DueKind.CONFIRM_BID]
        assert work_of(made.bidders[2]).due == ()
        client = app.test_client()
        builders.sign_in(client, made.bidders[0].person_id or 0)
        page = client.get("/c/guihua/projects/our-work").text
        assert "还有 3 天" in page
        assert "请重新确认投标" in page


def test_others_have_no_such_page(app: Flask, database: Database) -> None:
    made = published()
    assert not work_of(made.scene.author).is_firm
    client = app.test_client()
    builders.sign_in(client, made.scene.author.person_id or 0)
    assert client.get("/c/guihua/projects/our-work").status_code == 403
