"""The JSON API under /api/v1: rows of (path, command, shape, permission), described by OpenAPI."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from community.kernel.actor import Actor
from community.kernel.db import write
from community.kernel.errors import N_, BadInput
from community.kernel.permissions import Permission
from community.web.access import ACCESS, UNCOUNTED, public, the_actor, uncounted
from community.web.extensions import db
from community.web.forms import request_key

PREFIX = "/api/v1/c/<community>"


class Api(SmorestApi):  # type: ignore[misc]  # smorest is untyped
    """flask-smorest without its error handlers, which would turn every page's 404 into JSON."""

    def _register_error_handlers(self) -> None:
        """Leave errors to `web.errors`."""


class NothingToSend(BadInput):
    """A body came where an act takes none: its sender expects something that will not happen."""

    message = N_("这个接口不接受内容，请发送空的请求体。")


class RoomApi:
    """The API of one room: each row reaches the very command a page calls."""

    def __init__(self, room: str, description: str) -> None:
        """Name the room; its addresses lie under /api/v1/c/<community>/<room>."""
        self.room = room
        self.blueprint = Blueprint(
            f"{room}_api", __name__, url_prefix=f"{PREFIX}/{room}", description=description
        )
        self.commands: list[str] = []
        # By which permission a command is reached: its title names the act to people.
        self.titles: dict[str, str] = {}

    def act(
        self,
        path: str,
        command: Callable[..., Any],
        needs: Permission | str,
        shape: type[Schema] | None = None,
        *,
        is_hidden: bool = False,
        told: Callable[[Actor, Any], Any] | None = None,
    ) -> None:
        """Let POST `path` run a command; address parts and body fields fill its parameters.

        A hidden one leaves no trace but its own rows: no counter, and no kept answer. `told` makes
        of (actor, result) what is answered, when the command is committed.
        """
        self.commands.append(command.__name__)
        if not isinstance(needs, str):
            self.titles[f"{self.room}.{command.__name__}"] = needs.title
        parameters = list(inspect.signature(command).parameters)[2:]

        def view(body: dict[str, Any] | None = None, **address: Any) -> ResponseReturnValue:
            if shape is None and request.get_data(cache=True) not in {b"", b"{}"}:
                raise NothingToSend
            values = {**(body or {}), **address}
            arguments = [values[name] for name in parameters if name in values]
            key = None if is_hidden else request_key()
            result = write(command, the_actor(), *arguments, request_key=key)
            return {"result": to_json(result if told is None else told(the_actor(), result))}

        self._add(path, command, needs, shape, uncounted(view) if is_hidden else view, "POST")

    def show(
        self,
        path: str,
        query: Callable[..., Any],
        needs: Permission | str,
        shape: type[Schema] | None = None,
    ) -> None:
        """Let GET `path` answer a query of (session, actor, address parts and parameters)."""
        parameters = list(inspect.signature(query).parameters)[2:]

        def view(body: dict[str, Any] | None = None, **address: Any) -> ResponseReturnValue:
            values = {**(body or {}), **address}
            chosen = {name: values[name] for name in parameters if name in values}
            return {"result": to_json(query(db.session, the_actor(), **chosen))}

        self._add(path, query, needs, shape, view, "GET")

    def _add(
        self,
        path: str,
        target: Callable[..., Any],
        needs: Permission | str,
        shape: type[Schema] | None,
        view: Callable[..., Any],
        method: str,
    ) -> None:
        view.__name__ = f"{method.lower()}_{target.__name__}"
        view.__doc__ = target.__doc__
        setattr(view, ACCESS, needs if isinstance(needs, str) else needs.code)
        wrapped: Callable[..., Any] = view
        if shape is not None:
            place = "json" if method == "POST" else "query"
            # A page's shape serves as a body too, but here a misspelt field is refused.
            wrapped = self.blueprint.arguments(shape(unknown=RAISE), location=place)(wrapped)
        wrapped = self.blueprint.response(200)(wrapped)
        setattr(wrapped, UNCOUNTED, getattr(view, UNCOUNTED, False))
        self.blueprint.route(path, methods=[method], endpoint=view.__name__)(wrapped)


def to_json(value: Any) -> Any:
    """Turn a frozen plain value into JSON: days and instants as ISO text, enums as their value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): to_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [to_json(each) for each in value]
    return value


def init_api(app: Flask, rooms: list[RoomApi]) -> None:
    """Register the rooms' APIs and the description at /api/v1/openapi.json."""
    app.config |= {
        "API_TITLE": "community",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    plugin = MarshmallowPlugin(schema_name_resolver=_name_shape)
    api = Api(app, spec_kwargs={"marshmallow_plugin": plugin})
    for room in rooms:
        api.register_blueprint(room.blueprint)
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("api-docs"):
            app.view_functions[endpoint] = _opened(view)


def _name_shape(schema: Any) -> str:
    """Name a shape with its room before it: two rooms may each have an AnswerBody."""
    shape = resolve_schema_cls(schema)
    assert isinstance(shape, type), shape
    return f"{shape.__module__.split('.')[1]}.{shape.__name__}"


def _opened(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def described(*parts: Any, **address: Any) -> ResponseReturnValue:
        found: ResponseReturnValue = view(*parts, **address)
        return found

    return public(described)
