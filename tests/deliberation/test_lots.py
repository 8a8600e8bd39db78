"""A lot comes out the same for whoever repeats it, and a panel meets its quotas or says why not."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from community.deliberation.tallies.panels import (
    Candidate,
    NoPanel,
    PanelRules,
    Quota,
    draw_panel,
    read_line,
)
from community.deliberation.tallies.quotas import Cell, Seats, fill
from community.kernel import lots

pytestmark = pytest.mark.once

SEED = b"2026134 03 07 12 19 25 31 08"
NAMES = [f"candidate-{number:03d}" for number in range(200)]
AGES = ("18-34", "35-49", "50-64", "65-74", "75+")


def crowd(people: int, homes: int, seed: int = 1) -> list[Candidate]:
    """Invent candidates with age band, building and sex, several of a household."""
    dice = random.Random(seed)
    found = []
    for number in range(people):
        home = dice.randrange(homes)
        features = (dice.choice(AGES), f"{home % 10 + 1}", dice.choice(("f", "m", "")))
        found.append(Candidate(f"t{number:05d}", f"h{home}", features))
    return found


def test_anybody_repeats_the_draw_with_sha256_alone() -> None:
    listed = hashlib.sha256("".join(f"{line}\n" for line in sorted(NAMES)).encode()).hexdigest()
    tickets = sorted(
        (hashlib.sha256(SEED + b"\n" + listed.encode() + b"\n" + name.encode()).hexdigest(), name)
        for name in NAMES
    )
    assert lots.hash_candidates(NAMES) == listed
    assert lots.draw(SEED, NAMES, 5) == tuple(name for _, name in tickets[:5])


def test_the_order_of_the_list_changes_nothing_and_the_list_or_seed_everything() -> None:
    drawn = lots.draw(SEED, NAMES, 20)
    assert lots.draw(SEED, NAMES[::-1], 20) == drawn
    assert lots.draw(SEED, NAMES[:-1], 20) != drawn
    assert lots.draw(SEED + b" ", NAMES, 20) != drawn
    assert lots.rank(SEED, NAMES)[:20] == drawn


def test_a_lot_is_fair() -> None:
    counts = Counter(
        name for number in range(2000) for name in lots.draw(b"seed %d" % number, NAMES[:20], 5)
    )
    # 500 expected; four standard deviations are 77.
    assert all(423 < counts[name] < 577 for name in NAMES[:20])


@pytest.mark.parametrize(
    ("seed", "candidates", "wanted", "code"),
    [
        (b"abc", NAMES, 5, "seed_too_short"),
        (SEED, ["a", "b", "a"], 2, "twice"),
        (SEED, ["a", "b\nc"], 1, "not_one_line"),
        (SEED, ["a", ""], 1, "not_one_line"),
        (SEED, ["a", "b"], 3, "too_few"),
        (SEED, ["a", "b"], 0, "none_to_draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    seed: bytes, candidates: list[str], wanted: int, code: str
) -> None:
    with pytest.raises(lots.BadLot) as refused:
        lots.draw(seed, candidates, wanted)
    assert refused.value.code == code


def test_a_panel_meets_its_quotas_with_one_of_a_household() -> None:
    candidates = crowd(600, 280)
    quotas = (
        *(Quota(0, age, 5, 7) for age in AGES),
        *(Quota(1, f"{number}", 2, 4) for number in range(1, 11)),
        Quota(2, "f", 13, 16),
        Quota(2, "m", 12, 16),
    )
    panel = draw_panel(SEED, candidates, PanelRules(30, quotas))
    assert len(panel) == len({one.household for one in panel}) == 30
    for quota in quotas:
        seats = sum(one.features[quota.feature] == quota.value for one in panel)
        assert quota.least <= seats <= quota.most
    assert draw_panel(SEED, candidates[::-1], PanelRules(30, quotas)) == panel
    assert draw_panel(b"another seed", candidates, PanelRules(30, quotas)) != panel


def test_without_quotas_a_panel_is_the_lot_with_one_of_a_household() -> None:
    candidates = crowd(50, 20)
    expected: list[str] = []
    homes: set[str] = set()
    for line in lots.rank(SEED, [one.line for one in candidates]):
        one = read_line(line)
        if one.household not in homes:
            expected.append(one.token)
            homes.add(one.household)
    panel = draw_panel(SEED, candidates, PanelRules(10))
    assert [one.token for one in panel] == expected[:10]


def test_the_next_comes_from_the_same_list() -> None:
    candidates = crowd(300, 200)
    rules = PanelRules(10, tuple(Quota(0, age, 2, 2) for age in AGES))
    panel = draw_panel(SEED, candidates, rules)
    gone, *kept = panel
    following = draw_panel(SEED, candidates, rules, [one.token for one in kept], [gone.token])
    assert len(following) == 1
    # The quota of the one who declined is the only one open.
    assert following[0].features[0] == gone.features[0]
    assert following[0].household not in {one.household for one in kept}
    everybody = [one.token for one in kept]
    assert draw_panel(SEED, candidates, PanelRules(9), everybody) == ()


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (PanelRules(0), "none_to_draw"),
        (PanelRules(2, (Quota(0, "75+", 2, 1),)), "quota"),
        (PanelRules(2, (Quota(0, "75+", 0, 1), Quota(0, "75+", 1, 2))), "quota"),
        (PanelRules(3, (Quota(0, "75+", 2, 3), Quota(0, "18-34", 2, 3))), "leasts_above_seats"),
        (PanelRules(9), "too_few_households"),
        (PanelRules(3, (Quota(0, "65-74", 1, 3),)), "value_short"),
        # Each alone could be met: the only old ones live in the building that may send nobody.
        (PanelRules(2, (Quota(0, "75+", 1, 2), Quota(1, "1", 0, 0))), "together"),
    ],
)
def test_an_impossible_panel_says_why(rules: PanelRules, code: str) -> None:
    candidates = [
        Candidate("a", "h1", ("75+", "1", "f")),
        Candidate("b", "h1", ("75+", "1", "m")),
        Candidate("c", "h2", ("18-34", "2", "f")),
        Candidate("d", "h3", ("18-34", "2", "m")),
        Candidate("e", "h4", ("75+", "1", "m")),
    ]
    with pytest.raises(NoPanel) as refused:
        draw_panel(SEED, candidates, rules)
    assert refused.value.code == code
    if code == "together":
        assert set(refused.value.quotas) == set(rules.quotas)


def _first_by_trying(candidates: list[Candidate], rules: PanelRules) -> tuple[str, ...] | None:
    """Find the first panel in the lot's order by trying every one."""
    order = [read_line(line) for line in lots.rank(SEED, [one.line for one in candidates])]
    for panel in itertools.combinations(order, rules.seats):
        if len({one.household for one in panel}) == rules.seats and all(
            quota.least
            <= sum(one.features[quota.feature] == quota.value for one in panel)
            <= quota.most
            for quota in rules.quotas
        ):
            return tuple(one.token for one in panel)
    return None


def test_small_panels_equal_what_trying_everything_finds() -> None:
    dice = random.Random(11)
    outcomes = Counter[bool]()
    for _ in range(300):
        candidates = [
            Candidate(
                f"t{number}",
                f"h{dice.randrange(7)}",
                tuple(dice.choice("xyz"[: 2 + feature % 2]) for feature in range(3)),
            )
            for number in range(10)
        ]
        quotas = []
        for feature, value in itertools.product(range(3), "xy"):
            least = dice.choice((0, 0, 1))
            quotas.append(Quota(feature, value, least, least + dice.choice((1, 2, 3))))
        rules = PanelRules(4, tuple(quotas))
        expected = _first_by_trying(candidates, rules)
        outcomes[expected is None] += 1
        if expected is None:
            with pytest.raises(NoPanel):
                draw_panel(SEED, candidates, rules)
        else:
            assert tuple(one.token for one in draw_panel(SEED, candidates, rules)) == expected
    assert min(outcomes.values()) > 40


def test_cells_that_two_features_hide_are_found_by_branching() -> None:
    # Any two features fit, all three together do not: each pair is there, but never the triple.
    present: dict[Cell, int] = {
        ("a", "m", "x"): 1, ("a", "n", "y"): 1, ("b", "m", "y"): 1, ("b", "n", "x"): 1,
    }  # fmt: skip
    bounds = {(0, "a"): (1, 1), (1, "m"): (1, 1), (2, "y"): (1, 1)}
    assert fill(Seats(1, present, bounds)) is None
    assert fill(Seats(1, present | {("a", "m", "y"): 1}, bounds)) == {("a", "m", "y"): 1}
    assert fill(Seats(2, present, {(0, "a"): (2, 2), (1, "m"): (1, 1)})) is not None


def test_figures_by_cell_equal_what_trying_everything_finds() -> None:
    dice = random.Random(5)
    outcomes = Counter[bool]()
    for _ in range(400):
        cells = list(itertools.product("ab", "mno", "xy"))
        present: dict[Cell, int] = {cell: dice.choice((0, 0, 1, 1, 2)) for cell in cells}
        bounds = {
            (feature, value): tuple(sorted((dice.randrange(4), dice.randrange(4))))
            for feature, values in enumerate(("ab", "mno", "xy"))
            for value in values
        }
        expected = any(
            sum(counts) == 4
            and all(
                low
                <= sum(n for n, cell in zip(counts, cells, strict=True) if cell[at] == v)
                <= high
                for (at, v), (low, high) in bounds.items()
            )
            for counts in _fillings([present[cell] for cell in cells], 4)
        )
        found = fill(Seats(4, present, bounds))  # type: ignore[arg-type]  # pairs, sorted
        outcomes[expected] += 1
        assert (found is not None) == expected
        if found is not None:
            assert sum(found.values()) == 4
            assert all(count <= present[cell] for cell, count in found.items())
            for (at, value), (low, high) in bounds.items():
                assert low <= sum(n for cell, n in found.items() if cell[at] == value) <= high
    assert min(outcomes.values()) > 60


def _fillings(most: list[int], seats: int) -> Iterator[tuple[int, ...]]:
    if not most:
        yield ()
        return
    for count in range(min(most[0], seats) + 1):
        for rest in _fillings(most[1:], seats - count):
            yield (count, *rest)
