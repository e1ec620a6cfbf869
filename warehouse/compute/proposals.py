"""What to do about a printed name that the reference tables do not hold: a line to paste, or a parser to mend.

Proposals are for a person to judge, never applied. A name is compared with known ones by its `skeleton` only, so that
``gpt_5_4_xhigh`` is found to be ``gpt-5.4-xhigh``; nothing is proposed because two names are merely similar.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields

import polars as pl

from warehouse.compute.name_resolution import PrintedName
from warehouse.reference import COLUMNS, ReferenceData, split_names

#: What only a person can fill in.
COUNTRY, MAKER, EVIDENCE = "<country>", "<organization_id>", "<where a person can check>"
PLACEHOLDERS = (COUNTRY, MAKER, EVIDENCE)
#: Shorter names of makers are found in too many names of models.
SHORTEST_MAKER = 3


@dataclass(frozen=True)
class Proposal:
    """What to do about one printed name.

    ``csv_line`` is the line that is enough, for the reference table ``csv_file``; both are None for a name that is no
    model's. ``model_line`` is the line of models.csv, whichever is enough. ``advice`` is one clause for a message.
    """

    source_id: str
    model_name: str
    organization_name: str
    advice: str
    csv_file: str | None
    csv_line: str | None
    model_line: str


#: The words that say how hard a model thinks; the last ones of the name of an effort variant.
EFFORTS = re.compile(
    r"(?:[\W_]+(?:no|non|auto|thinking|reasoning|none|minimal|low|medium|high|xhigh|max|\d+k|effort)\)?)+$"
)

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^a-z0-9]+(?=\d)")
_SEPARATORS = re.compile(r"[^a-z0-9.]+")
_FIRST_WORD = re.compile(r"[a-z]{3,}")

SCHEMA = {column.name: pl.String() for column in fields(Proposal)}


def skeleton(name: str) -> str:
    """``name`` without case, blanks and separators; between two digits a separator stays, as a full stop."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _BETWEEN_DIGITS.sub(".", text)
    if not text.strip("."):
        return text
    if text.isascii():
        return _SEPARATORS.sub("", text)
    return "".join(c for c in text if c.isalnum() or c == ".")


def csv_line(cells: Iterable[str | None]) -> str:
    """``cells`` as one line of comma-separated values."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return out.getvalue()


def slug(name: str) -> str:
    """``name`` as an id of a reference table: small letters, digits, full stops and hyphens."""
    return re.sub(r"[^a-z0-9.]+", "-", name.strip().lower()).strip("-") or "unnamed"


class Proposer:
    """Proposes lines from the reference tables."""

    def __init__(self, reference: ReferenceData) -> None:
        self._models = {row["model_id"]: row for row in reference.models.iter_rows(named=True)}
        self._organizations = {
            row["organization_id"]: row for row in reference.organizations.iter_rows(named=True)
        }
        names = [
            (name, row["model_id"])
            for row in self._models.values()
            for name in [*split_names(row["names"]), row["model_id"]]
        ]
        names += [(row["name"], row["model_id"]) for row in reference.name_periods.iter_rows(named=True)]
        self._by_skeleton = _unique(names)
        self._makers_by_skeleton = _unique(
            (name, row["organization_id"])
            for row in self._organizations.values()
            for name in [*split_names(row["names"]), row["organization_id"]]
        )
        printed = {name for row in self._organizations.values() for name in split_names(row["names"])}
        # The longest first: SpaceXAI before XAI.
        self._printed_makers = sorted(
            (name for name in printed if len(name) >= SHORTEST_MAKER), key=lambda name: (-len(name), name)
        )
        bases: dict[str, set[tuple[str | None, str]]] = {}
        for name, model_id in [
            *names,
            *((row["base_model"], key) for key, row in self._models.items() if row["base_model"]),
        ]:
            row = self._models[model_id]
            bases.setdefault(skeleton(without_effort(name)), set()).add(
                (row["organization_id"], row["base_model"] or without_effort(model_id))
            )
        self._bases = {text: next(iter(found)) for text, found in bases.items() if len(found) == 1}
        families: dict[str, Counter[str]] = {}
        for name, model_id in names:
            families.setdefault(_family(name), Counter())[
                self._models[model_id]["organization_id"] or ""
            ] += 1
        self._families = {
            family: next(iter(makers))
            for family, makers in families.items()
            if family and len(makers) == 1 and "" not in makers and makers.total() > 1
        }

    def propose(self, name: PrintedName, organization_id: str | None = None) -> Proposal:
        """What to do about ``name``, whose maker is ``organization_id`` if that is known."""
        known = self._by_skeleton.get(skeleton(name.model_name)) or self._by_skeleton.get(
            skeleton(_without_word_effort(name.model_name))
        )
        maker, base = self._variant_of(name.model_name)
        maker = organization_id or maker or self._families.get(_family(name.model_name))
        model_line = self._with_name(known, name.model_name) if known else _new_model(name, maker, base)
        advice, file, line = self._remedy(name, known, maker, base, model_line)
        return Proposal(**asdict(name), advice=advice, csv_file=file, csv_line=line, model_line=model_line)

    def _remedy(
        self, name: PrintedName, known: str | None, maker: str | None, base: str | None, model_line: str
    ) -> tuple[str, str | None, str | None]:
        if known:
            advice = f"it is spelt like {known}; if it is that model, replace its line in models.csv by"
            return advice, "models.csv", model_line
        if glued := self._glued(name.model_name):
            advice = (
                f"its maker seems to be glued on ({' + '.join(glued)}), so this is no new model but a matter of the "
                f"parser: sources/{name.source_id}.py read two cells as one"
            )
            return advice, None, None
        if name.organization_name:
            printed = name.organization_name
            if spelt := self._makers_by_skeleton.get(skeleton(printed)):
                row = self._organizations[spelt]
                line = csv_line({**row, "names": f"{row['names']} | {printed}"}.values())
                return (
                    f"its maker is spelt like {spelt}; if it is that one, replace its line in organizations.csv by",
                    "organizations.csv",
                    line,
                )
            line = csv_line(
                {
                    **dict.fromkeys(COLUMNS["organizations"]),
                    "organization_id": self._free(slug(printed)),
                    "name": printed,
                    "hq_country": COUNTRY,
                    "names": printed,
                    "evidence": EVIDENCE,
                }.values()
            )
            return "one line in organizations.csv, for its maker, is enough", "organizations.csv", line
        if maker and base:
            advice = f"it is named like {base} of {maker} at another effort; if it is that, add to models.csv"
        elif maker:
            advice = f"every known model of its family is by {maker}; if it is too, add to models.csv"
        else:
            advice = "add to models.csv (and its maker to organizations.csv if that is new)"
        return advice, "models.csv", model_line

    def _variant_of(self, name: str) -> tuple[str | None, str | None]:
        """The maker and the base model of which ``name`` is an effort variant, if that is what its last words say."""
        base = without_effort(name)
        return self._bases.get(skeleton(base), (None, None)) if base != name.casefold() else (None, None)

    def _with_name(self, model_id: str, name: str) -> str:
        """The line of a known model with one more printed name."""
        row = self._models[model_id]
        names = [*split_names(row["names"]), name]
        return csv_line({**row, "names": " | ".join(names)}.values())

    def _glued(self, name: str) -> tuple[str, str] | None:
        """The model and the maker that ``name`` consists of, in their order, if nothing separates the two.

        Names that begin or end like a maker are not all of that kind: MetaMath and CosmoNova are names.
        """
        text, _, licence = name.partition(" · ")
        for maker in self._printed_makers:
            model = text.removesuffix(maker)
            if model != text and len(model) > 2:
                reads_on = model[-1].isalnum() and maker[0].isupper() and not model.isalpha()
                if licence or reads_on or skeleton(model) in self._by_skeleton:
                    return model.rstrip(), maker
            model = text.removeprefix(maker)
            if model == text or len(model) < 3:
                continue
            if model[0].islower() or model[0].isdigit() or skeleton(model) in self._by_skeleton:
                return maker, model
        return None

    def _free(self, organization_id: str) -> str:
        return organization_id if organization_id not in self._organizations else f"{organization_id}-2"


def proposals(reference: ReferenceData, names: Iterable[tuple[PrintedName, str | None]]) -> pl.DataFrame:
    """A row for each of ``names``, each with its maker if known; the columns of `SCHEMA`."""
    proposer = Proposer(reference)
    rows = [asdict(proposer.propose(name, maker)) for name, maker in names]
    return pl.DataFrame(rows, schema=SCHEMA)


def country_lines(reference: ReferenceData) -> pl.DataFrame:
    """The line of each organization without a country, with a place for it: organization_id, csv_line."""
    rows = [
        {
            "organization_id": row["organization_id"],
            "csv_line": csv_line({**row, "hq_country": COUNTRY}.values()),
        }
        for row in reference.organizations.iter_rows(named=True)
        if not row["hq_country"]
    ]
    return pl.DataFrame(rows, schema={"organization_id": pl.String(), "csv_line": pl.String()})


def without_effort(name: str) -> str:
    """``name`` in small letters without the words at its end that say how hard it thinks."""
    return EFFORTS.sub("", name.casefold())


def _without_word_effort(name: str) -> str:
    """``high`` and ``high-effort`` are one variant."""
    return re.sub(r"(?i)[\W_]+effort\)?$", "", name)


def _new_model(name: PrintedName, maker: str | None, base: str | None) -> str:
    effort = EFFORTS.search(name.model_name.casefold()) if base else None
    cells: Mapping[str, str | None] = {
        **dict.fromkeys(COLUMNS["models"]),
        "model_id": slug(_without_word_effort(name.model_name)),
        "name": name.model_name,
        "organization_id": maker or MAKER,
        "base_model": base,
        "effort": slug(effort[0]).removesuffix("-effort") if effort else None,
        "names": name.model_name,
        "evidence": EVIDENCE,
    }
    return csv_line(cells.values())


def _family(name: str) -> str:
    """The word a name begins with, if it is a word of three letters or more."""
    found = _FIRST_WORD.match(name.casefold())
    return found[0] if found else ""


def _unique(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Skeleton → id, of skeletons that only one id has."""
    found: dict[str, set[str]] = {}
    for name, key in names:
        found.setdefault(skeleton(name), set()).add(key)
    return {text: next(iter(keys)) for text, keys in found.items() if text and len(keys) == 1}
