"""Long work at rolls: drawing up, freezing, taking over a city's ballots, reminding voters."""

from __future__ import annotations

from community.deliberation.service import city_ballots, reminding, roll_freezing, roll_posting
from community.kernel import jobs

KINDS = (roll_posting.KIND, roll_freezing.KIND, city_ballots.KIND, reminding.KIND)

for _kind in KINDS:
    jobs.register(_kind)
