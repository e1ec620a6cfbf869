"""The input of a parser: the bytes of one body and their receipt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sources.contract import zip_files
from sources.contract.receipt import Receipt
from sources.contract.set_aside import SetAsideRow
from sources.errors import ParseError, excerpt


@dataclass
class Piece:
    """Some rows of the table of a body: ``rows`` after the first ``first``; its reader notes what all have together.

    ``total``: rows of the whole table, ``text``: bytes of text of the pieces read so far.
    """

    rows: int
    first: int = 0
    total: int = 0
    text: int = 0


@dataclass(frozen=True)
class Snapshot:
    """Bytes and their receipt. A parser adds the rows that it cannot read to ``set_aside``.

    Of a snapshot with a ``piece`` only these rows are read, if its format has rows that can be read apart.
    """

    body: bytes
    receipt: Receipt
    set_aside: list[SetAsideRow] = field(default_factory=list, compare=False, repr=False)
    piece: Piece | None = field(default=None, compare=False, repr=False)

    @property
    def request(self) -> str:
        """The name of the request that the body answers."""
        return self.receipt.request

    @property
    def file_name(self) -> str:
        """The name of the local file; empty if the body was fetched."""
        return self.receipt.file_name

    @property
    def is_zip(self) -> bool:
        """Whether the body is a ZIP file."""
        return zip_files.is_zip(self.body)

    def text(self) -> str:
        """The body as UTF-8 text, without a leading byte-order mark. Raises `ParseError` for other text and NULs."""
        try:
            text = self.body.decode("utf-8-sig")
            fault = f"a NUL character at {text.index(chr(0))}" if "\0" in text else ""
        except UnicodeDecodeError as error:
            fault = f"not UTF-8 at byte {error.start}"
        if fault:
            raise ParseError(
                f"{self.where()}: {fault}",
                "UTF-8 text",
                "check the download; the last good bytes stay in use",
            )
        return text

    def files(self) -> dict[str, bytes]:
        """The files of a ZIP body by name, sorted by name. Raises `ParseError` as `zip_files.read_zip` does."""
        return zip_files.read_zip(self.body, self.where())

    def member(self, name: str, body: bytes) -> Snapshot:
        """One of `files` as a snapshot of its own, so that errors name it."""
        return Snapshot(body, replace(self.receipt, file_name=excerpt(name, 80)), self.set_aside)

    def where(self) -> str:
        """How an error names this snapshot."""
        name = self.receipt.file_name or self.receipt.address or self.receipt.sha256[:12]
        return f"{self.receipt.source_id}/{self.receipt.request} ({name})"
