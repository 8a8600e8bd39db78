"""The JSON API of projects; its rows stand in the files beside this one."""

from __future__ import annotations

from community.web.api import RoomApi

api = RoomApi("micro_projects", "Micro-projects: ideas, votes, tenders, contracts and money.")
