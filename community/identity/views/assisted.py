"""Acting for somebody else (代办): ask, agree, switch, stop, and see what was done."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from community.identity import service
from community.identity.views.blueprint import IN_COMMUNITY, views
from community.identity.views.loading import this_session
from community.kernel.db import write
from community.kernel.errors import NotAllowed
from community.web import forms
from community.web.access import signed_in, the_actor
from community.web.layout import safe_next


def _session_id() -> int:
    found = this_session()
    if found is None:
        raise NotAllowed
    return found.id


@views.post(f"{IN_COMMUNITY}/acting/stop")
@signed_in
def stop_acting() -> ResponseReturnValue:
    """Act for oneself again."""
    write(service.stop_acting, the_actor(), _session_id(), request_key=forms.request_key())
    return redirect(safe_next(request.form.get("back", "") or url_for("identity.account")), 303)
