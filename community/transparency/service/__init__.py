"""Commands of the public log: they publish what other rooms say and never know what it means."""

from community.transparency.errors import NotOurCheckpoint
from community.transparency.queries.place import attach
from community.transparency.service.cosigning import add_witness, keep_cosignature, set_quorum
from community.transparency.service.private import (
    SIGNER_COLUMNS,
    SIGNER_JOINS,
    KeptCommitment,
    PrivateReceipt,
    SaltedCommitment,
    Signer,
    close_private_tree,
    commit_privately,
    keep_commitment,
    open_private_tree,
    publish_private_roots,
    salt_commitment,
    sign_commitment,
    sign_kept_commitment,
)
from community.transparency.service.publishing import (
    forget,
    hide,
    hide_bytes,
    publish,
    publish_bytes,
)
from community.transparency.service.rotation import rotate_key
from community.transparency.service.sealing import checkpoint_now, seal_community

__all__ = [
    "SIGNER_COLUMNS",
    "SIGNER_JOINS",
    "KeptCommitment",
    "NotOurCheckpoint",
    "PrivateReceipt",
    "SaltedCommitment",
    "Signer",
    "add_witness",
    "attach",
    "checkpoint_now",
    "close_private_tree",
    "commit_privately",
    "forget",
    "hide",
    "hide_bytes",
    "keep_commitment",
    "keep_cosignature",
    "open_private_tree",
    "publish",
    "publish_bytes",
    "publish_private_roots",
    "rotate_key",
    "salt_commitment",
    "seal_community",
    "set_quorum",
    "sign_commitment",
    "sign_kept_commitment",
]
