"""No page offers its reader an act that the reader may not do; the auditor reads every desk."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from community import app as assembly
from community.kernel.permissions import Role
from community.web.access import PUBLIC, SIGNED_IN, access_of
from tests import builders
from tests.architecture.test_access import pages
from tests.stories.sweep import OWN, Sweep

FORM = re.compile(r'<form [^>]*method="post"[^>]*action="([^"?#]+)', re.IGNORECASE)
NO_PAGES = (".pdf", ".json", ".xlsx", "/paper", "/photo", "/evidence")
# Where decisions are recorded that an auditor samples.
DESKS = ("awards", "forms", "exchange", "rules", "time-bank", "records", "honours", "imports",
         "changes", "hours")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_no_page_offers_what_its_reader_may_not_do(app: Flask, role: Role) -> None:
    sweep = Sweep(app)
    client, codes = sweep.client_of(role), sweep.codes[role]
    address, wrong, seen = app.url_map.bind("localhost"), set(), 0
    for page in pages(app):
        if page.method != "GET" or page.asked not in codes | {SIGNED_IN}:
            continue
        if not page.is_local or page.rule.rule.endswith(NO_PAGES):
            continue
        answer = client.get(sweep.path(page))
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        seen += 1
        for action in FORM.findall(answer.get_data(as_text=True)):
            try:
                endpoint = address.match(action, "POST")[0]
            except HTTPException:
                wrong.add(f"{page.rule.rule} posts to {action}, which is no address")
                continue
            if access_of(app, endpoint) not in codes | {PUBLIC, SIGNED_IN}:
                wrong.add(f"{page.rule.rule} offers {endpoint}")
    assert seen > 20
    assert not wrong, "\n".join(sorted(wrong))


def test_the_auditor_reads_the_desks_and_acts_at_none(app: Flask) -> None:
    sweep = Sweep(app)
    client = sweep.client_of(Role.AUDITOR)
    for desk in DESKS:
        assert client.get(f"/c/{OWN}/desk/{desk}").status_code == 200, desk
    table = assembly.permission_table()
    backups = table.by_code["identity.see_backups"].roles, table.by_code["identity.keep_backups"]
    assert Role.AUDITOR in backups[0]
    assert Role.AUDITOR not in backups[1].roles
    resident = builders.make_person(sweep.own, "王秀英")
    neighbour = app.test_client()
    builders.sign_in(neighbour, resident)
    for desk in DESKS:
        assert neighbour.get(f"/c/{OWN}/desk/{desk}").status_code == 403, desk
