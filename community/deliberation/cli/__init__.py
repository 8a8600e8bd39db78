"""The commands of deliberation on the command line: `flask poll …`; each part adds its own."""

from __future__ import annotations

from flask.cli import AppGroup

from community.deliberation.cli.count_pb import count_pb_command
from community.deliberation.cli.opinion_map import map_command
from community.deliberation.cli.recount import recount_command
from community.deliberation.cli.redraw import redraw_command

group = AppGroup("poll", help="Recount a vote, or count a file of ballots.")
group.add_command(count_pb_command)
group.add_command(recount_command)
group.add_command(map_command)

panel_group = AppGroup("panel", help="Repeat a draw by lot.")
panel_group.add_command(redraw_command)
