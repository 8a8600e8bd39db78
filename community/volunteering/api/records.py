"""Service records, awards and bags in the API."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.queries import records as queries
from community.volunteering.schemas import records as shapes
from community.volunteering.service import awards, bin_station, records

api.show("/records/<int:record_id>", queries.get_record, permissions.MAKE_RECORD)
api.act("/records", records.make_record, permissions.MAKE_RECORD, shapes.Record)
api.act(
    "/records/<int:record_id>/seal", records.seal_record, permissions.SEAL_RECORD, shapes.Sealing
)
api.act(
    "/records/<int:record_id>/revoke",
    records.revoke_record,
    permissions.MAKE_RECORD,
    shapes.Because,
)
api.act("/deeds", awards.propose_deed, permissions.AWARD, shapes.Deed)
api.act("/deeds/<int:deed_id>/approve", awards.approve_deed, permissions.APPROVE)
api.act("/deeds/<int:deed_id>/refuse", awards.refuse_deed, permissions.APPROVE, shapes.DeedRefusal)
api.act("/deeds/<int:deed_id>/reverse", awards.reverse_deed, permissions.APPROVE, shapes.Because)
api.act("/bin-stations", bin_station.open_bin_station, permissions.BIN_SET_UP, shapes.Station)
api.act(
    "/bin-stations/<int:station_id>/close",
    bin_station.close_bin_station,
    permissions.BIN_SET_UP,
)
api.act(
    "/bin-stations/<int:station_id>/drops",
    bin_station.record_drop,
    permissions.BIN_SCAN,
    shapes.Drop,
)
