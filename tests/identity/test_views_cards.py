"""A printed card's QR is an address that opens as it was printed."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from community.kernel.permissions import Role
from community.web import qr
from tests import builders


def check_printed(page: TestResponse, address: str) -> None:
    """Hold the page's QR to be the drawing of an address."""
    drawn = re.search(r'<path d="([^"]+)"', page.get_data(as_text=True))
    assert drawn is not None
    again = str(qr.qr_svg(address, "", is_printed=True))
    assert f'd="{drawn.group(1)}"' in again


def test_household_card_opens_as_printed(client: FlaskClient) -> None:
    home = builders.make_community()
    household = builders.make_household(home)
    staff = builders.make_person(home, household_id=household, roles=(Role.STAFF,))
    builders.sign_in(client, staff)
    page = client.get(f"/c/guihua/households/{household}/card")
    code = re.search(r'<span class="code">([0-9A-Z ]+)</span>', page.get_data(as_text=True))
    assert code is not None
    path = f"/c/guihua/k/{code.group(1).replace(' ', '')}"
    check_printed(page, f"http://localhost{path}")
    assert client.get(path).status_code == 200
