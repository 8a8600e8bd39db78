"""A small campaign with every run of the tests; `make tamper` runs the whole one."""

from __future__ import annotations

import pytest

from community.transparency.queries import packing
from tests.conftest import World
from tests.tampering.campaign import Campaign
from tests.tampering.files import KINDS

pytestmark = [pytest.mark.once, pytest.mark.slow]


def test_every_change_is_named_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The campaign adds reports of its own to packs; no other test of this process shall have them.
    monkeypatch.setattr(packing, "_sources", packing._sources.copy())
    campaign = Campaign(world, seed=11)
    campaign.change_rows(25)
    for kind in KINDS:
        campaign.change_files(kind, 4)
    campaign.change_containers(4)
    campaign.change_stored_files(2)
    campaign.rebuild_logs(2)
    campaign.leave_alone(2)
    assert campaign.failures == []
