"""The commands of projects on the command line: `flask projects …`; each part adds its own."""

from __future__ import annotations

from flask.cli import AppGroup

from community.micro_projects.cli.drawing import draw_command
from community.micro_projects.cli.open_data import check_command, export_command, refresh_command

group = AppGroup("projects", help="Lots and open contracting data of micro-projects.")
group.add_command(export_command)
group.add_command(check_command)
group.add_command(refresh_command)
group.add_command(draw_command)
