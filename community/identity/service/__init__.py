"""Commands on people, homes, roles, sign-in and help, split by business word."""

from community.identity.service.consents import give_consent, withdraw_consent
from community.identity.service.joining import (
    apply_to_join,
    approve_application,
    join_by_letter,
    reject_application,
)
from community.identity.service.passwords import find_matches, remove_password, set_password
from community.identity.service.sessions import (
    SignedIn,
    act_for,
    end_other_sessions,
    end_session,
    sign_out,
    stop_acting,
    touch_session,
)
from community.identity.service.signing_in import (
    MustChoose,
    NothingProved,
    ask_for_code,
    choose_person,
    enter_by_code,
    enter_by_letter,
    enter_by_password,
    enter_by_slip,
    open_password_attempt,
)
from community.identity.service.texting import can_text, text_later

__all__ = [
    "MustChoose",
    "NothingProved",
    "SignedIn",
    "act_for",
    "apply_to_join",
    "approve_application",
    "ask_for_code",
    "can_text",
    "choose_person",
    "end_other_sessions",
    "end_session",
    "enter_by_code",
    "enter_by_letter",
    "enter_by_password",
    "enter_by_slip",
    "find_matches",
    "give_consent",
    "join_by_letter",
    "open_password_attempt",
    "reject_application",
    "remove_password",
    "set_password",
    "sign_out",
    "stop_acting",
    "text_later",
    "touch_session",
    "withdraw_consent",
]
