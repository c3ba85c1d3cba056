"""What was to be reached on a GPU, beside what was; and figures that tutorials give for other programs."""

from collections.abc import Mapping, Sequence
from typing import Any

OVER_NETWORKS = 1.5
OVER_EAGER = 4.0
FIRST = 1.3
SECONDS = 5.0
FLAT_MB = 20.0  # of growth over the mixed requests
NOT_JUDGED = "not run on a GPU at full size yet"

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]


def judged(tables: Tables, *, is_judged: bool) -> list[Row]:
    """One row for each goal: the figure, and whether it is reached where that can be said."""
    one = {row["case"]: row for row in tables["One request"]}
    found = [
        _goal("a request without decoding and encoding / its networks alone", _most(one, "request / networks")),
        *(
            _goal(f"eager f32 / {case}", float(one[case]["eager f32 / request"]), OVER_EAGER, least=True)
            for case in ("cartoon 1024 px", "matting 1024 px")
            if case in one
        ),
        *(_goal(f"{row['request']}, s", float(row["s"]), SECONDS) for row in tables["Many pictures, long sound"]),
        _goal("first request / median", max(float(row["first / median"]) for row in tables["First requests"]), FIRST),
        _goal("memory over mixed requests, MB more", _growth(tables["Memory over mixed requests"]), FLAT_MB),
    ]
    return found if is_judged else [{**row, "reached": NOT_JUDGED} for row in found]


def _goal(what: str, figure: float, bound: float = OVER_NETWORKS, *, least: bool = False) -> Row:
    reached = figure >= bound if least else figure <= bound
    told = {"goal": what, "wanted": f"{'≥' if least else '≤'} {bound:g}", "here": f"{figure:.2f}"}
    return {**told, "reached": "yes" if reached else "no"}


def _most(rows: Mapping[str, Row], column: str) -> float:
    return max(float(row[column]) for row in rows.values())


def _growth(rows: Sequence[Row]) -> float:
    """Of the memory that grew most."""
    return max(float(value) for name, value in rows[-1].items() if name.endswith(" more"))


def theirs() -> list[Row]:
    """What tutorials for serving such models on GPUs print of their own programs, before and after preloading."""
    figures = (
        ("T4", "first answer", "19.2 s", "< 0.5 s"),
        ("A10", "one picture", "3.21 s", "1.37 s"),
        ("A10", "50 pictures", "162 s", "69 s"),
        ("RTX 4090", "one answer", "8.2 s", "0.9 s"),
    )
    return [{"card": card, "what": what, "before": before, "after": after} for card, what, before, after in figures]
