"""A small site with one scanner page and a recording endpoint, for walking the page's scripts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, g, jsonify, render_template_string, request
from PIL import Image

from community.kernel.actor import Actor
from community.web import charts, qr
from community.web.access import public
from community.web.extensions import csrf
from community.web.filters import init_filters
from community.web.forms import Form
from community.web.layout import Entry, init_layout
from community.web.security import allow_wasm, init_security, keep_offline

GALLERY = Path(__file__).parent / "gallery.html"
STATIC = Path(__file__).parents[2] / "static"
PAGE = """{% extends "web/base.html" %}{% block title %}周六社区清洁{% endblock %}
{% block main %}{% set scan_url = "/scans" %}{% set scan_batch_url = "/scans/batch" %}
{% set roster_url = "/roster" %}{% set shift_title = "周六社区清洁" %}
{% include "web/scanner.html" %}{% endblock %}"""
TABS = [
    Entry("首页", "/gallery", "house", is_here=True),
    Entry("活动", "/form", "calendar-days"),
    Entry("议事", "/form", "message-square"),
    Entry("我的", "/form", "user"),
]
FORM = """{% extends "web/base.html" %}{% import "web/components.html" as ui with context %}
{% block title %}表单{% endblock %}{% block main %}
{{ ui.act("/forms", "删除", danger=true, confirm="真的要删除吗？") }}
<form method="post" action="/forms">{{ ui.hidden() }}{{ ui.submit("保存") }}</form>
<div class="card"><table><thead><tr><th>事项</th><th>金额</th></tr></thead>
<tbody><tr><td>清洁</td><td>20</td></tr></tbody></table></div>{% endblock %}"""


class Gate:
    """What the gate answers, and all that reached it."""

    def __init__(self) -> None:
        self.scans: list[dict[str, Any]] = []
        self.batches: list[list[dict[str, Any]]] = []
        self.keys: list[str] = []
        self.forms = 0
        self.answer: dict[str, Any] = {
            "reason": "ok",
            "colour": "green",
            "sentence": "签到成功",
            "name": "王**",
            "when": "09:02",
            "where": "3 号楼门口",
        }
        self.status = 200
        self.app = self._make()

    def _make(self) -> Flask:
        app = Flask("gate", static_folder=str(STATIC))
        app.config.update(
            SECRET_KEY="tests-only-secret-key-of-enough-length",
            IS_TLS=False,
            TESTING=True,
            WTF_CSRF_TIME_LIMIT=None,
        )
        csrf.init_app(app)
        init_security(app)
        init_filters(app)
        init_layout(app)

        app.jinja_env.globals["tab_entries"] = lambda: TABS

        @app.before_request
        def _sign_in() -> None:
            person = int(request.cookies.get("person", "1"))
            g.actor, g.is_signed_in = Actor(community_id=1, person_id=person), True

        app.add_url_rule("/gate", "gate", keep_offline(allow_wasm(public(self._show))))
        app.add_url_rule("/form", "form", public(lambda: render_template_string(FORM)))
        app.add_url_rule("/gallery", "gallery", public(self._gallery))
        app.add_url_rule("/forms", "forms", self._form, methods=["POST"])
        app.add_url_rule("/scans", "scan", self._scan, methods=["POST"])
        app.add_url_rule("/scans/batch", "batch", self._batch, methods=["POST"])
        return app

    @staticmethod
    def _show() -> str:
        return render_template_string(PAGE)

    @staticmethod
    def _gallery() -> str:
        wrong = {"phone": "请填写 11 位手机号，例如 13800000000。"}
        return render_template_string(
            GALLERY.read_text(encoding="utf-8"),
            form=Form({"name": "王秀英"}, wrong, "填写的内容有误，请检查后重新提交。"),
            charts=charts,
            qr_svg=qr.qr_svg,
            months=[f"{month} 月" for month in range(1, 13)],
            numbers=[12, 0, 7, 30, 22, 19, 1, 4, 100, 64, 31, 15],
        )

    def _form(self) -> str:
        self.forms += 1
        return render_template_string(FORM)

    def _scan(self) -> Any:
        self.scans.append(request.get_json())
        self.keys.append(request.headers.get("Idempotency-Key", ""))
        return jsonify(self.answer), self.status

    def _batch(self) -> Any:
        self.batches.append(request.get_json()["scans"])
        return jsonify(results=[self.answer for _ in self.batches[-1]])


def draw_photo(text: str) -> bytes:
    """Draw a code on a grey wall, as a phone's photo would show it."""
    code = Image.open(BytesIO(qr.qr_png(text, pixels=7))).convert("RGB")
    photo = Image.new("RGB", (640, 480), "#b8b4ac")
    photo.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    answer = BytesIO()
    photo.save(answer, "JPEG", quality=85)
    return answer.getvalue()


def film(text: str, path: Path) -> Path:
    """Write a film of one code for Chromium's fake camera."""
    path.write_bytes(draw_photo(text) * 3)
    return path
