"""Who is told when a run fails: the log, a webhook, or whatever a site plugs in.

``AIGAP_WEBHOOK`` names an address that gets each notice as JSON by POST. ``AIGAP_NOTIFIER`` names a Python
callable instead, as ``package.module:name``: called without arguments it gives a `Notifier`.
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
#: Seconds to wait for a webhook to be reached and then to answer: a run's end must not hang on it.
PATIENCE = (3, 5)
#: Seconds before each further attempt. A sensor tells of up to five runs in a tick, which has a minute.
WAITS = (2.0, 5.0)

logger = logging.getLogger("aigap.notify")


@dataclass(frozen=True)
class Notice:
    """A run that failed: which job, where, why (one line a reason) and what stays published."""

    job: str
    run_id: str
    reasons: tuple[str, ...]
    published: str | None
    machine: str = socket.gethostname()

    def line(self) -> str:
        still = f"{self.published} stays published" if self.published else "nothing is published"
        return f"{self.job} failed: {'; '.join(self.reasons) or 'no reason was given'}; {still} (run {self.run_id})"


class Notifier(Protocol):
    def send(self, notice: Notice) -> None:
        """Tell somebody. May raise: the caller logs it, and the run it is about has failed already."""


class LogNotifier:
    """Writes one line to the log ``aigap.notify``."""

    def send(self, notice: Notice) -> None:
        logger.error("%s", notice.line(), extra=asdict(notice))


class WebhookNotifier:
    """Posts the notice as JSON; ``text`` holds the line that chat services show.

    Tries again what may pass: a server that cannot be reached, is busy or broken. Not by urllib3, whose log names
    the address.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def send(self, notice: Notice) -> None:
        body = json.dumps({"text": notice.line(), **asdict(notice)})
        for wait in WAITS:
            try:
                return self._post(body)
            except requests.RequestException as error:
                if not _may_pass(error):
                    raise
                time.sleep(wait)
        return self._post(body)

    def _post(self, body: str) -> None:
        answer = requests.post(
            self.address, data=body, headers={"Content-Type": "application/json"}, timeout=PATIENCE
        )
        answer.raise_for_status()


def _may_pass(error: requests.RequestException) -> bool:
    """May another attempt do better? Not where the answer is late: the notice may have been heard."""
    if error.response is None:
        return isinstance(error, requests.ConnectionError)
    return error.response.status_code == 429 or error.response.status_code >= 500


def chosen() -> Notifier:
    """The notifier of the environment. Raises `UsageError` when what it names is not there."""
    plugin = os.environ.get(PLUGIN)
    if plugin:
        module, _, name = plugin.partition(":")
        try:
            made: Notifier = getattr(importlib.import_module(module), name)()
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise UsageError(
                f"{PLUGIN} is {plugin!r}: {error}", "package.module:name of a callable", "mend it"
            ) from None
        return made
    address = os.environ.get(WEBHOOK)
    return WebhookNotifier(address) if address else LogNotifier()


def tell(notice: Notice) -> None:
    """Send ``notice``. A notifier that fails is logged, with the notice itself: it must not be lost."""
    try:
        chosen().send(notice)
    except Exception as error:
        logger.error("%s; and telling %s failed: %s", notice.line(), *_without_secrets(error))  # noqa: TRY400


def _without_secrets(error: Exception) -> tuple[str, object]:
    """Who could not be told and why. Of a webhook only the host: with chat services the path is the secret, and
    the error of a request repeats the address.
    """
    plugin = os.environ.get(PLUGIN)
    if plugin:
        return plugin, error
    answer = error.response if isinstance(error, requests.RequestException) else None
    why = type(error).__name__ if answer is None else f"status {answer.status_code}"
    try:
        host = urlsplit(os.environ.get(WEBHOOK, "")).hostname
    except ValueError:
        host = None
    return host or WEBHOOK, why
