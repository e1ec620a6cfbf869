"""The monthly gap of the text board, calculated a second time from the raw upstream files.

Nothing here imports the project: the files are read with csv, json, re and pyarrow, names are distinguished by
their letters and digits, countries come from the small map below, and the rules of the method page
(month's last publication; copies are no new publication; best model of each country in one publication)
are written down again in plain Python. Where the two calculations differ, one of them is wrong.

The captured page (21 rows of the text board of 2025-03-28) is left out: it is partial, and copies a
publication other files hold whole.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import Candidate

#: Recomputes figures from every raw file there is.
pytestmark = pytest.mark.system

#: Makers as printed (letters and digits) that are American or Chinese; everyone else is neither. OpenChat,
#: whose first authors were at Tsinghua, counts as Chinese (the method page names both readings).
US = """
openai anthropic google googledeepmind meta xai spacexai amazon microsoft microsoftai nvidia databricks mosaicml
databricksmosaicml lmsys ucberkeley stanford ai2 allenai allenaiuw uw nousresearch cognitivecomputations togetherai
nexusflow snowflake ibm princeton inceptionai nomicai primeintellect perplexityai rekaai arceeai huggingface
"""
CN = """
alibaba deepseek deepseekai zhipu zhipuai zai tsinghua 01ai moonshot moonshotai minimax bytedance baidu tencent
stepfun xiaomi meituan antgroup internlm openchat
"""
#: For listings that print no maker: how the names of their models begin.
US_FAMILIES = """
gpt chatgpt o1 o3 o4 claude gemini gemma palm grok earlygrok llama metallama nova amazon phi nemotron dbrx vicuna
koala alpaca tulu olmo granite athene mercury
"""
CN_FAMILIES = """
deepseek qwen qwq glm chatglm yi kimi minimax hunyuan ernie doubao seed dola step mimo longcat ling ring internlm
openchat
"""
#: The arena catalog's names of categories → the official ones.
CATEGORIES = {
    "full": "overall",
    "hard_6": "hard_prompts",
    "hard_english_6": "hard_prompts_english",
    "if": "instruction_following",
    "long_user": "longer_query",
    "multiturn": "multi_turn",
    "no_tie": "exclude_ties",
}
FIRST, LAST = (2023, 5), (2026, 10)


def letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("+", "plus"))


def country(maker: str | None, model: str) -> str:
    if maker and letters(maker):
        return "US" if letters(maker) in US.split() else "CN" if letters(maker) in CN.split() else ""
    name = letters(model)
    if name.startswith(tuple(CN_FAMILIES.split())):
        return "CN"
    return "US" if name.startswith(tuple(US_FAMILIES.split())) else ""


@dataclass
class Model:
    name: str
    maker: str | None
    score: float
    #: Another name the same row prints.
    other_name: str = ""
    _names: set[str] = field(default_factory=set, repr=False)

    def names(self) -> set[str]:
        """Every name of the row, compared by letters and digits."""
        if not self._names:
            self._names = {letters(self.name), letters(self.other_name)} - {""}
        return self._names


@dataclass
class Publication:
    source: str
    variant: str
    #: category → models; a category with contradicting rows is in `contradicting` instead.
    categories: dict[str, list[Model]]
    printed: date | None
    known: date
    rounded: bool
    leaders_only: bool = False
    contradicting: set[str] = field(default_factory=set)
    day: date = date.min
    is_bounded: bool = False
    _scores: dict[str, dict[str, float]] = field(default_factory=dict, repr=False)

    def size(self) -> int:
        return max(len(models) for models in self.categories.values())

    def scores(self, category: str) -> dict[str, float]:
        """Score by name."""
        if category not in self._scores:
            models = self.categories[category]
            self._scores[category] = {name: model.score for model in models for name in model.names()}
        return self._scores[category]


def day_in(path: Path) -> date:
    found = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
    assert found, path
    return date.fromisoformat(found[0])


def read_old_mirror(folder: Path) -> Iterator[Publication]:
    days: dict[date, dict[str, Model]] = {}
    with (folder / "chatbot_arena_history" / "alltime.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"])
            model = Model(row["key"], row["Organization"], float(row["rating"]), row["Model"])
            same = days.setdefault(day, {}).setdefault(row["key"], model)
            assert same.score == model.score
    for day, models in days.items():
        yield Publication("old mirror", "raw", {"overall": list(models.values())}, day, day, rounded=False)


def read_csv_mirror(folder: Path) -> Iterator[Publication]:
    for path in sorted((folder / "llm_leaderboard_csv").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            models = [
                Model(row["model"], row["organization"], float(row.get("arena_score") or row["arena_elo"]))
                for row in csv.DictReader(file)
            ]
        yield Publication("csv mirror", "raw", {"overall": models}, None, day_in(path), rounded=True)


def read_catalog(folder: Path) -> Iterator[Publication]:
    for path in sorted((folder / "arena_catalog").glob("leaderboard-text*.json")):
        variant = "style_control" if "style-control" in path.name else "raw"
        tables = json.loads(path.read_text(encoding="utf-8"))
        categories = {
            CATEGORIES.get(category, category): [
                Model(name, None, figures["rating"])
                for name, figures in models.items()
                if figures["rating"] == figures["rating"]
            ]
            for category, models in tables.items()
        }
        yield Publication("catalog", variant, categories, None, day_in(path), rounded=False)


def read_site(folder: Path) -> Iterator[Publication]:
    seen: set[bytes] = set()
    for path in sorted((folder / "arena_site").glob("text-*.json")):
        body = path.read_bytes()
        if body in seen:
            continue
        seen.add(body)
        page = json.loads(body)
        stamp = page["meta"]["last_updated"]
        printed = datetime.strptime(stamp, "%b %d, %Y").replace(tzinfo=UTC).date() if stamp else None
        known = datetime.fromisoformat(page["meta"]["fetched_at"]).date()
        models = [
            Model(row["model"], row["vendor"], float(row["score"]))
            for row in page["models"]
            if row["score"] is not None
        ]
        yield Publication("site", "style_control", {"overall": models}, printed, known, rounded=True)


def read_markdown(folder: Path) -> Iterator[Publication]:
    for path in sorted((folder / "cherry_markdown").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        stamp = re.search(r"数据更新时间\W*(\d{4}-\d{2}-\d{2})", text)
        table = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
        head = [cell.strip() for cell in table[0]]
        name_at = next(place for place, cell in enumerate(head) if cell in ("模型名", "模型"))
        maker_at = next((place for place, cell in enumerate(head) if cell in ("服务商", "组织/公司")), None)
        models = []
        for cells in table[2:]:
            score = re.match(r"\s*(\d{3,4})", cells[head.index("分数")])
            assert score, cells
            maker = cells[maker_at].strip() if maker_at is not None else None
            models.append(markdown_model(cells[name_at], maker, float(score[1])))
        variant = "raw" if any("StyleCtrl" in cell for cell in head) else "style_control"
        known = date.fromisoformat(stamp[1]) if stamp else day_in(path)
        yield Publication("markdown", variant, {"overall": models}, None, known, rounded=True)


def markdown_model(cell: str, maker: str | None, score: float) -> Model:
    """The name out of links, tags and footnotes. A maker may be glued to both of its ends."""
    text = re.sub(r"\s*\[<sup>.*$", "", cell.strip())
    link = re.match(r"\[(.+?)\]\(", text)
    text = re.sub(r"<[^>]+>", "", link[1] if link else text)
    name = letters(text)
    if " · " in text:
        name = letters(text.rpartition(" · ")[0])
        maker = max((known for known in (US + CN).split() if name.endswith(known)), key=len, default="")
        name = name.removesuffix(maker)
    return Model(name, maker, score, other_name=name.removeprefix(letters(maker or "")))


def read_leaders(folder: Path) -> Iterator[Publication]:
    for path in sorted((folder / "hand_transcribed").glob("arena_text_*.csv")):
        variant = "style_control" if "style_control" in path.name else "raw"
        days: dict[date, list[Model]] = {}
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                model = Model(row["model"], row["organization"], float(row["rating"]))
                days.setdefault(date.fromisoformat(row["date"]), []).append(model)
        for day, models in days.items():
            yield Publication("leaders", variant, {"overall": models}, day, day, False, leaders_only=True)


def read_official(folder: Path) -> Iterator[Publication]:
    for subset, variant in (("text", "raw"), ("text_style_control", "style_control")):
        for path in sorted((folder / "lmarena_hf" / subset).glob("*.parquet")):
            columns = pyarrow.parquet.read_table(path).to_pydict()
            days: dict[date, dict[str, dict[str, Model]]] = {}
            contradicting: dict[date, set[str]] = {}
            for name, maker, score, category, printed in zip(
                columns["model_name"],
                columns["organization"],
                columns["rating"],
                columns["category"],
                columns["leaderboard_publish_date"],
                strict=True,
            ):
                if score is None or score != score:
                    continue
                day = date.fromisoformat(printed)
                models = days.setdefault(day, {}).setdefault(category, {})
                if models.setdefault(name, Model(name, maker, score)).score != score:
                    contradicting.setdefault(day, set()).add(category)
            for day, categories in days.items():
                tables = {category: list(models.values()) for category, models in categories.items()}
                bad = contradicting.get(day, set())
                yield Publication("official", variant, tables, day, day, rounded=False, contradicting=bad)


def same_figures(copy: Publication, other: Publication) -> bool:
    """Do 99 of 100 shared models of all shared categories agree but for the copy's rounding, and are there ten?"""
    shared = agreeing = 0
    for category in set(copy.categories) & set(other.categories):
        theirs = other.scores(category)
        for model in copy.categories[category]:
            scores = [theirs[name] for name in model.names() if name in theirs]
            if scores:
                shared += 1
                within = 0.05 + copy.rounded * 0.5 + 1e-6
                agreeing += min(abs(score - model.score) for score in scores) <= within
    return shared >= 10 and agreeing >= 0.99 * shared


def is_copy(one: Publication, other: Publication, seen: dict[str, date], cut: bool) -> bool:
    """Same figures, and no model first seen after the other's day (in a printed list that is cut: from its end up)."""
    if not same_figures(one, other):
        return False
    for category, models in one.categories.items():
        theirs = other.categories.get(category, [])
        end = min((model.score for model in theirs), default=float("inf")) if cut else float("-inf")
        if any(model.score >= end and min(seen[n] for n in model.names()) > other.day for model in models):
            return False
    return True


def first_seen(publications: list[Publication]) -> dict[str, date]:
    """Name of a model → the first day of a publication with it: printed, else known."""
    seen: dict[str, date] = {}
    for publication in publications:
        day = publication.printed or publication.known
        for models in publication.categories.values():
            for name in {name for model in models for name in model.names()}:
                seen[name] = min(day, seen.get(name, day))
    return seen


def give_days(publications: list[Publication], seen: dict[str, date]) -> None:
    """Printed days stand (unless a page's stamp was left standing); copies take the day of what they copy."""

    def is_cut(publication: Publication) -> bool:
        day = publication.printed
        sizes = [p.size() for p in publications if day and (p.printed or p.known) <= day]
        return bool(sizes) and publication.size() < 0.6 * max(sizes)

    ordered = sorted(publications, key=lambda p: p.known)
    dated: list[Publication] = []
    for publication in ordered:
        stale_stamp = publication.source == "site" and any(
            other.source == "site" and other.printed == publication.printed
            and not same_figures(publication, other)
            for other in dated
        )  # fmt: skip
        if publication.printed and not stale_stamp:
            publication.day = publication.printed
            dated.append(publication)
    undated = [publication for publication in ordered if publication not in dated]
    for place, publication in enumerate(undated):
        originals = [
            p for p in dated if p.day <= publication.known and is_copy(publication, p, seen, is_cut(p))
        ]
        earlier = [p for p in undated[:place] if is_copy(publication, p, seen, cut=False)]
        if originals:
            publication.day = max(p.day for p in originals)
        elif earlier:
            publication.day, publication.is_bounded = earlier[0].day, earlier[0].is_bounded
        else:
            publication.day, publication.is_bounded = publication.known, True


READERS: tuple[Callable[[Path], Iterator[Publication]], ...] = (
    read_old_mirror, read_csv_mirror, read_catalog, read_site, read_markdown, read_leaders, read_official,
)  # fmt: skip


@dataclass(frozen=True)
class Gap:
    status: str
    us: Model | None = None
    cn: Model | None = None
    day: date | None = None
    source: str = ""

    def points(self) -> float | None:
        return self.us.score - self.cn.score if self.us and self.cn else None


def months() -> Iterator[date]:
    year, month = FIRST
    while (year, month) <= LAST:
        yield date(year, month, 1)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def publication_of_month(
    publications: list[Publication], category: str, month: date
) -> Publication | date | None:
    """The month's last publication; of several of one day the most complete, then unrounded. The day if all contradict
    themselves, None if there is none.
    """
    held = [p for p in publications if category in p.categories and p.day.replace(day=1) == month]
    if not held:
        return None
    last = max((p.day, not p.is_bounded) for p in held)
    of_day = [p for p in held if (p.day, not p.is_bounded) == last]
    clean = [p for p in of_day if category not in p.contradicting]
    if not clean:
        return last[0]
    largest = max(p.size() for p in publications if p.day <= last[0] and not p.leaders_only)
    return max(
        clean,
        key=lambda p: (
            not p.leaders_only and p.size() >= 0.6 * largest,
            not p.leaders_only,
            len(p.categories[category]),
            not p.rounded,
        ),
    )


def gap_of_month(publications: list[Publication], category: str, month: date) -> Gap:
    """The gap in the publication of the month."""
    chosen = publication_of_month(publications, category, month)
    if not isinstance(chosen, Publication):
        return Gap("ambiguous", day=chosen) if chosen else Gap("no_snapshot")
    tops = {}
    for model in sorted(chosen.categories[category], key=lambda m: m.score):
        tops[country(model.maker, model.name)] = model
    us, cn = tops.get("US"), tops.get("CN")
    status = "leaders_only" if chosen.leaders_only else "observed"
    if us is None or cn is None:
        status = "no_us_model" if us is None else "no_cn_model"
    return Gap(status, us, cn, chosen.day, chosen.source)


@pytest.fixture(scope="module")
def publications(upstream: Path) -> dict[str, list[Publication]]:
    """Everything the raw files publish of the text board, dated, by variant."""
    return dated_publications(upstream)


@cache
def dated_publications(upstream: Path) -> dict[str, list[Publication]]:
    """Kept for another module of the same process: to date them takes long."""
    found: dict[str, list[Publication]] = {"raw": [], "style_control": []}
    for read in READERS:
        for publication in read(upstream):
            found[publication.variant].append(publication)
    seen = first_seen([*found["raw"], *found["style_control"]])
    for of_variant in found.values():
        give_days(of_variant, seen)
    return found


def differences(mine: Gap, row: dict[str, Any]) -> list[str]:
    """What the warehouse's row says otherwise than the independent calculation."""
    found = []
    if row["status"] != mine.status:
        found.append(f"status {row['status']}, not {mine.status}")
    if row["published_on"] != mine.day:
        found.append(f"snapshot of {row['published_on']}, not of {mine.day} ({mine.source})")
    gap, points = row["gap_points"], mine.points()
    if (gap is None) != (points is None) or (
        gap is not None and points is not None and abs(gap - points) > 1e-6
    ):
        found.append(f"gap {gap}, not {points}")
    if points is not None and mine.cn and abs(row["gap_pct_of_cn"] - 100 * points / mine.cn.score) > 1e-9:
        found.append(f"percentage {row['gap_pct_of_cn']}, not {100 * points / mine.cn.score}")
    for prefix, model in (("us", mine.us), ("cn", mine.cn)):
        name = row[f"{prefix}_model"]
        if (name is None) != (model is None) or (model and letters(name) not in model.names()):
            found.append(f"{prefix} leader {name}, not {model and model.name}")
    return found


def compare(
    warehouse: Candidate, publications: list[Publication], variant: str, overall: bool
) -> tuple[int, list[str]]:
    """How many months both calculations give, and each difference in words."""
    rows = warehouse.rows(
        "SELECT * FROM monthly_gap WHERE board = 'arena_text' AND variant = ? AND (category = 'overall') = ?",
        [variant, overall],
    )
    by_key = {(row["category"], row["month"]): row for row in rows}
    categories = {
        category for p in publications for category in p.categories if (category == "overall") == overall
    }
    assert {category for category, _ in by_key} == categories
    differing, compared = [], 0
    for category in sorted(categories):
        held = [p.day.replace(day=1) for p in publications if category in p.categories]
        for month in months():
            if not overall and month < min(held):
                assert (category, month) not in by_key
                continue
            mine, row = gap_of_month(publications, category, month), by_key.pop((category, month))
            compared += row["gap_points"] is not None
            differing += [f"{category} {month:%Y-%m}: {words}" for words in differences(mine, row)]
    assert not by_key
    return compared, differing


def test_overall_raw_gap_is_what_the_raw_files_give(
    shipped_build: Candidate, publications: dict[str, list[Publication]]
) -> None:
    compared, differing = compare(shipped_build, publications["raw"], "raw", overall=True)
    assert differing == []
    assert compared == 42


def test_outlook_and_its_record_are_what_the_raw_files_give(
    shipped_build: Candidate, publications: dict[str, list[Publication]]
) -> None:
    gaps = [gap_of_month(publications["raw"], "overall", month).points() for month in months()]
    points = [gap for gap in gaps if gap is not None]
    assert len(points) == len(gaps) == 42

    def spread(origin: int) -> float:
        changes = [later - earlier for earlier, later in pairwise(points[: origin + 1])][-12:]
        return math.sqrt(sum(change**2 for change in changes) / len(changes))

    last, where = len(points) - 1, "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall'"
    for row in shipped_build.rows(f"SELECT * FROM gap_outlook {where}"):
        reach = 1.959964 * spread(last) * math.sqrt(row["horizon"])
        band = [row["low_95"], row["point"], row["high_95"]]
        assert band == pytest.approx([points[last] - reach, points[last], points[last] + reach], abs=1e-4)
    record = shipped_build.rows(f"SELECT * FROM gap_outlook_record {where}")
    first = list(months()).index(date(2024, 1, 1))
    assert len(record) == sum(min(12, last - origin) for origin in range(first, last))
    for row in record:
        origin = list(months()).index(row["origin_month"])
        error = points[origin + row["horizon"]] - points[origin]
        sd = spread(origin) * math.sqrt(row["horizon"])
        assert (row["error"], row["sd"]) == (pytest.approx(error, abs=1e-6), pytest.approx(sd, abs=1e-6))
        assert row["is_within_80"] == (abs(error) <= 1.281552 * sd)


def test_overall_style_control_gap_is_what_the_raw_files_give(
    shipped_build: Candidate, publications: dict[str, list[Publication]]
) -> None:
    compared, differing = compare(shipped_build, publications["style_control"], "style_control", overall=True)
    assert differing == []
    assert compared == 16


@pytest.mark.parametrize("variant", ["raw", "style_control"])
def test_gap_of_every_category_is_what_the_raw_files_give(
    shipped_build: Candidate, publications: dict[str, list[Publication]], variant: str
) -> None:
    compared, differing = compare(shipped_build, publications[variant], variant, overall=False)
    assert differing == []
    assert compared > 150


def test_a_month_without_publication_is_no_snapshot_in_both(
    shipped_build: Candidate, publications: dict[str, list[Publication]]
) -> None:
    for month in ("2024-06", "2025-09"):
        mine = gap_of_month(publications["style_control"], "overall", warehouses.day(f"{month}-01"))
        row = shipped_build.gap(month, "style_control")
        assert (mine.status, row["status"]) == ("no_snapshot", "no_snapshot")
        assert row["us_score"] is row["cn_score"] is row["gap_points"] is row["snapshot_id"] is None


@pytest.mark.parametrize(("variant", "changed"), [("raw", 16), ("style_control", 7)])
def test_google_as_british_is_what_the_raw_files_give(
    shipped_build: Candidate,
    publications: dict[str, list[Publication]],
    variant: str,
    changed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Would catch months that Google leads and the sensitivity does not show, or shows with another gap."""
    hq = {month: gap_of_month(publications[variant], "overall", month).points() for month in months()}
    for names, of_google in (
        ("US", {"google", "googledeepmind"}),
        ("US_FAMILIES", {"gemini", "gemma", "palm"}),
    ):
        others = [name for name in globals()[names].split() if name not in of_google]
        monkeypatch.setitem(globals(), names, " ".join(others))
    without = {month: gap_of_month(publications[variant], "overall", month).points() for month in months()}
    rows = shipped_build.rows(
        "SELECT month, gap_points, default_gap_points FROM gap_sensitivity WHERE board = 'arena_text' "
        "AND category = 'overall' AND variant = ? AND country_rule = 'hq_google_gb' ORDER BY month",
        [variant],
    )
    assert [tuple(row.values()) for row in rows] == [
        (month, pytest.approx(without[month]), pytest.approx(hq[month]))
        for month in months()
        if without[month] != hq[month]
    ]
    assert len(rows) == changed


def tops_on(warehouse: Candidate, day: str) -> dict[str, tuple[str, float]]:
    rows = warehouse.rows(
        "SELECT country, model_name, score FROM core.country_leaders JOIN core.snapshots USING (snapshot_id) "
        "WHERE source_id = 'chatbot_arena_history' AND category = 'overall' AND published_on = ? "
        "AND country IN ('US', 'CN') AND country_rule = 'hq'",
        [warehouses.day(day)],
    )
    return {row["country"]: (row["model_name"], row["score"]) for row in rows}


@pytest.mark.parametrize("day", ["2025-02-09", "2025-02-14"])
def test_february_2025_gives_the_ai_index_figure_of_1_70_percent(shipped_build: Candidate, day: str) -> None:
    tops = tops_on(shipped_build, day)
    (us_model, us), (cn_model, cn) = tops["US"], tops["CN"]
    assert (us_model, cn_model) == ("gemini-2.0-flash-thinking-exp-01-21", "deepseek-r1")
    assert (round(us), round(cn)) in {(1384, 1361), (1385, 1361)}
    assert round(100 * (us - cn) / cn, 2) == 1.70


def test_february_2025_counts_the_anonymous_preview_only_where_all_listed_models_count(
    shipped_build: Candidate,
) -> None:
    row = shipped_build.gap("2025-02")
    assert (row["us_model"], row["published_on"]) == ("early-grok-3", warehouses.day("2025-02-27"))
    assert row["gap_points"] == pytest.approx(40.8, abs=0.05)
    [public] = shipped_build.rows(
        "SELECT max(score) FILTER (country = 'US') - max(score) FILTER (country = 'CN') AS gap "
        "FROM core.scores JOIN core.model_countries USING (model_id) "
        "WHERE snapshot_id = ? AND category = 'overall' AND country_rule = 'hq' AND is_public",
        [row["snapshot_id"]],
    )
    assert public["gap"] == pytest.approx(21.9, abs=0.05)


def test_november_2023_takes_openchat_as_decided(shipped_build: Candidate) -> None:
    row = shipped_build.gap("2023-11")
    assert row["gap_points"] == pytest.approx(143.4, abs=0.05)
    assert (row["us_model"], row["cn_model"]) == ("gpt-4-turbo", "openchat-3.5")


def test_the_catalog_of_december_2025_restates_the_leaders_of_february_2025(shipped_build: Candidate) -> None:
    rows = shipped_build.rows(
        "SELECT model_id, score FROM core.scores JOIN core.snapshots USING (snapshot_id) "
        "WHERE source_id = 'arena_catalog' AND board = 'arena_text' AND variant = 'style_control' "
        "AND category = 'overall' AND known_at::DATE = DATE '2025-12-11' "
        "AND model_id IN ('o1-2024-12-17', 'deepseek-r1')"
    )
    assert {row["model_id"]: round(row["score"], 1) for row in rows} == {
        "o1-2024-12-17": 1401.2,
        "deepseek-r1": 1396.1,
    }
