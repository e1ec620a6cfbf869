"""Mutations of a body: what upstreams, mirrors, editors and enemies do to a table.

A body is changed as the table it is (cells, columns, rows, keys), as text (numbers, days, characters) or as bytes.
Every choice comes from the given `random.Random`, so equal seeds give equal bodies.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import polars as pl

NUMBER = re.compile(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.-])")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}(?!\d)|[A-Z][a-z]{2} \d{1,2}, \d{4}")
WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
FACTORS = (10.0, 100.0, 1000.0, 1e6, 0.1, 0.01, 0.001, 1e-6, -1.0)
NUMBERS = (
    "NaN",
    "nan",
    "inf",
    "-inf",
    "Infinity",
    "1e308",
    "-1e308",
    "1e999999",
    "1e-320",
    "9" * 30,
    "9" * 5000,
    "-1",
    "0",
    "-0",
    "",
    " ",
    "-",
    "1,234,5",
    "1443,5",
    "１２３４",
    "٣٤",
    "0x1F",
    "1_000",
    "true",
    "null",
    "N/A",
    "1.2.3",
    "+5",
    "½",
    "5 000",
    "1'234",
    "99999999999999999999",
    "1e3",
    "12:30",
    "1e400",
    "∞",
    "one",
    "—",
)
DAYS = (
    "0000-00-00",
    "0000-01-01",
    "0001-01-01",
    "1970-01-01",
    "1900-01-01",
    "2062-05-05",
    "9999-12-31",
    "10000-01-01",
    "2025-13-01",
    "2025-02-30",
    "2025-25-11",
    "-0044-03-15",
    "20620505",
    "19700101",
    "Jan 1, 2062",
    "01/02/2025",
    "2025-01",
    "2025",
    "1735689600",
    "2025-01-01T00:00:00+25:00",
    "yesterday",
    "",
    "Feb 30, 2025",
    "Foo 1, 2025",
)
#: Controls, an escape of terminals, bidirectional marks, zero-width and joining characters, hyphens and blanks.
HIDDEN = (
    "\x00",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u00ad",
    "\u2011",
    "\u2010",
    "\u2212",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u0301",
    "\ufffd",
    "\ufdd0",
    "\U000e0041",
)
STRAY = (
    b"\0",
    b",",
    b'"',
    b"|",
    b"\n",
    b"\r",
    b"{",
    b"]",
    b":",
    b"- ",
    b"<td>",
    b"</table>",
    b"\xff",
    "–".encode(),
    b"'",
    b"\\",
    b"&#x0;",
    b"<!--",
    b"\xc3",
    b"1e999",
    b"\xed\xa0\x80",
)

Change = Callable[[random.Random, bytes], bytes]


#: Bytes of a mutated body: enough for every limit, far less than what is ever fetched.
LARGEST = 20_000_000


def mutated(body: bytes, chance: random.Random) -> tuple[bytes, str]:
    """``body`` after one to three changes, and their names."""
    names = []
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3))):
        change = chance.choice(_changes_of(body, chance))
        try:
            new = change(chance, body)
        # A change does not always fit what an earlier one left: a damaged ZIP cannot be opened, nor a cut JSON.
        except (Exception, pl.exceptions.PanicException):  # noqa: S112
            continue
        # Text put between all letters, and then once more, would be larger than what is ever fetched.
        if len(new) <= LARGEST:
            body = new
            names.append(change.__name__)
    return body, "+".join(names)


def _changes_of(body: bytes, chance: random.Random) -> tuple[Change, ...]:
    """The kind of changes to choose from: mostly of the table, sometimes of the text or the bytes."""
    level = chance.random()
    if level < 0.12:
        return BYTES
    if body.startswith(b"PK"):
        return (in_zip,)
    if body.startswith(b"PAR1"):
        return PARQUET
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{" and level < 0.75:
        return JSON
    if start not in b"{<#-" and b"," in body.split(b"\n", 1)[0] and level < 0.75:
        return CSV
    return TEXT


# --- bytes


def flip(chance: random.Random, body: bytes) -> bytes:
    hurt = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        hurt[chance.randrange(len(hurt))] = chance.randrange(256)
    return bytes(hurt)


def truncate(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body))]


def pad(chance: random.Random, body: bytes) -> bytes:
    more = chance.choice((b"\0", b"\n", b" ", b"x", body[-200:], body[:200], body))
    return body + more * chance.choice((1, 2, 100))


def insert(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + chance.choice(STRAY) + body[at:]


def delete(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + body[at + chance.randint(1, 300) :]


def repeat(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + body[at : at + chance.randint(1, 500)] * chance.randint(2, 20) + body[at:]


BYTES: tuple[Change, ...] = (flip, truncate, pad, insert, delete, repeat)


# --- text


def _replaced(chance: random.Random, text: str, pattern: re.Pattern[str], new: Callable[[str], str]) -> str:
    """``text`` with one to three of the places that ``pattern`` finds replaced; sometimes all of them."""
    found = list(pattern.finditer(text))
    if not found:
        raise ValueError("nothing to replace")
    many = chance.choice((1, 1, 1, 3, len(found)))
    chosen = sorted(chance.sample(found, min(many, len(found))), key=lambda place: -place.start())
    pieces = [text]
    for place in chosen:
        rest = pieces.pop()
        pieces += [rest[place.end() :], new(place[0]), rest[: place.start()]]
    return "".join(reversed(pieces))


def number(chance: random.Random, body: bytes) -> bytes:
    value = chance.choice(NUMBERS)
    return _replaced(chance, body.decode(), NUMBER, lambda old: value).encode()


def scale(chance: random.Random, body: bytes) -> bytes:
    factor = chance.choice(FACTORS)
    return _replaced(chance, body.decode(), NUMBER, lambda old: repr(float(old) * factor)).encode()


def day(chance: random.Random, body: bytes) -> bytes:
    value = chance.choice(DAYS)
    return _replaced(chance, body.decode(), DAY, lambda old: value).encode()


def shift_day(chance: random.Random, body: bytes) -> bytes:
    year = chance.choice(("0000", "1970", "1949", "2017", "2027", "2062", "9999"))
    return _replaced(chance, body.decode(), re.compile(r"20[12]\d(?=-\d\d|\d{4})"), lambda old: year).encode()


def hide(chance: random.Random, body: bytes) -> bytes:
    hidden = chance.choice(HIDDEN)
    at = chance.randint(0, 4)
    return _replaced(chance, body.decode(), WORD, lambda old: old[:at] + hidden + old[at:]).encode(
        "utf-8", "surrogatepass"
    )


def spell(chance: random.Random, body: bytes) -> bytes:
    def other(old: str) -> str:
        wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in old)
        return chance.choice(
            (
                wide,
                old.upper(),
                old.swapcase(),
                f" {old} ",
                unicodedata.normalize("NFD", old + "é"),
                "",
                old * 3000,
            )
        )

    return _replaced(chance, body.decode(), WORD, other).encode()


def encode(chance: random.Random, body: bytes) -> bytes:
    text = body.decode()
    kind = chance.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"))
    return text.replace("sample", "sämple").encode(kind, "replace")


def lines(chance: random.Random, body: bytes) -> bytes:
    parts = body.decode().splitlines(keepends=True)
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    kind = chance.randrange(7)
    if kind == 0:
        parts.insert(other, parts[at])
    elif kind == 1:
        del parts[at]
    elif kind == 2:
        parts[at], parts[other] = parts[other], parts[at]
    elif kind == 3:
        head, rest = parts[0], parts[1:]
        chance.shuffle(rest)
        parts = [head, *rest]
    elif kind == 4:
        parts = [part.replace("\n", chance.choice(("\r\n", "\r", "\n\n"))) for part in parts]
    elif kind == 5:
        parts[at] = parts[at][: chance.randrange(len(parts[at]) or 1)] + "\n"
    else:
        parts[at : at + 1] = [parts[at], "\n", *parts[: at + 1]]
    return "".join(parts).encode()


TEXT: tuple[Change, ...] = (
    number,
    number,
    scale,
    scale,
    day,
    shift_day,
    hide,
    hide,
    spell,
    encode,
    lines,
    lines,
)


# --- tables


def _cell(chance: random.Random, value: str) -> str:
    """Another text for one cell."""
    kind = chance.randrange(6)
    if kind == 0 and NUMBER.fullmatch(value):
        return repr(float(value) * chance.choice(FACTORS))
    if kind == 1:
        return chance.choice(DAYS)
    if kind == 2:
        return value[:1] + chance.choice(HIDDEN) + value[1:]
    if kind == 3:
        return value * chance.choice((2, 50, 5000))
    return chance.choice(NUMBERS)


def _change_table(
    chance: random.Random, table: list[list[Any]], cell: Callable[[Any], Any]
) -> list[list[Any]]:
    """``table``, its header first, with one thing changed."""
    row, other = (chance.randrange(1, len(table)) for _ in range(2))
    column, next_to = (chance.randrange(len(table[0])) for _ in range(2))
    kind = chance.randrange(14)
    if kind <= 2:
        table[row][column] = cell(table[row][column])
    elif kind == 3:
        for line in table[1:]:
            line[column] = cell(line[column])
    elif kind == 4:
        table[row][column], table[row][next_to] = table[row][next_to], table[row][column]
    elif kind == 5:
        for line in table[1:]:
            line[column], line[next_to] = line[next_to], line[column]
    elif kind == 6:
        table[0][column], table[0][next_to] = table[0][next_to], table[0][column]
    elif kind == 7:
        for line in table:
            del line[column]
    elif kind == 8:
        for line in table:
            line.append(line[column])
    elif kind == 9:
        table.insert(other, list(table[row]))
    elif kind == 10:
        twin = list(table[row])
        twin[column] = cell(twin[column])
        table.insert(other, twin)
    elif kind == 11:
        del table[row]
    elif kind == 12:
        factor = chance.choice(FACTORS)
        for line in table[1:]:
            if NUMBER.fullmatch(str(line[column])):
                line[column] = type(line[column])(repr(float(line[column]) * factor))
    else:
        head, rest = table[0], table[1:]
        chance.shuffle(rest)
        table = [head, *rest[: chance.choice((len(rest), len(rest) // 2, 1))]]
    return table


def csv_table(chance: random.Random, body: bytes) -> bytes:
    table = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    table = _change_table(chance, table, lambda value: _cell(chance, value))
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(table)
    return target.getvalue().encode("utf-8", "surrogatepass")


def csv_width(chance: random.Random, body: bytes) -> bytes:
    table = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    row = chance.choice(table)
    if chance.random() < 0.5:
        del row[chance.randrange(len(row)) :]
    else:
        row += ["1"] * chance.choice((1, 2, 2000))
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(table)
    return target.getvalue().encode()


CSV: tuple[Change, ...] = (csv_table, csv_table, csv_table, csv_width)


def parquet_table(chance: random.Random, body: bytes) -> bytes:
    frame = pl.read_parquet(io.BytesIO(body))
    kind = chance.randrange(5)
    name = chance.choice(frame.columns)
    if kind == 0:
        to = chance.choice(
            (pl.String, pl.Int64, pl.Float32, pl.Categorical, pl.Binary, pl.Boolean, pl.List(pl.String))
        )
        frame = frame.with_columns(pl.col(name).cast(to, strict=False))
    elif kind == 1:
        frame = frame.with_columns(pl.struct(pl.all()).alias(name))
    elif kind == 2:
        values = (None, float("nan"), float("inf"), -1.0, 1e308, 0.5, "", "x" * 10_000, 2**62, True)
        frame = frame.with_columns(pl.lit(chance.choice(values)).alias(name))
    else:

        def cell(value: Any) -> Any:
            if isinstance(value, str):
                return _cell(chance, value)
            return chance.choice(
                (
                    None,
                    -1.0,
                    0.5,
                    float("nan"),
                    float("inf"),
                    1e308,
                    1e-320,
                    (value or 0) * chance.choice(FACTORS),
                )
            )

        table = _change_table(chance, [list(frame.columns), *map(list, frame.rows())], cell)
        columns = {
            f"{head}" if table[0].index(head) == place else f"{head}_{place}": [
                row[place] for row in table[1:]
            ]
            for place, head in enumerate(table[0])
        }
        frame = pl.DataFrame(columns, strict=False)
    target = io.BytesIO()
    frame.write_parquet(target, compression=chance.choice(("zstd", "snappy", "uncompressed", "gzip")))
    return target.getvalue()


PARQUET: tuple[Change, ...] = (parquet_table,)


def in_zip(chance: random.Random, body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(files))
    kind = chance.randrange(12)
    if kind == 0:
        del files[name]
    elif kind == 1:
        files[chance.choice(("x/", "../", "/", "", "__MACOSX/")) + name.upper()] = files[name]
    elif kind == 2:
        files[name] = chance.choice(sorted(files.values()))
    elif kind == 3:
        files[name] = body
    elif kind == 4:
        files[re.sub(r"\d", chance.choice("0129"), name)] = files.pop(name)
    else:
        files[name] = mutated(files[name], chance)[0]
    target = io.BytesIO()
    method = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(target, "w", method if chance.random() < 0.1 else zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return target.getvalue()


# --- JSON


def json_value(chance: random.Random, body: bytes) -> bytes:
    page = json.loads(body)
    holder, key = chance.choice(_places(page, chance))
    old = holder[key]
    kind = chance.randrange(9)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(old, int | float):
        holder[key] = old * chance.choice(FACTORS)
    elif kind == 2:
        holder[key] = chance.choice(
            (None, True, "", "x", [], {}, [old], {"value": old}, -1, 0, 0.5, 1e308, 10**30, float("nan"))
        )
    elif kind == 3 and isinstance(old, str):
        holder[key] = chance.choice(
            (old[:1] + chance.choice(HIDDEN) + old[1:], chance.choice(DAYS), old * 1000, 5, [old])
        )
    elif kind == 4 and isinstance(old, int | float):
        holder[key] = chance.choice((str(old), f"${old}", -old, chance.choice(NUMBERS)))
    elif kind == 5 and isinstance(holder, dict):
        holder[key + chance.choice(("", *HIDDEN, " "))] = holder.pop(key)
    elif kind == 6 and isinstance(holder, dict):
        holder[key] = dict(holder)
    elif kind == 7:
        for _ in range(chance.choice((5, 200, 2000))):
            holder[key] = [holder[key]]
    else:
        holder[key] = chance.choice(_places(page, chance))[0]
    return json.dumps(page).encode()


def json_field(chance: random.Random, body: bytes) -> bytes:
    """The same field of every entry scaled, removed or made text."""
    page = json.loads(body)
    holders = [(holder, key) for holder, key in _places(page, chance, 10**6) if isinstance(holder, dict)]
    wanted = chance.choice(holders)[1]
    factor, kind = chance.choice(FACTORS), chance.randrange(3)
    for holder, key in holders:
        if key == wanted and not isinstance(holder[key], dict | list):
            if kind == 0:
                del holder[key]
            elif kind == 1 and isinstance(holder[key], int | float):
                holder[key] *= factor
            elif kind == 2:
                holder[key] = str(holder[key])
    return json.dumps(page).encode()


def json_twice(chance: random.Random, body: bytes) -> bytes:
    text = body.decode()
    keys = list(re.finditer(r'"[^"\\]*": (?:"[^"\\]*"|[\d.e-]+)', text))
    found = chance.choice(keys)
    return (text[: found.end()] + ", " + found[0] + text[found.end() :]).encode()


def _places(page: Any, chance: random.Random, at_most: int = 400) -> list[tuple[Any, Any]]:
    """Places of a document: the object or list, and the key or index. All levels are there if there are many."""
    found: list[tuple[Any, Any]] = []
    waiting = [page]
    while waiting and len(found) < at_most:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        found += [
            (holder, key) for key in (chance.sample(keys, min(len(keys), 30)) if at_most < 10**6 else keys)
        ]
        inner = [holder[key] for key in keys if isinstance(holder[key], dict | list)]
        chance.shuffle(inner)
        waiting += inner
    return found


JSON: tuple[Change, ...] = (json_value, json_value, json_value, json_field, json_twice)
