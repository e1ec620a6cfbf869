"""Notices of failed runs: to the log, a webhook, or a notifier of the site's own.

``AIGAP_WEBHOOK`` is an address that receives each notice as JSON by POST. ``AIGAP_NOTIFIER`` is instead a Python
callable, as ``package.module:name``, which returns a `Notifier` when called without arguments.
"""

import importlib
import json
import logging
import os
import socket
import time
from dataclasses import asdict, dataclass
from typing import Protocol
from urllib.parse import urlsplit

import requests

from sources.errors import UsageError

WEBHOOK, PLUGIN = "AIGAP_WEBHOOK", "AIGAP_NOTIFIER"
#: Seconds to connect to a webhook, and to wait for its answer: the end of a run must not hang on it.
TIMEOUT = (3, 5)
#: Seconds before each further attempt. A sensor reports up to five runs in a tick, which has a minute.
WAITS = (2.0, 5.0)

logger = logging.getLogger("aigap.notify")


@dataclass(frozen=True)
class Notice:
    """A failed run: its job, machine, reasons (one line each) and the release that stays published."""

    job: str
    run_id: str
    reasons: tuple[str, ...]
    published: str | None
    machine: str = socket.gethostname()

    def line(self) -> str:
        """The notice in one line."""
        still = f"{self.published} stays published" if self.published else "nothing is published"
        return f"{self.job} failed: {'; '.join(self.reasons) or 'no reason was given'}; {still} (run {self.run_id})"


class Notifier(Protocol):
    """Delivers notices."""

    def send(self, notice: Notice) -> None:
        """Deliver ``notice``. May raise; the caller logs the exception."""


class LogNotifier:
    """Writes one line to the log ``aigap.notify``."""

    def send(self, notice: Notice) -> None:
        """Log ``notice`` as an error, with its fields."""
        logger.error("%s", notice.line(), extra=asdict(notice))


class WebhookNotifier:
    """Posts the notice as JSON; chat services show its field ``text``.

    Tries again when the server cannot be reached, is busy or fails. urllib3's `Retry` is not used: it logs the
    address, which may contain a secret.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def send(self, notice: Notice) -> None:
        """Post ``notice``. Raises `requests.RequestException` when all attempts fail."""
        body = json.dumps({"text": notice.line(), **asdict(notice)})
        for wait in WAITS:
            try:
                return self._post(body)
            except requests.RequestException as error:
                if not _is_temporary(error):
                    raise
                time.sleep(wait)
        return self._post(body)

    def _post(self, body: str) -> None:
        response = requests.post(
            self.address, data=body, headers={"Content-Type": "application/json"}, timeout=TIMEOUT
        )
        response.raise_for_status()


def _is_temporary(error: requests.RequestException) -> bool:
    """Whether another attempt may succeed. Not after a timeout: the notice may have been received."""
    if error.response is None:
        return isinstance(error, requests.ConnectionError)
    return error.response.status_code == 429 or error.response.status_code >= 500


def is_configured() -> bool:
    """Whether the site has chosen a webhook or a notifier of its own."""
    return bool(os.environ.get(WEBHOOK) or os.environ.get(PLUGIN))


def configured_notifier() -> Notifier:
    """The notifier of the environment. Raises `UsageError` when the callable it names does not exist."""
    plugin = os.environ.get(PLUGIN)
    if plugin:
        module, _, name = plugin.partition(":")
        try:
            notifier: Notifier = getattr(importlib.import_module(module), name)()
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise UsageError(
                f"{PLUGIN} is {plugin!r}: {error}", "package.module:name of a callable", "correct it"
            ) from None
        return notifier
    address = os.environ.get(WEBHOOK)
    return WebhookNotifier(address) if address else LogNotifier()


def send(notice: Notice) -> None:
    """Send ``notice``. When that fails, the notice and the failure are logged."""
    try:
        configured_notifier().send(notice)
    except Exception as error:
        logger.error("%s; and notifying %s failed: %s", notice.line(), *_without_secrets(error))  # noqa: TRY400


def _without_secrets(error: Exception) -> tuple[str, object]:
    """The recipient and the reason of a failure.

    Of a webhook only the host: the path is the secret of a chat service, and a request's error repeats the address.
    """
    plugin = os.environ.get(PLUGIN)
    if plugin:
        return plugin, error
    response = error.response if isinstance(error, requests.RequestException) else None
    reason = type(error).__name__ if response is None else f"status {response.status_code}"
    try:
        host = urlsplit(os.environ.get(WEBHOOK, "")).hostname
    except ValueError:
        host = None
    return host or WEBHOOK, reason
