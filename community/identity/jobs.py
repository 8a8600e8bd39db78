"""Long work of identity: importing a residents' sheet."""

from __future__ import annotations

from community.identity.service import import_chunks
from community.identity.service.importing import IMPORT_JOB
from community.kernel import jobs
from community.kernel.errors import N_

jobs.register(
    jobs.JobKind(
        IMPORT_JOB,
        N_("导入住户"),
        plan=import_chunks.plan_import,
        prepare=import_chunks.prepare_import,
        chunk=import_chunks.write_import,
        finish=import_chunks.finish_import,
    )
)
