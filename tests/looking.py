"""What is looked for on every page: sideways scrolling, small words and targets, axe's findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor/axe.min.js"

# Words and targets in CSS pixels; the sources are 工信部 适老化通用设计规范 (2021) and WCAG 2.2 AA.
MEASURE = """([words, target]) => {
  const isSeen = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return box.width > 1 && box.height > 1 && style.visibility === "visible"
      && style.clipPath === "none" && node.checkVisibility({ checkOpacity: true });
  };
  const name = (node) => `<${node.tagName} class="${node.getAttribute("class") ?? ""}">`
    + ` ${node.textContent.trim().replace(/\\s+/g, " ").slice(0, 24)}`;
  // What is printed keeps its paper's size in every mode.
  if (document.documentElement.dataset.paper !== undefined) words = 14;
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) found.push(`scrolls sideways: ${wide} > ${window.innerWidth}`);
  const small = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !isSeen(node)) continue;
    if (node.closest("script, style, template, noscript, option")) continue;
    let size = parseFloat(getComputedStyle(node).fontSize);
    const drawn = node.closest("svg");
    if (drawn) size *= drawn.getScreenCTM().a;
    if (size < words - 0.1) small.add(`${size.toFixed(1)} px: ${name(node)}`);
  }
  for (const one of small) found.push(`small words: ${one}`);
  const targets = "button, .button, select, textarea, summary, .choice, .tabs a, .back, .go,"
    + " input:not([type=hidden], [type=checkbox], [type=radio])";
  for (const node of document.querySelectorAll(targets)) {
    if (!isSeen(node)) continue;
    const high = node.getBoundingClientRect().height;
    if (high < target - 0.5) found.push(`small target: ${high.toFixed(0)} px: ${name(node)}`);
  }
  return found;
}"""
# The sprite an icon points into; a name that is not there draws nothing and says nothing.
SPRITE = Path(__file__).parents[1] / "static/vendor/icons.svg"
ICONS = """() => [...document.querySelectorAll("svg.icon use")].map((one) =>
  one.getAttribute("href").split("#")[1])"""
INSPECT = """async () => {
  const result = await axe.run(document, { resultTypes: ["violations"] });
  const place = (node) => node.target.join(" ");
  return result.violations.map((one) => [one.id, one.nodes.map(place).slice(0, 3)]);
}"""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way in which a page is looked at."""

    name: str
    width: int
    height: int
    words: int = 14
    target: int = 44
    cookies: tuple[tuple[str, str], ...] = ()


PHONE = Mode("phone", 390, 844)
ELDER = Mode("elder", 390, 844, words=20, target=60, cookies=(("elder", "1"),))
DESKTOP = Mode("desktop", 1440, 900)
ENGLISH = Mode("english", 390, 844, cookies=(("language", "en"),))
MODES = (PHONE, ELDER, DESKTOP, ENGLISH)


def look_at(page: Page, mode: Mode) -> list[str]:
    """List what is wrong with the page that is open, in words."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    measured: list[str] = page.evaluate(MEASURE, [mode.words, mode.target])
    inspected: list[Any] = page.evaluate(INSPECT)
    drawn = set(re.findall(r'id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
    missing = sorted(set(page.evaluate(ICONS)) - drawn)
    measured += [f"no such icon: {name}" for name in missing]
    return [*measured, *(f"axe {rule}: {'; '.join(nodes)}" for rule, nodes in inspected)]


# Words of the other language, outside what people typed (data-user) and what says its language.
OTHER_LANGUAGE = """(chinese) => {
  const found = new Set();
  const sentence = /[A-Za-z]{3,}[ ,.]+[A-Za-z]{2,}[ ,.]+[A-Za-z]{2,}/;
  const strange = chinese ? sentence : /[\\u4e00-\\u9fff]/;
  const skip = "[data-user], option, script, style, template, textarea, noscript, "
    + (chinese ? "[lang=en]:not(html)" : "[lang|=zh]");
  const look = (text, node) => {
    if (strange.test(text) && !node.closest(skip)) found.add(text.trim());
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) look(texts.currentNode.textContent, texts.currentNode.parentElement);
  for (const node of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      look(node.getAttribute(name) ?? "", node);
    }
  }
  return [...found];
}"""


MASKED = re.compile(r"[\u4e00-\u9fff]\*\*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def listen_to(page: Page, typed: Sequence[str] = ()) -> list[str]:
    """List words of the other language on the open page, without those in `typed`."""
    is_chinese = str(page.locator("html").get_attribute("lang")).startswith("zh")
    found: list[str] = page.evaluate(OTHER_LANGUAGE, is_chinese)
    if not is_chinese:
        found = [words for words in found if CHINESE.search(_without(words, typed))]
    return [f"other language: {words[:40]}" for words in found]


def _without(words: str, typed: Sequence[str]) -> str:
    words = MASKED.sub("", words)
    for each in typed:
        if each in words:
            words = words.replace(each, "")
    return words
