"""Why a paper's public copy is not kept."""

from __future__ import annotations

from community.kernel.errors import N_, BadInput


class TwinUnclear(BadInput):
    """It is not clear which original a copy belongs to."""

    message = N_("遮挡后的副本和原件对不上。请让副本和原件同名，或一次只传一份。")


class TwinSame(BadInput):
    """Nothing was blacked out."""

    message = N_("遮挡后的副本和原件一样。请先遮住个人信息；没有个人信息就不用传副本。")
