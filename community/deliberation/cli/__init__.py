"""The commands of deliberation on the command line: `flask poll …`; each part adds its own."""

from __future__ import annotations

from flask.cli import AppGroup

from community.deliberation.cli.count_pb import count_pb_command
from community.deliberation.cli.recount import recount_command

group = AppGroup("poll", help="Recount a vote, or count a file of ballots.")
group.add_command(count_pb_command)
group.add_command(recount_command)
