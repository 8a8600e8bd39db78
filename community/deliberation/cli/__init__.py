"""The commands of deliberation on the command line: `flask poll …`; each part adds its own."""

from __future__ import annotations

from flask.cli import AppGroup

group = AppGroup("poll", help="Recount a vote, or count a file of ballots.")
