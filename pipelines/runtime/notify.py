"""Notices: of what failed, is well again, was published, and of each day. To the log, a webhook, by mail, or further.

``AIGAP_WEBHOOK`` is an address that receives each notice by POST, ``AIGAP_MAIL_TO`` receives it by mail; both may be
set. ``AIGAP_NOTIFIER`` is instead a Python callable, as ``package.module:name``, which returns a `Notifier` when called
without arguments.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from pipelines.runtime.mail import MAIL_TO, MailError, MailNotifier
from sources.errors import UsageError

if TYPE_CHECKING:
    import requests

WEBHOOK, PLUGIN, TEMPLATE = "AIGAP_WEBHOOK", "AIGAP_NOTIFIER", "AIGAP_NOTICE_TEMPLATE"
FAILURE, RECOVERY, RELEASE, DIGEST = KINDS = ("failure", "recovery", "release", "digest")
#: Seconds to connect to a webhook, and to wait for its answer: the end of a run must not hang on it.
TIMEOUT = (3, 5)
#: Seconds before each further attempt. A sensor reports up to five runs in a tick, which has a minute.
WAITS = (2.0, 5.0)

logger = logging.getLogger("aigap.notify")


@dataclass(frozen=True)
class Notice:
    """What a person is told: of which job and run, on which machine, and which release is published.

    ``reasons`` are why it failed, what is well again, or the news, a line each. ``kind`` is one of `KINDS`.
    """

    job: str
    run_id: str
    reasons: tuple[str, ...]
    published: str | None
    machine: str = socket.gethostname()
    kind: str = FAILURE

    @property
    def subject(self) -> str:
        """The notice in a few words."""
        return {
            FAILURE: f"aigap: {self.job} failed",
            RECOVERY: f"aigap: {self.job} is well again",
            RELEASE: f"aigap: {self.reasons[0].partition(':')[0] if self.reasons else 'a release'}",
            DIGEST: "aigap: the day",
        }[self.kind]

    def line(self) -> str:
        """The notice in one line."""
        still = f"{self.published} stays published" if self.published else "nothing is published"
        now = f"{self.published} is published"
        said = "; ".join(self.reasons) or "no reason was given"
        run = f" (run {self.run_id})"
        return {
            FAILURE: f"{self.job} failed: {said}; {still}{run}",
            RECOVERY: f"{self.job} is well again: {said}; {now}{run}",
            RELEASE: f"{said}; {now}{run}",
            DIGEST: said,
        }[self.kind]

    def text(self) -> str:
        """The notice for people: one line where a log has one, else a line for each of ``reasons``."""
        return self.line() if self.kind == FAILURE else "\n".join([self.subject, "", *self.reasons])

    def values(self) -> dict[str, str]:
        """What a template may name, as text."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            **{name: "" if value is None else str(value) for name, value in said.items()},
            "reasons": "\n".join(self.reasons),
            "subject": self.subject,
            "text": self.text(),
        }


class Notifier(Protocol):
    """Delivers notices."""

    def send(self, notice: Notice) -> None:
        """Deliver ``notice``. May raise; the caller logs the exception."""


class LogNotifier:
    """Writes one line to the log ``aigap.notify``."""

    def send(self, notice: Notice) -> None:
        """Log ``notice`` with its fields, a failure as an error."""
        level = logging.ERROR if notice.kind == FAILURE else logging.INFO
        logger.log(level, "%s", notice.line(), extra=asdict(notice))


class WebhookNotifier:
    """Posts the notice as JSON, or as the template says; chat services show the field ``text``.

    Tries again when the server cannot be reached, is busy or fails. urllib3's `Retry` is not used: it logs the
    address, which may contain a secret.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def send(self, notice: Notice) -> None:
        """Post ``notice``. Raises `requests.RequestException` when all attempts fail, `UsageError` for a template
        that cannot be used."""
        import requests

        body, media_type = self._body(notice)
        for wait in WAITS:
            try:
                return self._post(body, media_type)
            except requests.RequestException as error:
                if not _is_temporary(error):
                    raise
                time.sleep(wait)
        return self._post(body, media_type)

    def _body(self, notice: Notice) -> tuple[str, str]:
        if not os.environ.get(TEMPLATE):
            fields = {"text": notice.text(), "subject": notice.subject, **asdict(notice)}
            return json.dumps(fields), "application/json"
        if os.environ[TEMPLATE].endswith(".json"):
            return filled_template(notice, lambda text: json.dumps(text)[1:-1]), "application/json"
        return filled_template(notice), "text/plain; charset=utf-8"

    def _post(self, body: str, media_type: str) -> None:
        import requests

        response = requests.post(
            self.address, data=body.encode(), headers={"Content-Type": media_type}, timeout=TIMEOUT
        )
        response.raise_for_status()


def filled_template(notice: Notice, escape: Callable[[str], str] = str) -> str:
    """The file of ``AIGAP_NOTICE_TEMPLATE`` with the values of ``notice``. Raises `UsageError` if it cannot be used."""
    file = Path(os.environ[TEMPLATE])
    values: Mapping[str, str] = {name: escape(value) for name, value in notice.values().items()}
    try:
        return Template(file.read_text(encoding="utf-8")).substitute(values)
    except KeyError as error:
        reason = f"names ${error.args[0]}"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    raise UsageError(
        f"{TEMPLATE} is {file}: {reason}", "a text with " + ", ".join(f"${name}" for name in values)
    )


class _Mail(MailNotifier):
    """Sends the notice as a mail, its text as the template says."""

    def send(self, notice: Notice) -> None:
        text = filled_template(notice) if os.environ.get(TEMPLATE) else notice.text()
        self.deliver(notice.subject, text)


def _is_temporary(error: requests.RequestException) -> bool:
    """Whether another attempt may succeed. Not after a timeout: the notice may have been received."""
    import requests

    if error.response is None:
        return isinstance(error, requests.ConnectionError)
    return error.response.status_code == 429 or error.response.status_code >= 500


def is_configured() -> bool:
    """Whether the site has chosen a webhook, mail or a notifier of its own."""
    return any(os.environ.get(name) for name in (WEBHOOK, MAIL_TO, PLUGIN))


def configured_notifiers() -> list[Notifier]:
    """The notifiers of the environment. Raises `UsageError` when the callable it names does not exist."""
    plugin = os.environ.get(PLUGIN)
    if plugin:
        module, _, name = plugin.partition(":")
        try:
            notifier: Notifier = getattr(importlib.import_module(module), name)()
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise UsageError(
                f"{PLUGIN} is {plugin!r}: {error}", "package.module:name of a callable", "correct it"
            ) from None
        return [notifier]
    address = os.environ.get(WEBHOOK)
    chosen: list[Notifier] = [WebhookNotifier(address)] if address else []
    if os.environ.get(MAIL_TO):
        chosen.append(_Mail())
    return chosen or [LogNotifier()]


def send(notice: Notice) -> None:
    """Send ``notice`` to all that is configured. When one fails, the notice and the failure are logged."""
    try:
        notifiers = configured_notifiers()
    except UsageError as error:
        logger.error("%s; and notifying %s failed: %s", notice.line(), os.environ.get(PLUGIN), error)  # noqa: TRY400
        return
    for notifier in notifiers:
        try:
            notifier.send(notice)
        except Exception as error:
            logger.error(  # noqa: TRY400
                "%s; and notifying %s failed: %s", notice.line(), *_without_secrets(error)
            )


def _without_secrets(error: Exception) -> tuple[str, object]:
    """The recipient and the reason of a failure.

    Of a webhook only the host: the path is the secret of a chat service, and a request's error repeats the address.
    """
    plugin = os.environ.get(PLUGIN)
    if plugin:
        return plugin, error
    if isinstance(error, MailError):
        return error.host, error.reason
    if isinstance(error, UsageError):
        return TEMPLATE, error.line()
    import requests

    response = error.response if isinstance(error, requests.RequestException) else None
    reason = type(error).__name__ if response is None else f"status {response.status_code}"
    try:
        host = urlsplit(os.environ.get(WEBHOOK, "")).hostname
    except ValueError:
        host = None
    return host or WEBHOOK, reason
