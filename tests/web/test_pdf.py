"""PDFs carry their Chinese text, fetch nothing, and say what is missing."""

import sys
from io import BytesIO

import pypdf
import pytest
from flask import Flask
from jinja2 import DictLoader

from community.web import pdf

PAPERS = {
    "letter.html": "<!DOCTYPE html><title>信</title><h1>邀请信</h1><p>{{ name }}</p>",
    "outside.html": "<!DOCTYPE html><title>x</title><img src='file:///etc/passwd'>",
}


@pytest.fixture
def paper_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(PAPERS))
    return app


def test_letter_holds_its_words(paper_app: Flask) -> None:
    with paper_app.test_request_context():
        made = pdf.make_pdf("letter.html", name="桂花里 3 号楼")
    text = pypdf.PdfReader(BytesIO(made)).pages[0].extract_text()
    assert "邀请信" in text
    assert "桂花里 3 号楼" in text


def test_paper_reads_no_file_of_the_machine(
    paper_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with paper_app.test_request_context():
        made = pdf.make_pdf("outside.html")
    assert "Failed to load image" in caplog.text
    assert not any(page.images for page in pypdf.PdfReader(BytesIO(made)).pages)


def test_missing_pango_is_said(paper_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_more: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [each for each in sys.modules if each.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with paper_app.test_request_context(), pytest.raises(pdf.PdfUnavailable) as refused:
        pdf.make_pdf("letter.html", name="x")
    assert "libpango" in str(refused.value)
