"""Import contracts that find the rooms by themselves, so a new room is held from its first file.

They are import-linter contract types, named in pyproject.toml. A room is any package of the house
that is neither a free-form floor nor assembly.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.imports import ModuleExpression

HOUSE = "community"
ASSEMBLY = f"{HOUSE}.app"
# Their files follow their own order: kernel and web are foundations, flows are sentences.
FREE_FORM = {ASSEMBLY} | {
    f"{HOUSE}.{name}" for name in ("flows", "dashboards", "demo", "web", "kernel")
}
ENTRY_POINTS = ("views", "api", "cli")


def find_rooms(graph: ImportGraph) -> list[str]:
    """Name the packages whose furniture is fixed."""
    return sorted(graph.find_children(HOUSE) - FREE_FORM)


def find_room(module: str) -> str:
    """Name the room, or the floor, that a module stands in."""
    return ".".join(module.split(".")[:2])


def is_inside(module: str, package: str) -> bool:
    """Tell whether a module is the package or one of its files."""
    return f"{module}.".startswith(f"{package}.")


class FurnitureContract(LayersContract):
    """Hold one order of files in every room, and refuse files that have no place in it."""

    type_name = "furniture"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Check every room there is; a room that does not exist yet is no mistake."""
        rooms = [ModuleExpression(room) for room in find_rooms(graph)]
        self.containers = rooms  # type: ignore[assignment] # a field's value replaces the field
        return super().check(graph, verbose)


class FilesContract(ForbiddenContract):
    """Forbid imports to the named files of every room, or of one floor; absence is no mistake."""

    type_name = "files"

    files = fields.ListField(subfield=fields.StringField(), required=False)
    floor = fields.StringField(required=False)
    source_modules = fields.SetField(subfield=fields.ModuleExpressionField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Expand the files over the rooms there are, then check as the built-in contract does."""
        names: Any = self.files
        sources = {f"{room}.{name}" for room in find_rooms(graph) for name in names or ()}
        sources.add(str(self.floor))
        present = {ModuleExpression(name) for name in sources & graph.modules}
        self.source_modules = present  # type: ignore[assignment] # as above
        asked: Any = self.forbidden_modules
        known = {
            one
            for one in asked
            if one.expression in graph.modules or not is_inside(one.expression, HOUSE)
        }
        self.forbidden_modules = known  # type: ignore[assignment] # as above
        return super().check(graph, verbose)


class DoorsContract(Contract):
    """Others import a room itself, never its files; a door never opens on pages; only app may."""

    type_name = "doors"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at each direct import that touches a file of a room."""
        refused = sorted(
            f"{importer} -> {imported}"
            for room in find_rooms(graph)
            for imported in graph.find_descendants(room)
            for importer in graph.find_modules_that_directly_import(imported)
            if self._is_refused(importer, imported, room)
        )
        return ContractCheck(kept=not refused, metadata={"refused": refused})

    @staticmethod
    def _is_refused(importer: str, imported: str, room: str) -> bool:
        if is_inside(importer, ASSEMBLY):
            return False
        if importer == room:
            return any(is_inside(imported, f"{room}.{name}") for name in ENTRY_POINTS)
        return find_room(importer) != room

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List the refused imports, one a line."""
        for line in check.metadata["refused"]:
            output.print_error(f"- {line}", bold=False)
        output.print("Import the room itself, and let its door export the name.")
