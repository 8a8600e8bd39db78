"""Long work of identity: importing a residents' sheet, printing letters, forgetting them again."""

from __future__ import annotations

from typing import Any

from community.identity.queries.letters import community_name, letters_to_print
from community.identity.service import import_chunks, letters
from community.identity.service.forgetting import forget_old_proofs
from community.identity.service.importing import IMPORT_JOB, forget_sheets
from community.kernel import files, jobs
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.jobs.kinds import Arguments
from community.web.pdf import make_pdf
from community.web.qr import qr_svg

HALF_A_DAY = 12 * 60


def draw_letters(
    session: Any, actor: Actor, args: Arguments, position: int
) -> tuple[files.Ready, int] | None:
    """Draw a building's letters outside the writer, once they are made."""
    place, step = divmod(position, letters.STEPS_PER_BUILDING)
    if step == 0:
        return None
    building_id = letters.buildings_of_job(session, actor, args)[place]
    found = letters_to_print(session, actor.community_id, building_id=building_id)
    if not found:
        return None
    drawn = make_pdf(
        "identity/papers/letters.html",
        letters=found,
        address=args["address"],
        community_name=community_name(session, actor.community_id),
        qr_svg=qr_svg,
    )
    name = f"{found[0].building}邀请信.pdf"
    return files.take_in(files.Upload(name, drawn)), len(found)


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
jobs.register(
    jobs.JobKind(
        letters.LETTER_JOB,
        N_("打印邀请信"),
        plan=letters.plan_letters,
        prepare=draw_letters,
        chunk=letters.write_letters,
    )
)
jobs.every("identity.forget_sheets", HALF_A_DAY, forget_sheets)
jobs.every("identity.drop_old_sheets", HALF_A_DAY, letters.drop_old_sheets)
jobs.every("identity.forget_old_proofs", 24 * 60, forget_old_proofs)
