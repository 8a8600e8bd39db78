"""The JSON API of the fund; its rows stand in the files beside this one."""

from __future__ import annotations

from community.web.api import RoomApi

api = RoomApi("trust_property", "The property fund: budget, bills, spending, bank and reports.")
