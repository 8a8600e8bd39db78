"""Write static/verify.py, the one-file verifier, from the rules it is made of.

The rules stay small files that the site itself uses; a person who checks the site downloads one
file, needs nothing but Python 3.8, and can read it from top to bottom.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RULES = "community.transparency.rules"
TARGET = ROOT / "static/verify.py"
PARTS = (
    "merkle",
    "tiles",
    "ed25519",
    "note",
    "receipts",
    "ballots",
    "bid_receipts",
    "paper",
    "containers",
    "audit.findings",
    "audit.committed",
    "audit.sources",
    "audit.logs",
    "audit.accounts",
    "audit.approvals",
    "audit.books",
    "audit.figures",
    "audit.papers",
    "audit.packs",
    "audit.witness",
    "audit.program",
)
HEAD = '''#!/usr/bin/env python3
"""Verify a community's public log: 核对社区公开日志。 Needs Python 3.8 or newer and nothing else.

  python3 verify.py pack FILE.zip                      an audit pack / 审计包
  python3 verify.py log DIR --key KEY                  a folder of tiles / 日志文件夹
  python3 verify.py receipt FILE --key KEY             a receipt / 收据
  python3 verify.py checkpoint OLD NEW --key KEY       an older and a newer one / 新旧检查点
  python3 verify.py witness DIR ADDRESS --key KEY      keep and cosign / 作见证

Exit codes: 0 everything holds · 1 something was changed, each item named · 2 cannot tell.
Generated from the site's own rules; do not edit. Licence: Apache-2.0.
"""
'''


def read_part(name: str) -> tuple[str, list[str], list[str], str]:
    """Return a rule file's first sentence, standard imports, top names, and its code."""
    path = ROOT / (f"{RULES}.{name}".replace(".", "/") + ".py")
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    imports, names, last = [], [], 0
    for node in tree.body:
        end = node.end_lineno or node.lineno
        if isinstance(node, ast.ImportFrom):
            last = end
            if node.module != "__future__" and not str(node.module).startswith(RULES):
                imports += [f"from {node.module} import {one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            last = end
            imports += [f"import {one.name}" for one in node.names]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names += [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]
    about = ast.get_docstring(tree) or ""
    return about, imports, names, "\n".join(lines[last:]).strip("\n")


def build() -> str:
    """Return the text of the one-file verifier.

    Raises:
        SystemExit: two rule files use one name for two things.
    """
    imports: set[str] = set()
    owners: dict[str, str] = {}
    sections = []
    for part in PARTS:
        about, wanted, names, code = read_part(part)
        imports |= set(wanted)
        for name in names:
            if owners.setdefault(name, part) != part:
                raise SystemExit(f"{owners[name]} and {part} both define {name}")
        comment = "\n".join(f"# {line}".rstrip() for line in about.splitlines())
        sections.append(f"# {'-' * 97}\n{comment}\n\n{code}\n")
    plain = sorted(one for one in imports if one.startswith("import "))
    chosen = sorted(one for one in imports if one.startswith("from "))
    start = 'if __name__ == "__main__":\n    sys.exit(main())\n'
    head = [HEAD, "from __future__ import annotations\n", "\n".join([*plain, *chosen]) + "\n"]
    return "\n\n".join(["\n".join(head), *sections, start])


def main() -> int:
    """Write the file, or with --check tell whether it is up to date."""
    text = build()
    if "--check" in sys.argv:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
