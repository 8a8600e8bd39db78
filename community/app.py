"""Assembly: settings, database, blueprints, commands, flows; it alone knows every room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from community import (
    deliberation,
    demo,
    identity,
    micro_projects,
    notices,
    rewards,
    sealing,
    transparency,
    trust_property,
)
from community.dashboards import permissions as dashboards_permissions
from community.dashboards.views import front as front_pages
from community.dashboards.views import views as dashboards_pages
from community.deliberation import api as deliberation_api
from community.deliberation import jobs as deliberation_jobs
from community.deliberation import permissions as deliberation_permissions
from community.deliberation import views as deliberation_views
from community.deliberation.cli import group as poll_group
from community.deliberation.cli import panel_group
from community.flows import (
    budget_after_vote,
    coins_after_death,
    commitments_after_leaving,
    message_after_job,
    motion_after_poll,
    personal_data,
    points_after_service,
    poll_after_box,
    rules_at_founding,
    seals_in_log,
    silence_after_death,
    tender_after_box,
    terms_after_leaving,
    topic_after_poll,
    vote_for_project,
)
from community.identity import api as identity_api
from community.identity import checks as identity_checks
from community.identity import jobs as _identity_jobs  # noqa: F401  its kinds of jobs
from community.identity import permissions as identity_permissions
from community.identity import views as identity_views
from community.kernel import files, tidying
from community.kernel.permissions import Permission, PermissionTable
from community.ledger import checks as ledger_checks
from community.ledger import jobs as ledger_jobs
from community.micro_projects import api as micro_projects_api
from community.micro_projects import jobs as micro_projects_jobs
from community.micro_projects import permissions as micro_projects_permissions
from community.micro_projects import views as micro_projects_views
from community.micro_projects.cli import group as projects_group
from community.notices import api as notices_api
from community.notices import permissions as notices_permissions
from community.notices import views as notices_views
from community.rewards import api as rewards_api
from community.rewards import jobs as rewards_jobs
from community.rewards import permissions as rewards_permissions
from community.rewards import views as rewards_views
from community.sealing import api as sealing_api
from community.sealing import permissions as sealing_permissions
from community.sealing import views as sealing_views
from community.transparency import checks as transparency_checks
from community.transparency import cli as transparency_cli
from community.transparency import jobs as transparency_jobs
from community.transparency import views as transparency_views
from community.trust_property import api as trust_property_api
from community.trust_property import jobs as trust_property_jobs
from community.trust_property import permissions as trust_property_permissions
from community.trust_property import views as trust_property_views
from community.trust_property.cli import trust_group
from community.volunteering import checks as volunteering_checks
from community.volunteering import jobs as volunteering_jobs
from community.volunteering import permissions as volunteering_permissions
from community.volunteering.api import api as volunteering_api
from community.volunteering.views import DESK as VOLUNTEERING_DESK
from community.volunteering.views import LEAN as volunteering_lean  # noqa: N811  a name a room
from community.volunteering.views import views as volunteering_pages
from community.volunteering.views import world as volunteering_world
from community.web.access import assert_every_view_is_guarded, init_access
from community.web.api import RoomApi, init_api
from community.web.errors import init_errors
from community.web.extensions import connect_database, csrf, limiter
from community.web.filters import init_filters
from community.web.layout import DeskLink, add_desk_links, init_layout
from community.web.lazy_rules import LazyRule
from community.web.lean import LeanView, init_lean
from community.web.operations import Operations, begin_serving, handed_over, init_operations
from community.web.operations.plain import speak_plainly
from community.web.security import init_security, trust_proxies
from community.web.senders import use_senders
from community.web.settings import read_settings

ROOT = Path(__file__).resolve().parent.parent


class Site(Flask):
    """Flask, knowing that no function of it is a coroutine, and few addresses are written."""

    url_rule_class = LazyRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function itself; Flask asks at every hook of every request (50 microseconds)."""
        return func


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """Assemble the application from the environment's settings and `overrides`."""
    app = Site("community", static_folder=str(ROOT / "static"), template_folder=None)
    app.config.from_mapping(read_settings(ROOT))
    app.config.from_mapping(overrides or {})
    connect_database(app, app.config["DATABASE_URL"], use_file_lock=app.config["USE_FILE_LOCK"])
    files.attach(Path(app.config["INSTANCE"]) / "files")
    transparency.attach(app.config["INSTANCE"], app.config["LOG_NAME"])
    site = f"https://{app.config['LOG_NAME']}"
    micro_projects.begin_releases(app.config["OCID_PREFIX"], site)
    micro_projects.begin_telling()
    tidying.register()
    ledger_jobs.register()
    transparency_jobs.register()
    rewards_jobs.register()
    trust_property_jobs.register()
    deliberation_jobs.register()
    volunteering_jobs.register()
    micro_projects_jobs.register()
    use_senders(app.config)
    limiter.init_app(app)
    csrf.init_app(app)
    init_security(app)
    init_errors(app)
    init_filters(app)
    init_layout(app)
    init_access(app)
    identity_views.init_identity(app)
    identity.use_permission_table(permission_table())
    _open_rooms(app)
    init_lean(app, LEAN, identity_views.ACTORS)
    trust_proxies(app)
    app.cli.add_command(transparency_cli.group)
    app.cli.add_command(transparency_cli.witness)
    init_operations(app, Operations(problems, sealing.content_problems, demo.load, demo.accounts))
    app.cli.add_command(trust_group)
    app.cli.add_command(poll_group)
    app.cli.add_command(panel_group)
    app.cli.add_command(projects_group)
    speak_plainly(app.cli)
    assert_every_view_is_guarded(app)
    return app


def serving() -> Flask:
    """Assemble the application for one server process; granian calls it in each."""
    return begin_serving(handed_over() or create_app())


# Each room adds its own line to each of these; `Room` names are the folders'.
PERMISSIONS: tuple[Permission, ...] = (
    *dashboards_permissions.ALL,
    *identity_permissions.ALL,
    *notices_permissions.ALL,
    *volunteering_permissions.ALL,
    *rewards_permissions.ALL,
    *trust_property_permissions.ALL,
    *deliberation_permissions.ALL,
    *micro_projects_permissions.ALL,
    *sealing_permissions.ALL,
)
PAGES: tuple[Blueprint, ...] = (
    front_pages,
    dashboards_pages,
    transparency_views.views,
    transparency_views.verifying,
    notices_views.views,
    identity_views.views,
    volunteering_pages,
    volunteering_world,
    rewards_views.views,
    rewards_views.landing,
    trust_property_views.views,
    deliberation_views.views,
    micro_projects_views.views,
    sealing_views.views,
)
APIS: tuple[RoomApi, ...] = (
    notices_api.api,
    identity_api.api,
    volunteering_api,
    rewards_api.api,
    trust_property_api.api,
    deliberation_api.api,
    micro_projects_api.api,
    sealing_api.api,
)
DESK: tuple[DeskLink, ...] = (
    *identity_views.DESK,
    *notices_views.DESK,
    *identity_views.OFFICE_DESK,
    *VOLUNTEERING_DESK,
    *rewards_views.DESK,
    *trust_property_views.DESK,
    *deliberation_views.DESK,
    *micro_projects_views.DESK,
)
# Answered before Flask where they are ordinary.
LEAN: tuple[LeanView, ...] = (volunteering_lean, deliberation_views.LEAN)
FLOWS = (
    rules_at_founding,
    # Before coins pass on and words are erased: what is on hold is free again by then.
    commitments_after_leaving,
    personal_data,
    message_after_job,
    motion_after_poll,
    budget_after_vote,
    terms_after_leaving,
    tender_after_box,
    poll_after_box,
    silence_after_death,
    points_after_service,
    coins_after_death,
    topic_after_poll,
    vote_for_project,
    seals_in_log,
)
CHECKS: tuple[Callable[[Session], list[str]], ...] = (
    transparency_checks.problems,
    sealing.problems,
    identity_checks.problems,
    rewards.problems,
    ledger_checks.problems,
    notices.problems,
    trust_property.problems,
    deliberation.problems,
    micro_projects.problems,
    volunteering_checks.problems,
)


def permission_table() -> PermissionTable:
    """Assemble the one permission table from every room's declarations."""
    return PermissionTable(PERMISSIONS)


def problems(session: Session) -> list[str]:
    """List every broken invariant of every room, in words."""
    return [problem for check in CHECKS for problem in check(session)]


def _open_rooms(app: Flask) -> None:
    """Register every room's pages, API, commands and flows."""
    for pages in PAGES:
        app.register_blueprint(pages)
    init_api(app, list(APIS))
    for room in APIS:
        identity_views.name_acts(room.titles)
    add_desk_links(DESK)
    for flow in FLOWS:
        flow.listen()
