"""The house rules of style as functions from a parsed file to the lines that break them."""

import ast
import re
from collections.abc import Callable, Iterator

MOST_FUNCTION_LINES = 50
MOST_FILE_LINES = 400
# Each costs a visible part of a second, or a megabyte, and most requests need none of them.
HEAVY_LIBRARIES = {
    "PIL",
    "argon2",
    "community.deliberation.tallies.opinion_map",  # it alone needs numpy
    "flask_migrate",
    "openpyxl",
    "playwright",
    "weasyprint",
    "xlrd",
    "zxingcpp",
}
CLOCK_READS = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")  # house-rule: this line names them
BROAD = {"Exception", "BaseException"}

Finding = tuple[int, str]
Rule = Callable[[ast.Module, str], Iterator[Finding]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def walk_functions(tree: ast.Module) -> Iterator[Function]:
    """Yield every function of a file, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def check_docstring(tree: ast.Module, _source: str) -> Iterator[Finding]:
    """Each file says what it is for."""
    if not ast.get_docstring(tree):
        yield 1, "the file has no docstring"


def check_file_length(_tree: ast.Module, source: str) -> Iterator[Finding]:
    """A file that outgrows its limit is split by business word."""
    if (lines := source.count("\n")) > MOST_FILE_LINES:
        yield lines, f"the file has {lines} lines, {MOST_FILE_LINES} at most"


def check_function_length(tree: ast.Module, _source: str) -> Iterator[Finding]:
    """A function fits on a screen."""
    for function in walk_functions(tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > MOST_FUNCTION_LINES:
            yield function.lineno, f"{function.name} has {lines} lines, {MOST_FUNCTION_LINES} most"


def check_local_imports(tree: ast.Module, source: str) -> Iterator[Finding]:
    """Only a heavy library is imported inside a function, with the reason on that line."""
    lines = source.splitlines()
    for function in walk_functions(tree):
        for node in ast.walk(function):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names = names or [getattr(node, "module", None) or "."]
            if any(not {name, name.partition(".")[0]} & HEAVY_LIBRARIES for name in names):
                yield node.lineno, f"imports {names[0]} inside a function"
            elif "#" not in "".join(lines[node.lineno - 1 : node.end_lineno]):
                yield node.lineno, f"imports {names[0]} late without the reason on the line"


def name_origins(tree: ast.Module) -> dict[str, str]:
    """Map each imported name to what it stands for: dt -> datetime.datetime."""
    origins: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            origins |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            origins |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return origins


def check_clock(tree: ast.Module, _source: str) -> Iterator[Finding]:
    """Time comes from kernel.clock.now(), so that tests can hold it still."""
    origins = name_origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            first, dot, rest = ast.unparse(node).partition(".")
            if origins.get(first, first) + dot + rest in CLOCK_READS and first in origins:
                yield node.lineno, f"reads {ast.unparse(node)}; ask kernel.clock.now()"


def check_unfinished(_tree: ast.Module, source: str) -> Iterator[Finding]:
    """Unfinished work is an issue, not a comment."""
    for number, line in enumerate(source.splitlines(), start=1):
        if UNFINISHED.search(line) and "house-rule" not in line:
            yield number, "leaves a note of unfinished work"


def check_broad_catch(tree: ast.Module, _source: str) -> Iterator[Finding]:
    """Catch only what you can answer."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = {one.id for one in ast.walk(node.type or tree) if isinstance(one, ast.Name)}
        if node.type is None or caught & BROAD:
            yield node.lineno, "catches everything"


def check_exactness(tree: ast.Module, _source: str) -> Iterator[Finding]:
    """Money, minutes and points are whole numbers: no float enters, no division leaves one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "the type float"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "the division /, which answers a float"
