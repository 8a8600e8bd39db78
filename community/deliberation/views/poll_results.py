"""The result for everybody: bars against thresholds, why, the ballots, and all to count again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Response, g, render_template
from flask_babel import gettext

from community.deliberation import permissions, tallies
from community.deliberation.queries import polls as queries
from community.deliberation.queries import results
from community.deliberation.queries.polls import PollView
from community.deliberation.rules.poll_words import ORIGIN_WORDS
from community.deliberation.rules.polls import Origin
from community.deliberation.rules.sealed import FAULT_WORDS
from community.deliberation.views.blueprint import views
from community.deliberation.views.budget_words import budget_result, budget_verdict
from community.deliberation.views.poll_words import choice_lines, option_title
from community.deliberation.views.ranked_words import ranked_result
from community.kernel import lots
from community.kernel.errors import N_
from community.web.access import needs, public, the_actor
from community.web.extensions import db
from community.web.sheets import send_file

MEASURES = {
    "participation_area": N_("参加表决的面积"),
    "participation_heads": N_("参加表决的人数"),
    "agreement_area": N_("同意的面积"),
    "agreement_heads": N_("同意的人数"),
    "agreement": N_("同意"),
    "quorum": N_("参加投票的人"),
}
ARTICLE = N_("依据：民法典第二百七十八条；面积和人数按法释〔2020〕17号第八、九条认定。")
COUNTED_FOLDER = Path(tallies.__file__).parent
PACKAGE = "community/deliberation/tallies"
LOTS = "community/kernel/lots.py"
STARTS = (
    "import sys\nfrom community.deliberation.tallies.recounting import main\n"
    "sys.exit(main(sys.argv))\n"
)
# Zip files hold no earlier day; a fixed one makes the same program the same bytes.
FIXED_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole against its threshold, with its sentence."""

    title: str
    part: int
    whole: int
    threshold: int
    sentence: str
    is_met: bool


@views.get("/polls/<int:poll_id>/result")
@public
def poll_result(poll_id: int) -> str:
    """Show what came out, and why."""
    g.tab = "deliberation.topics"
    poll = queries.get_poll(db.session, the_actor().community_id, poll_id)
    result = results.get_result(db.session, the_actor(), poll_id)
    return render_template(
        "deliberation/poll_result.html",
        poll=poll,
        result=result,
        verdict=_verdict(poll, result.outcome),
        why=_why(result.outcome),
        bars=[_bar(each) for each in result.outcome["measures"]],
        totals=_totals(poll, result.outcome),
        origins=[(gettext(ORIGIN_WORDS[Origin(way)]), many) for way, many in _ways(result)],
        article=gettext(ARTICLE) if poll.kind.value == "owners" else "",
        silent=_silent(result.outcome),
        budget=budget_result(poll, result.outcome) if poll.kind.value == "budget" else None,
        ranked=ranked_result(_titles(poll), result.outcome)
        if poll.kind.value == "ranked"
        else None,
    )


@views.get("/polls/<int:poll_id>/ballots")
@needs(permissions.SEE)
def poll_ballots(poll_id: int) -> str:
    """Show the ballots as they were counted; each voter finds the own one."""
    g.tab = "deliberation.topics"
    poll = queries.get_poll(db.session, the_actor().community_id, poll_id)
    found = results.ballot_lines(db.session, the_actor(), poll_id)
    return render_template(
        "deliberation/poll_ballots.html",
        poll=poll,
        ballots=[(each, choice_lines(poll, each.pairs)) for each in found],
        faults=FAULT_WORDS,
    )


@views.get("/polls/<int:poll_id>/recount.json")
@public
def recount_file(poll_id: int) -> Response:
    """Give the ballots and the rules of a decided poll, for anybody to count again."""
    told = results.recount_file(db.session, the_actor(), poll_id)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1)
    return send_file(f"poll-{poll_id}.json", text.encode(), "application/json")


@views.get("/polls/recount.pyz")
@public
def recount_program() -> Response:
    """Give the counting itself as one file that Python runs: `python3 recount.pyz poll-7.json`."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for folder in ("community", "community/deliberation", "community/kernel"):
            file.writestr(ZipInfo(f"{folder}/__init__.py", FIXED_DAY), "")
        for source in sorted(COUNTED_FOLDER.glob("*.py")):
            if source.name != "opinion_map.py":
                entry = ZipInfo(f"{PACKAGE}/{source.name}", FIXED_DAY)
                file.writestr(entry, source.read_text(encoding="utf-8"))
        drawn_by = Path(lots.__file__).read_text(encoding="utf-8")
        file.writestr(ZipInfo(LOTS, FIXED_DAY), drawn_by)
        file.writestr(ZipInfo("__main__.py", FIXED_DAY), STARTS)
    return send_file("recount.pyz", packed.getvalue(), "application/zip")


def _ways(result: results.ResultView) -> list[tuple[str, int]]:
    return sorted(result.origins.items(), key=lambda way: (-way[1], way[0]))


def _verdict(poll: PollView, outcome: Mapping[str, Any]) -> tuple[str, str]:
    """Say in a word what came out, and its colour."""
    if poll.kind.value == "budget":
        return budget_verdict(outcome)
    titles = _titles(poll)
    tied = "、".join(titles.get(each, "?") for each in outcome["tie"])
    if outcome["passed"] is True and poll.kind.value in {"yes_no", "owners", "consent"}:
        if poll.settings.get("seats"):
            return gettext("选出：%(names)s", names=_names(titles, outcome)), "done"
        return gettext("通过"), "done"
    if outcome["passed"] is False:
        if outcome["tie"]:
            return gettext("没有通过：票数相同"), "red"
        return gettext("没有通过"), "red"
    if outcome["tie"]:
        return gettext("票数相同，没有自动抽签：%(names)s", names=tied), "amber"
    if not outcome["winners"]:
        return gettext("没有选出"), "amber"
    return gettext("选出：%(names)s", names=_names(titles, outcome)), "done"


def _titles(poll: PollView) -> dict[int, str]:
    return {each.number: option_title(each, poll) for each in poll.options}


def _names(titles: Mapping[int, str], outcome: Mapping[str, Any]) -> str:
    return "、".join(titles.get(each, "?") for each in outcome["winners"])


def _why(outcome: Mapping[str, Any]) -> str:
    """Say in a sentence which thresholds were met and which were not."""
    measures = outcome["measures"]
    missed = [MEASURES[each["name"]] for each in measures if not each["is_met"]]
    failed = [gettext(title) for title in missed]
    if not measures:
        return ""
    if failed:
        return str(gettext("没有达到的：%(names)s。", names="、".join(failed)))
    return str(gettext("每一项都达到了要求。"))


def _bar(each: Mapping[str, Any]) -> Bar:
    num, den = each["need"]
    is_area = each["name"].endswith("_area")
    part, whole = each["part"], each["whole"]
    facts = {
        "part": _area(part) if is_area else part,
        "whole": _area(whole) if is_area else whole,
        "share": _share(part, whole),
        "num": num,
        "den": den,
    }
    sentence = (
        gettext("%(part)s / %(whole)s，占 %(share)s%%；要 %(num)s/%(den)s 以上（含）。", **facts)
        if each["includes"]
        else gettext("%(part)s / %(whole)s，占 %(share)s%%；要超过 %(num)s/%(den)s。", **facts)
    )
    words = MEASURES[each["name"]]
    title = gettext(words)
    return Bar(title, part, whole, whole * num // den, sentence, each["is_met"])


def _share(part: int, whole: int) -> str:
    """Show a share in per cent, cut to two decimals: never rounded up over a threshold."""
    cut = part * 10_000 // whole if whole else 0
    return f"{cut // 100}.{cut % 100:02d}"


def _area(centiares: int) -> str:
    return f"{centiares // 100:,}.{centiares % 100:02d}"


def _totals(poll: PollView, outcome: Mapping[str, Any]) -> list[tuple[str, int, str, bool]]:
    """List the options with votes or points, areas for owners, and who won."""
    areas = dict(outcome["facts"].get("areas", ()))
    titles = _titles(poll)
    return [
        (
            titles.get(number, "?"),
            total,
            _area(areas[number]) if number in areas else "",
            number in outcome["winners"],
        )
        for number, total in outcome["totals"]
    ]


def _silent(outcome: Mapping[str, Any]) -> str:
    """Say what became of those whose ballot was delivered and never came back."""
    facts = outcome["facts"]
    if not facts.get("silent_heads"):
        return ""
    said = {"heads": facts["silent_heads"], "area": _area(facts["silent_area"])}
    if facts["silent"] == "delivered_with_majority" and facts.get("silent_with"):
        sentence = gettext("送到没投的 %(heads)s 人、%(area)s 平方米，按规约跟从多数意见。", **said)
    else:
        sentence = gettext("送到没投的 %(heads)s 人、%(area)s 平方米，算参加，不算同意。", **said)
    return str(sentence)
