"""Activities, shifts, places and swaps in the API."""

from __future__ import annotations

from community.volunteering import permissions
from community.volunteering.api.room import api
from community.volunteering.queries import listing
from community.volunteering.schemas import activities as shapes
from community.volunteering.schemas.signing_up import (
    BlockForm,
    PersonForm,
    SkillsForm,
    SwapForm,
)
from community.volunteering.service import activities, roster, shifts, signing_up, swaps

LEAD, PLAN, SIGN_UP = permissions.LEAD, permissions.PLAN, permissions.SIGN_UP
SHIFT, ACTIVITY = "/shifts/<int:shift_id>", "/activities/<int:activity_id>"

api.show("/shifts", listing.list_coming_shifts, permissions.BROWSE)
api.show(SHIFT, listing.show_shift, permissions.BROWSE)
api.show(ACTIVITY, listing.show_activity, permissions.BROWSE)
api.show("/mine/shifts", listing.list_my_shifts, permissions.SEE_OWN)
api.show(f"{SHIFT}/roster", listing.show_roster, LEAD)

api.act("/activities", activities.open_activity, PLAN, shapes.ActivityBody)
api.act(ACTIVITY, activities.change_activity, PLAN, shapes.ActivityBody)
api.act(f"{ACTIVITY}/copy", activities.copy_activity, PLAN)
api.act(f"{ACTIVITY}/close", activities.close_activity, LEAD)
api.act(f"{ACTIVITY}/reopen", activities.reopen_activity, LEAD)
api.act(f"{ACTIVITY}/cancel", activities.cancel_activity, LEAD, shapes.NoteForm)
api.act(f"{ACTIVITY}/shifts", shifts.add_shift, PLAN, shapes.ShiftForm)
api.act(f"{ACTIVITY}/series", shifts.add_series, PLAN, shapes.SeriesForm)
api.act(f"{SHIFT}/shorten", shifts.shorten_shift, LEAD, shapes.ShortenForm)
api.act(f"{SHIFT}/move", shifts.move_shift, LEAD, shapes.ShiftForm)
api.act(f"{SHIFT}/resize", shifts.resize_shift, LEAD, shapes.CapacityForm)
api.act(f"{SHIFT}/cancel", shifts.cancel_shift, LEAD, shapes.NoteForm)
api.act(f"{SHIFT}/cancel-series", shifts.cancel_series, LEAD, shapes.NoteForm)

api.act(f"{SHIFT}/sign-up", signing_up.sign_up, SIGN_UP)
api.act(f"{SHIFT}/cancel-sign-up", signing_up.cancel_sign_up, SIGN_UP)
api.act(f"{SHIFT}/wait", signing_up.join_waiting_list, SIGN_UP)
api.act(f"{SHIFT}/accept", signing_up.accept_offer, SIGN_UP)
api.act(f"{SHIFT}/people", signing_up.sign_up_for, LEAD, PersonForm)
api.act(f"{SHIFT}/people/<int:person_id>/remove", signing_up.cancel_sign_up_for, LEAD)
api.act(f"{SHIFT}/swap", swaps.offer_swap, SIGN_UP, SwapForm)
api.act("/swaps/<int:swap_id>/take", swaps.take_swap, SIGN_UP)
api.act("/swaps/<int:swap_id>/withdraw", swaps.withdraw_swap, SIGN_UP)

api.act(f"{SHIFT}/people/<int:person_id>/absent", roster.mark_absent, LEAD)
api.act(f"{SHIFT}/people/<int:person_id>/present", roster.unmark_absent, LEAD)
api.act("/mine/skills", roster.keep_skills, SIGN_UP, SkillsForm)
api.act("/blocks", roster.block_volunteer, permissions.BLOCK, BlockForm)
api.act("/blocks/<int:person_id>/lift", roster.lift_block, permissions.BLOCK)
