"""PDF papers (letters, notices, records) from the same templates' language, by WeasyPrint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, has_request_context, render_template

from community.kernel.errors import N_, Refusal
from community.web.sheets import send_file

PAPER = "css/paper.css"


class PdfUnavailable(Refusal):
    """This machine lacks a library that draws PDFs; pages and sheets still work."""

    message = N_(
        "这台服务器还不能生成 PDF：缺少 Pango 或中文字体。请管理员安装 libpango-1.0-0、"
        "libpangoft2-1.0-0 和 fonts-noto-cjk 后重试；也可以先用浏览器的打印功能。"
    )
    status = 503


def make_pdf(template: str, **values: Any) -> bytes:
    """Draw a template as a PDF, A4 unless its own style says otherwise.

    Raises: PdfUnavailable.
    """
    try:
        import weasyprint  # costs 0.5 s and needs Pango, which a machine may lack
        from PIL import ImageFile  # comes with it
    except OSError as error:
        raise PdfUnavailable from error
    # WeasyPrint lets the whole process take pictures that are cut off; uploads must not be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    folder = current_app.static_folder
    assert folder is not None
    paper = weasyprint.CSS(string=(Path(folder) / PAPER).read_text(encoding="utf-8"))
    # A template may hold what people typed: it reads no file of this machine and no network.
    fetcher = weasyprint.URLFetcher(allowed_protocols={"data"})
    page = weasyprint.HTML(string=_render(template, values), url_fetcher=fetcher)
    drawn: bytes = page.write_pdf(stylesheets=[paper])
    return drawn


def _render(template: str, values: dict[str, Any]) -> str:
    if has_request_context():
        return render_template(template, **values)
    # A job draws papers too; the filters and words of a template ask for a request's language.
    with current_app.test_request_context():
        return render_template(template, **values)


def send_pdf(file_name: str, template: str, **values: Any) -> Response:
    """Answer with a PDF shown in the browser; `file_name` without its ending."""
    made = make_pdf(template, **values)
    return send_file(f"{file_name}.pdf", made, "application/pdf", inline=True)
