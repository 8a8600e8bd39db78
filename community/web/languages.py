"""Which room's words a page speaks: one Chinese word may need another English one next door."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import g, has_request_context, request
from flask_babel import Domain, get_locale

SHARED = "web"


class RoomDomain(Domain):  # type: ignore[misc]  # flask-babel has no types
    """Words of the layout first, then of the page's own room, then of all rooms."""

    def get_translations(self) -> NullTranslations:
        """Give the words of the page that is being made."""
        if not has_request_context():
            everywhere: NullTranslations = super().get_translations()
            return everywhere
        # A page asks for a hundred words: whose they are is told once.
        place = locale, blueprint = get_locale(), request.blueprint or ""
        if g.get("words_of") != place:
            if place not in self.cache:
                self.cache[place] = self._words(locale, self._room(blueprint))
            g.words_of, g.words = place, self.cache[place]
        found: NullTranslations = g.words
        return found

    def _words(self, locale: Locale | None, room: str) -> NullTranslations:
        everywhere: NullTranslations = super().get_translations()
        if not room or locale is None:
            return everywhere
        key = str(locale), room
        if key not in self.cache:
            own = Translations.load(self._folders[room], [locale])
            own.add_fallback(everywhere)
            shared = Translations.load(self._folders[SHARED], [locale])
            shared.add_fallback(own)
            self.cache[key] = shared
        found: NullTranslations = self.cache[key]
        return found

    @cached_property
    def _folders(self) -> dict[str, str]:
        return {Path(each).parent.name: str(each) for each in self.translation_directories}

    def _room(self, blueprint: str) -> str:
        name = blueprint.partition(".")[0]
        rooms = [each for each in self._folders if name == each or name.startswith(f"{each}_")]
        return max(rooms, key=len, default="")
