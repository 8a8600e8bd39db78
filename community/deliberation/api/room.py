"""The JSON API of deliberation; its rows stand in the files beside this one."""

from __future__ import annotations

from community.web.api import RoomApi

api = RoomApi("deliberation", "Topics, meetings, polls, ballots and results.")
