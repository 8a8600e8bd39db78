"""The closing pack (结项资料): every paper of a project in one ZIP, with the sum of each."""

from __future__ import annotations

import hashlib
import io
import zipfile

from flask_babel import gettext

from community.kernel import files
from community.micro_projects.queries.pack_files import PackPaper, pack_papers
from community.web.extensions import db

# The clock of the archive itself: the same papers give the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def make_pack(community_id: int, project_id: int, contracts: list[tuple[str, bytes]]) -> bytes:
    """Put contracts, scans, evidence, invoices, sign-in sheets, minutes and pictures in one ZIP.

    `SHA256SUMS` inside lists the sum of each, so that `sha256sum -c` checks the pack.
    """
    packed = io.BytesIO()
    sums: list[str] = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, drawn in contracts:
            _put(pack, sums, f"{gettext('合同')}/{name}.pdf", drawn)
        for paper in pack_papers(db.session, community_id, project_id):
            _put(pack, sums, _path_of(paper), _read(community_id, paper))
        pack.writestr(zipfile.ZipInfo("SHA256SUMS", _MOMENT), "\n".join(sums) + "\n")
    return packed.getvalue()


def _path_of(paper: PackPaper) -> str:
    """Name a paper by its folder, its number and its own name."""
    return f"{gettext(paper.folder)}/{paper.number:03d}-{paper.name}"


def _read(community_id: int, paper: PackPaper) -> bytes:
    view = files.get_file(db.session, community_id, paper.file_id)
    with files.open_file(view) as opened:
        return opened.read()


def _put(pack: zipfile.ZipFile, sums: list[str], path: str, content: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(path, _MOMENT), content, zipfile.ZIP_DEFLATED)
    sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}")
