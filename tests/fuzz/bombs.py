"""Small bodies that stand for enormous ones, or take a reader endless time: some two hundred, each of a kind."""

from __future__ import annotations

import functools
import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fixtures import bodies
from tests.fuzz.bases import Base

MB = 1_000_000


@dataclass(frozen=True)
class Bomb:
    """A hostile body; it is made when it is needed."""

    name: str
    source_id: str
    request: str
    file_name: str
    make: Callable[[], bytes]

    def base(self) -> Base:
        """The bomb as a body of its source."""
        return Base(self.source_id, self.request, self.file_name, self.make())


def bombs() -> list[Bomb]:
    """Every bomb, in a fixed order."""
    found = []
    for kind, places, made in (
        ("parquet", PARQUETS, _parquets()),
        ("csv", CSVS, _csvs()),
        ("json", JSONS, _jsons()),
        ("yaml", YAMLS, _yamls()),
        ("html", HTMLS, _htmls()),
        ("markdown", MARKDOWNS, _markdowns()),
        ("zip", ZIPS, _zips()),
    ):
        for number, (name, make) in enumerate(made):
            source_id, request, file_name = places[number % len(places)]
            found.append(Bomb(f"{kind}: {name}", source_id, request, file_name, make))
    return found


Place = tuple[str, str, str]
PARQUETS: tuple[Place, ...] = (("lmarena_hf", "text", "text/2026-01-02.parquet"),)
CSVS: tuple[Place, ...] = (
    ("chatbot_arena_history", "alltime", "alltime.csv"),
    ("llm_leaderboard_csv", "text", "2024-07-10_bfa7927.csv"),
    ("epoch_eci", "eci_scores", "eci_scores_2026-10-01.csv"),
    ("epoch_hardware", "ml_hardware", "ml_hardware_2026-04-22.csv"),
    ("epoch_notable_models", "notable_ai_models", "notable_ai_models_2026-01-26.csv"),
    ("arena_leaders_transcribed", "text", "arena_text_raw_top_rows.csv"),
    ("ai_index_figures", "cited", "published_figures.csv"),
    ("epoch_benchmarks", "scores", "benchmark_scores_2026-08-22.csv"),
)
JSONS: tuple[Place, ...] = (
    ("arena_catalog", "text", "leaderboard-text__2025-03-07_b3b0fef89.json"),
    ("arena_site_mirror", "text", "text-2026-03-19.json"),
    ("litellm_prices", "prices", "2026-06-29_aaaaaaa.json"),
    ("models_dev", "api", "models_dev_api_2026-07-01.json"),
)
YAMLS: tuple[Place, ...] = (
    ("aider", "polyglot", "polyglot_leaderboard.yml"),
    ("metr_horizon", "benchmark_results", "benchmark_results_1_1.yaml"),
)
HTMLS: tuple[Place, ...] = (
    ("lmarena_site", "text", ""),
    ("arena_html", "captured", "page_2025-03-28.html"),
    ("ai_index_pages", "2026-technical-performance", ""),
)
MARKDOWNS: tuple[Place, ...] = (("cherry_markdown", "text", "2026-02-15_lmarena.md"),)
ZIPS: tuple[Place, ...] = (
    ("epoch_benchmarks", "benchmark_data", "benchmark_data_2026-10-01.zip"),
    ("livebench", "release", "table_2026_01_08.zip"),
    ("ai_index_data", "public_data", "public_data.zip"),
)

Made = Iterator[tuple[str, Callable[[], bytes]]]


# --- Parquet


def _repeated(rows: int, columns: int = 11, value: object = "x" * 20, **options: object) -> bytes:
    """``rows`` equal rows, which Parquet keeps in a few bytes."""
    names = [*bodies.HF_TYPES][:columns] + [f"column{place}" for place in range(columns - 11)]
    column = (
        pa.repeat(pa.scalar(value), rows)
        if not isinstance(value, str)
        else pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([value]))
    )
    target = io.BytesIO()
    pq.write_table(pa.table([column] * columns, names=names), target, **{"compression": "zstd", **options})
    return target.getvalue()


def _lying(body: bytes, old: int, new: int) -> bytes:
    """``body`` with the number ``old`` of its footer and pages replaced, as Thrift writes numbers."""
    return body.replace(_zigzag(old), _zigzag(new))


def _zigzag(value: int) -> bytes:
    value, found = value << 1, bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _nested(depth: int) -> bytes:
    kind: pa.DataType = pa.int8()
    for _ in range(depth):
        kind = pa.list_(kind)
    target = io.BytesIO()
    pq.write_table(pa.table({"model_name": pa.nulls(10, kind)}), target)
    return target.getvalue()


def _wide(columns: int) -> bytes:
    target = io.BytesIO()
    pl.DataFrame({f"c{place}": [1] for place in range(columns)}).write_parquet(target)
    return target.getvalue()


def _plain_text(size: int) -> bytes:
    """Long texts, each another, that compress to nearly nothing."""
    texts = [f"{place:06}" + "a" * (size // 100) for place in range(100)]
    target = io.BytesIO()
    frame = pl.DataFrame(
        [bodies.hf_row(place, model_name=text) for place, text in enumerate(texts)], schema=bodies.HF_TYPES
    )
    frame.write_parquet(target, compression="zstd", compression_level=9)
    return target.getvalue()


def _parquets() -> Made:
    for rows in (2 * MB, 5 * MB, 20 * MB):
        yield f"{rows} equal rows", functools.partial(_repeated, rows)
    for rows in (2 * MB, 20 * MB):
        yield f"{rows} rows of numbers", functools.partial(_repeated, rows, value=1.0)
    for rows, size in ((100_000, 10_000), (MB, 10_000), (MB, 100_000), (10_000, 10 * MB), (MB, 1000)):
        yield f"{rows} times a text of {size}", functools.partial(_repeated, rows, value="y" * size)
    for columns in (500, 2000, 20_000):
        yield f"{columns} columns", functools.partial(_wide, columns)
    for columns in (100, 1000):
        yield f"{MB} rows of {columns} columns", functools.partial(_repeated, MB, columns)
    for depth in (5, 50, 300):
        yield f"lists {depth} deep", functools.partial(_nested, depth)
    for size in (100 * MB, 400 * MB):
        yield f"{size} bytes of long texts", functools.partial(_plain_text, size)
    for claim in (10**6, 10**8, 2**31 - 1, 2**40, 2**62):
        yield f"{claim} rows claimed", lambda claim=claim: _lying(_repeated(1234, 11), 1234, claim)
    for claim in (10**8, 2**31 - 1):
        yield (
            f"few rows claimed of {claim % 97} pages",
            lambda claim=claim: _lying(_repeated(3 * MB, 11), 3 * MB, claim % 97),
        )
    yield "a footer of its own size", lambda: b"PAR1" + bytes(3 * MB) + struct.pack("<I", 3 * MB) + b"PAR1"
    yield "a footer of 2 GB", lambda: b"PAR1" + bytes(100) + struct.pack("<I", 2**31 - 1) + b"PAR1"
    yield "many row groups", lambda: _repeated(20_000, 11, row_group_size=1)
    yield "gzip within", functools.partial(_repeated, MB, value="z" * 5000, compression="gzip")
    yield "brotli within", functools.partial(_repeated, MB, value="z" * 5000, compression="brotli")


# --- CSV


def _csvs() -> Made:
    head = b"key,Model,rating,License,Organization,date\n"
    for size in (5 * MB, 60 * MB, 200 * MB):
        yield f"{size} newlines", lambda size=size: b"\n" * size
        yield f"{size} newlines under a header", lambda size=size: head + b"\n" * size
        yield f"{size} commas", lambda size=size: b"," * size
        yield f"one field of {size}", lambda size=size: head + b'a,"' + b"x" * size + b'",1,MIT,N,20240101\n'
        yield f"an open quote of {size}", lambda size=size: head + b'"' + b"a,b\n" * (size // 4)
        yield f"{size} quotes", lambda size=size: head + b'"' * size
        yield f"a header of {size}", lambda size=size: b"x" * size + b",Model\n1,2\n"
    for columns in (2000, 100_000, MB):
        row = b",".join(b"c%d" % place for place in range(columns)) + b"\n"
        yield f"{columns} columns", lambda row=row: row + row
        yield f"{columns} columns in many rows", lambda row=row: row + b"1\n" * 500_000
        yield f"one row of {columns} fields", lambda columns=columns: head + b"1," * columns + b"\n"
    for name, cell in {
        "blanks in a cell": b" " * MB,
        "a number of a million digits": b"9" * MB,
        "zeros": b"0." + b"0" * MB + b"1",
        "commas in a number": b'"' + b"1," * 500_000 + b'1"',
        "semicolons": b"a;" * 500_000,
        "brackets": b"(" * MB,
        "digits and blanks": b"1 " * 500_000,
        "hyphens": b"-" * MB,
        "NULs": b"\0" * MB,
        "a title of words": b"word " * 200_000,
    }.items():
        for column in range(2):
            cells = [b"s", b"Sample", b"1300", b"MIT", b"N", b"20240101"]
            cells[column + 1] = cell
            yield f"{name}, column {column}", lambda cells=cells: head + b",".join(cells) + b"\n"
        yield (
            f"{name}, in every list",
            lambda cell=cell: (
                b",".join(_every_column()) + b"\n" + b",".join([cell] * len(_every_column())) + b"\n"
            ),
        )
    yield "carriage returns", lambda: head + b"\r" * 50 * MB
    yield "as UTF-16", lambda: (head * 100_000).decode().encode("utf-16")


def _every_column() -> list[bytes]:
    """Columns of every CSV source at once."""
    names = {
        *bodies.ALLTIME,
        *bodies.LEADERBOARD,
        *bodies.LEADERS,
        "benchmark",
        "score",
        "eci",
        "Model name",
        "display_name",
        "Hardware name",
        "Manufacturer",
        "Release date",
        "Publication date",
        "Country (of organization)",
        "edition",
        "figure",
        "measure",
        "period",
        "us",
        "china",
        "other",
        "unit",
        "gap",
        "gap_unit",
        "note",
        "citation",
        "Domain",
    }
    return sorted(name.encode() for name in names)


# --- JSON


def _jsons() -> Made:
    for depth in (900, 10_000, MB):
        yield f"lists {depth} deep", lambda depth=depth: b'{"full":' + b"[" * depth + b"]" * depth + b"}"
        yield f"objects {depth} deep", lambda depth=depth: b'{"a":' * depth + b"1" + b"}" * depth
        yield f"{depth} deep and cut", lambda depth=depth: b'{"full":' + b"[" * depth
    for many in (MB, 20 * MB):
        yield f"{many} empty lists", lambda many=many: b'{"full":[' + b"[]," * many + b"1]}"
        yield f"{many} numbers", lambda many=many: b'{"full":[' + b"1," * many + b"1]}"
    yield "a million keys", lambda: json.dumps({f"k{place}": place for place in range(MB)}).encode()
    yield "a million objects", lambda: b'{"full":[' + b'{"a":1},' * MB + b"{}]}"
    yield "a text of 100 MB", lambda: b'{"full":"' + b"x" * 100 * MB + b'"}'
    yield "escapes", lambda: b'{"full":"' + rb"\u4e2d" * 5 * MB + b'"}'
    yield "lone surrogates", lambda: b'{"full":{"' + rb"\ud800" * 1000 + b'":{"rating":1}}}'
    for name, value in {
        "digits": b"9" * MB,
        "an exponent": b"1e999999",
        "a long exponent": b"1e" + b"9" * MB,
        "a long fraction": b"0." + b"3" * MB,
        "4299 digits": b"9" * 4299,
        "NaN": b"NaN",
        "minus": b"-" * MB,
    }.items():
        for shape in (
            b'{"full":{"a":{"rating":%b,"rating_q975":1,"rating_q025":1}}}',
            b'{"a":{"litellm_provider":"x","mode":"chat","input_cost_per_token":%b}}',
            b'{"n":{"models":{"a":{"id":"a","cost":{"input":%b}}}}}',
        ):
            yield f"{name} in {shape[:12].decode()}", lambda shape=shape, value=value: shape % value
    yield "blanks", lambda: b"{" + b" " * 60 * MB + b"}"
    yield "a key of 10 MB", lambda: b'{"' + b"k" * 10 * MB + b'":{"rating":1}}'


# --- YAML


def _yamls() -> Made:
    size = 250_000
    shapes: dict[str, Callable[[], bytes]] = {
        "a list in brackets": lambda: b"[" + b"a," * (size // 2) + b"a]",
        "open brackets": lambda: b"[" * size,
        "open braces": lambda: b"{a: " * (size // 4),
        "dashes": lambda: b"- " * (size // 2),
        "items": lambda: b"- a\n" * (size // 4),
        "questions": lambda: b"? " * (size // 2),
        "sixties": lambda: b"- " + b"1:" * (size // 2) + b"1",
        "digits": lambda: b"- " + b"9" * size,
        "indents": lambda: b"".join(b" " * place + b"a:\n" for place in range(700)),
        "tags": lambda: b"- !!str a\n" * (size // 10),
        "tabs": lambda: b"\t" * size,
        "comments": lambda: b"#\n" * (size // 2),
        "a folded text": lambda: b">\n" + b" a\n\n" * (size // 4),
        "quotes": lambda: b'"' * size,
        "escapes": lambda: b'"' + rb"\x41" * (size // 4) + b'"',
        "binary": lambda: b"- !!binary " + b"A" * size,
        "a set": lambda: b"!!set {" + b"a, " * (size // 3) + b"}",
        "omap": lambda: b"!!omap [" + b"a: b, " * (size // 6) + b"]",
        "dates": lambda: b"- 9999-99-99\n" * (size // 13),
        "too large": lambda: b"a: b\n" * MB,
        "anchors": lambda: b"".join(b"- &a%d x\n" % place for place in range(size // 10)),
        "aliases": lambda: b"a: &a [x, x]\nb: [" + b"*a, " * 10_000 + b"]",
        "floats": lambda: b"- 1" + b"_" * size,
        "years": lambda: b"- 0000-01-01",
        "keys": lambda: b"".join(b"k%d: v\n" % place for place in range(size // 11)),
    }
    yield from shapes.items()


# --- HTML


def _htmls() -> Made:
    start = "<!DOCTYPE html><html><body>"
    shapes: dict[str, Callable[[], str]] = {}
    for many in (1000, 2000, 20_000, 200_000):
        for tags in ("<table><tr><td>", "<div>", "<span><b>", "<ul><li>", "<a><p>"):
            shapes[f"{many} of {tags}"] = lambda many=many, tags=tags: start + tags * many
    for many in (100_000, MB):
        shapes[f"{many} attributes"] = lambda many=many: (
            start + "<table " + " ".join(f"a{place}=1" for place in range(many)) + "><tr><td>x</table>"
        )
        shapes[f"{many} cells"] = lambda many=many: start + "<table><tr>" + "<td>a" * many
        shapes[f"{many} rows"] = lambda many=many: start + "<table>" + "<tr><td>a" * many
        shapes[f"{many} tables"] = lambda many=many: start + "<table></table>" * many
        shapes[f"{many} paragraphs"] = lambda many=many: start + "<p>The US had 1 model." * many
    for span in ("colspan", "rowspan"):
        shapes[f"{span} of a billion"] = lambda span=span: (
            start + f"<table><tr><th>Model<th>Rank</tr><tr><td {span}=999999999>x" * 500
        )
        shapes[f"{span} of a thousand"] = lambda span=span: (
            start + f"<table><tr><th>Model<th>Rank</tr>{f'<tr><td {span}=1000>x' * 5000}"
        )
    shapes["both spans"] = lambda: start + "<table>" + "<tr><td colspan=1000 rowspan=65534>x" * 500
    shapes["many tables of spans"] = lambda: (
        start + ("<table><tr>" + "<td colspan=1000>x" * 190 + "</table>") * 500
    )
    shapes["a sentence without end"] = lambda: (
        start + "<main><p>" + "In 2025 the US had 50 notable models and China 30, " * 20_000
    )
    shapes["numbers without end"] = lambda: (
        start + "<main><p>In 2025 the US had " + "1,234 " * 100_000 + "models, China 30.</p>"
    )
    shapes["commas without end"] = lambda: (
        start + "<main><p>The US had " + "1," * 200_000 + " models, China 30."
    )
    shapes["blanks without end"] = lambda: start + "<main><p>The US" + "&nbsp;" * 200_000 + "China 30."
    shapes["entities"] = lambda: start + "&amp;" * 2 * MB
    shapes["a comment"] = lambda: start + "<!--" + "-" * 10 * MB
    shapes["Last updated"] = lambda: start + "Last updated " * 200_000
    shapes["months"] = lambda: (
        start
        + "".join(f"<div>Jan {place % 40}, 2026</div>" for place in range(30_000))
        + "<table><tr><th>Rank<th>Model<th>Score<th>Votes"
    )
    shapes["text"] = lambda: start + "words " * 5 * MB
    for name, text in shapes.items():
        yield name, lambda text=text: f"{text()}</table></body></html>".encode()


# --- Markdown


def _markdowns() -> Made:
    head = bodies.cherry_glued(0).split("## 说明")[0].rstrip() + "\n"
    row = "| 1 | 13 | {} | 1500±8 | 1,234 | N/A | 1M |\n"
    shapes: dict[str, Callable[[], str]] = {
        "blanks in a name": lambda: head + row.format("a" + " " * 200_000 + "b"),
        "brackets": lambda: head + row.format("[" * 200_000),
        "footnotes": lambda: head + row.format("[<sup>" * 50_000),
        "tags": lambda: head + row.format("<a" * 200_000),
        "stars": lambda: head + row.format("*" * 200_000),
        "separators": lambda: head + row.format(" · " * 100_000),
        "escapes": lambda: head + row.format("\\" * 200_000),
        "cells": lambda: head + "|" * 500_000 + "\n",
        "columns": lambda: "|" + "a|" * 200_000 + "\n|" + "---|" * 200_000 + "\n",
        "rows": lambda: head + row.format("a · b") * 100_000,
        "stamps": lambda: "数据更新时间" * 200_000,
        "a stamp and blanks": lambda: "数据更新时间:" + " " * 200_000,
        "a stamp and stars": lambda: "数据更新时间" + "*" * 200_000 + head,
        "many tables": lambda: (head + row.format("a")) * 5000,
        "a line of 20 MB": lambda: head + "|" + "x" * 20 * MB,
        "entities": lambda: head + row.format("&amp;" * 100_000),
        "digits": lambda: head + row.format("a").replace("1500", "1" * 200_000),
        "a spread": lambda: head + row.format("a").replace("±8", "±" * 200_000),
        "newlines": lambda: head + "\n" * 50 * MB,
        "pipes": lambda: "|\n" * 5 * MB,
    }
    for name, text in shapes.items():
        yield name, lambda text=text: text().encode()


# --- ZIP


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _overlapping(many: int, size: int) -> bytes:
    """An archive whose entries all point at the same packed bytes."""
    packed = zlib.compress(bytes(size), 9)[2:-4]
    crc = zlib.crc32(bytes(size))
    name = b"a000000.csv"
    local = (
        struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
        + name
        + packed
    )
    listed = b"".join(
        struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            33,
            crc,
            len(packed),
            size,
            len(name),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"a%06d.csv" % place
        for place in range(many)
    )
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, many & 0xFFFF, many & 0xFFFF, len(listed), len(local), 0
    )
    return local + listed + end


def _deep(levels: int) -> bytes:
    body = bytes(10 * MB)
    for _ in range(levels):
        body = _zip({"gpqa_diamond.csv": body, "table_2026_01_08.csv": body, "fig_1.1.1.csv": body})
    return body


def _zips() -> Made:
    names = ("gpqa_diamond.csv", "table_2026_01_08.csv", "fig_1.1.1.csv", "categories_2026_01_08.json")
    for size in (50 * MB, 300 * MB, 1000 * MB):
        for content in (b"\0", b"\n", b","):
            yield (
                f"{size} of {content!r}",
                lambda size=size, content=content: _zip({names[0]: content * size}),
            )
    for name in names:
        yield f"60 MB of {name}", lambda name=name: _zip({name: b"1,2\n" * 15 * MB, names[3]: b'{"a":["b"]}'})
    for levels in (2, 5):
        yield f"{levels} levels", functools.partial(_deep, levels)
    for many in (2000, 60_000):
        yield f"{many} files", lambda many=many: _zip({f"{place}.csv": b"" for place in range(many)})
        yield f"{many} entries of one", functools.partial(_overlapping, many, MB)
    yield "900 entries of one", functools.partial(_overlapping, 900, MB)
    for method, kind in ((zipfile.ZIP_LZMA, "LZMA"), (zipfile.ZIP_BZIP2, "bzip2")):
        yield f"{kind}", lambda method=method: _zip(dict.fromkeys(names, b"a" * 50 * MB), method)
    yield "names of 60 kB", lambda: _zip({f"{place}" + "n" * 60_000: b"" for place in range(500)})
    yield "a gzip in it", lambda: _zip({name: gzip.compress(bytes(100 * MB)) for name in names})
    yield (
        "a comment of entries",
        lambda: _zip({names[0]: b"a"})[:-2] + struct.pack("<H", 65_000) + b"PK\x01\x02" * 16_250,
    )
