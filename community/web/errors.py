"""From refusals to HTTP: the only file that knows which reason has which status."""

from __future__ import annotations

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from community.kernel.errors import (
    N_,
    BadInput,
    Busy,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refusal,
    RuleBroken,
    WriteFailed,
)
from community.web.access import is_for_api

log = structlog.get_logger("web")

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (BadInput, 422),
    (NotAllowed, 403),
    (NotFound, 404),
    (Busy, 503),
    (OutcomeUnknown, 503),
    (WriteFailed, 503),
    (RuleBroken, 409),
)

SENTENCES = {
    400: N_("请求的内容读不懂，请返回上一页重试。"),
    401: N_("请先登录。"),
    403: N_("您没有权限做这件事。如需办理，请联系社区工作人员。"),
    404: N_("没有找到这个页面。请检查网址，或返回首页。"),
    405: N_("这个地址不能这样访问，请返回上一页重试。"),
    413: N_("文件太大了，请压缩后重新上传。"),
    415: N_("不支持这种内容格式。"),
    422: N_("填写的内容有误，请检查后重新提交。"),
    429: N_("操作太频繁，请稍等几分钟再试。"),
    500: N_("系统出了问题，我们已经记下。请稍后再试，或联系社区工作人员。"),
}

PAGE_EXPIRED = N_("页面已过期，请刷新后重新提交。")


def status_of(refusal: Refusal) -> int:
    """Tell the HTTP status of a refusal."""
    own = getattr(type(refusal), "status", None)
    if own is not None:
        return int(own)
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def sentence_of(refusal: Refusal) -> str:
    """Tell a refusal's sentence in the reader's language."""
    facts = {name: _in_words(fact) for name, fact in refusal.facts.items()}
    sentence: str = gettext(refusal.message).format(**facts)
    return sentence


def _in_words(fact: object) -> object:
    # A fact may be a state or period that the reader's language names; a person's words are not.
    return gettext(fact) if isinstance(fact, str) and fact else fact


def init_errors(app: Flask) -> None:
    """Answer refusals and HTTP errors as a page, or as JSON under /api."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _our_mistake)


def answer(code: str, sentence: str, status: int) -> ResponseReturnValue:
    """Answer with a sentence, as JSON under /api and as a page elsewhere."""
    if is_for_api():
        return jsonify(error=code, message=sentence), status
    g.setdefault("is_signed_in", False)
    return render_template("web/refusal.html", sentence=sentence, status=status), status


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return answer(refusal.code(), sentence_of(refusal), status_of(refusal))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if isinstance(error, SecurityError):
        # A forged Host: there is no address of ours to build a page with.
        return Response(f"{gettext(SENTENCES[400])}\n", 400, mimetype="text/plain")
    known = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    sentence = gettext(PAGE_EXPIRED if isinstance(error, CSRFError) else known)
    return answer(error.name.replace(" ", ""), sentence, status)


def _our_mistake(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    return answer("InternalError", gettext(SENTENCES[500]), 500)
