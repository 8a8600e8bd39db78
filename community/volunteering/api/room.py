"""The JSON API of volunteering; its rows stand in the files beside this one."""

from __future__ import annotations

from community.web.api import RoomApi

api = RoomApi("volunteering", "Activities, hours, points, the time bank and service records")
