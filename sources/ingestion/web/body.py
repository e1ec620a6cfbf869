"""Read one body off a connection, within limits of bytes and seconds."""

from __future__ import annotations

import gzip
import io
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError

from sources.errors import FetchError, RejectedBody
from sources.ingestion.web.web_errors import RetryableError, connection_error, display

CHUNK = 1 << 16
GZIP = ("gzip", "x-gzip")
#: Codings of HTTP (IANA's list) that are not undone here; nobody who asks for gzip should be sent them.
OTHER_CODINGS = (
    "aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "pack200-gzip", "x-compress", "zstd",
)  # fmt: skip
#: How often a body may be packed; servers that pack what is packed already do it twice.
MAX_LAYERS = 3

#: Called with the bytes received so far, and the bytes to come in all if the server says so.
ReportProgress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Budget:
    """The limits of fetching ``address``. ``deadline`` is ``seconds`` from its start, on the monotonic clock."""

    address: str
    max_bytes: int
    seconds: float
    deadline: float

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self.deadline - time.monotonic()

    def check_size(self, size: int, state: str = "") -> None:
        """Raises `RejectedBody` when ``size`` bytes are too many."""
        if size > self.max_bytes:
            found = f"{display(self.address)}: more than {self.max_bytes} bytes{state}"
            raise RejectedBody(found, f"at most {self.max_bytes}", "look at it")

    def exceeded(self, received: int) -> FetchError:
        """The error when time is up and ``received`` bytes have arrived."""
        found = f"{display(self.address)}: only {received} bytes in {self.seconds:g} s"
        return FetchError(found, "a whole body", "try again later")


def read_body(answer: requests.Response, budget: Budget, report: ReportProgress) -> bytes:
    """The whole body of ``answer``, without its content encoding.

    Raises `RejectedBody` when it is too large as sent or unpacked, `RetryableError` when the connection breaks,
    and `FetchError` when it takes too long or is damaged.
    """
    total = answer.raw.length_remaining
    budget.check_size(total or 0)
    received = io.BytesIO()
    try:
        while chunk := answer.raw.read1(CHUNK, decode_content=False):
            received.write(chunk)
            budget.check_size(received.tell())
            if budget.seconds_left < 0:
                raise budget.exceeded(received.tell())
            report(received.tell(), total)
    # ValueError, AttributeError: the connection was closed under a reader, or sent chunks without sense.
    except (HTTPError, OSError, ValueError, AttributeError) as error:
        if budget.seconds_left < 0:
            raise budget.exceeded(received.tell()) from None
        raise RetryableError(connection_error(budget.address, error)) from None
    return _decoded(received.getvalue(), answer.headers.get("content-encoding", ""), budget)


def _decoded(body: bytes, encodings: str, budget: Budget) -> bytes:
    """``body`` without the codings that the header ``encodings`` lists, the last one first.

    Servers also name what is no coding (``UTF-8``, ``aws-chunked``, ``none``). As browsers do, such a body is taken
    as it is; when that is wrong, the parser refuses it.
    """
    where = display(budget.address)
    codings = [name.strip().casefold() for name in encodings.split(",")]
    unknown = [name for name in codings if name in OTHER_CODINGS]
    if unknown:
        raise FetchError(f"{where}: Content-Encoding {unknown[0]!r}", "gzip or none")
    layers = sum(name in GZIP for name in codings)
    if layers > MAX_LAYERS:
        raise FetchError(f"{where}: Content-Encoding gzip {layers} times", f"at most {MAX_LAYERS} times")
    for _ in range(layers):
        body = _unpacked(body, where, budget)
    return body


def _unpacked(body: bytes, where: str, budget: Budget) -> bytes:
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            plain = packed.read(budget.max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FetchError(
            f"{where}: the gzip encoding is damaged or cut ({error})",
            "a whole body",
            "the last good bytes stay in use; try again later",
        ) from None
    budget.check_size(len(plain), " unpacked")
    return plain
