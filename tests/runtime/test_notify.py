"""Notices reach the log, a webhook or the site's own notifier, and a failing one neither harms nor leaks."""

from __future__ import annotations

import json
import logging
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from pipelines.runtime import notify
from sources.errors import UsageError
from tests.fixtures.runs import heard
from tests.fixtures.web import Web, answer, web

NOTICE = notify.Notice("build", "1234", ("core: an unknown model",), "aigap-1", "here")


def test_notice_is_one_log_line_with_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    notify.send(NOTICE)
    [record] = caplog.records
    assert record.getMessage() == ("build failed: core: an unknown model; aigap-1 stays published (run 1234)")
    assert (record.levelno, record.__dict__["run_id"]) == (logging.ERROR, "1234")


def test_webhook_gets_the_notice_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    with web() as site:
        monkeypatch.setenv(notify.WEBHOOK, site.says("/hook", answer(b"ok")))
        notify.send(NOTICE)
        [(path, body)] = site.posted
    result = json.loads(body)
    assert path == "/hook"
    assert result["text"] == NOTICE.line()
    assert (result["job"], result["run_id"], result["reasons"]) == ("build", "1234", list(NOTICE.reasons))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_webhook_that_is_down_for_a_moment_is_tried_again(
    hook: Web, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    hook.says("/hook", answer(b"later", status), answer(b"later", status), answer(b"ok"))
    notify.send(NOTICE)
    assert heard(hook) == [("build", list(NOTICE.reasons))] * 3
    assert caplog.records == []


def test_notice_that_may_have_been_received_is_not_sent_again(
    hook: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a slow chat service that shows each failure three times."""

    def silent(handler: BaseHTTPRequestHandler) -> None:
        hook.over.wait(1)

    monkeypatch.setattr(notify, "TIMEOUT", (1, 0.2))
    hook.says("/hook", silent)
    notify.send(NOTICE)
    assert len(hook.posted) == 1


def test_webhook_that_stays_away_is_given_up(hook: Web, caplog: pytest.LogCaptureFixture) -> None:
    hook.says("/hook", answer(b"never", 503))
    notify.send(NOTICE)
    assert len(hook.posted) == 1 + len(notify.WAITS)
    assert caplog.records[-1].getMessage().endswith("notifying 127.0.0.1 failed: status 503")


@pytest.mark.parametrize("there", [True, False], ids=["refuses", "is not there"])
def test_failing_webhook_is_logged_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, there: bool
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(notify, "WAITS", (0, 0))
    with web() as site:
        port = site.port if there else 9
        address = f"http://somebody:passw0rd@127.0.0.1:{port}/services/T0/B0/secretpath?token=s3cret#sign"
        monkeypatch.setenv(notify.WEBHOOK, address)
        notify.send(NOTICE)
        assert len(site.posted) == there
    [record] = [record for record in caplog.records if record.name == "aigap.notify"]
    result = record.getMessage()
    assert result.startswith(NOTICE.line())
    assert result.endswith("notifying 127.0.0.1 failed: " + ("status 404" if there else "ConnectionError"))
    for secret in ("somebody", "passw0rd", "secretpath", "s3cret", "sign"):
        assert secret not in caplog.text


@pytest.mark.parametrize("address", ["no address", "http://[", "ftp://example.org/secret"])
def test_invalid_webhook_address_is_logged_with_the_notice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    monkeypatch.setenv(notify.WEBHOOK, address)
    notify.send(NOTICE)
    assert NOTICE.line() in caplog.text
    assert "secret" not in caplog.text


def test_notifier_of_a_site_is_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "our_site.py").write_text(
        "sent = []\nclass Pager:\n    def send(self, notice):\n        sent.append(notice)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(notify.PLUGIN, "our_site:Pager")
    notify.send(NOTICE)
    import our_site

    assert our_site.sent == [NOTICE]


@pytest.mark.parametrize("name", ["no_such_module:Pager", "json:Pager", "json", ":Pager", "json:loads"])
def test_missing_notifier_is_reported_in_one_line_with_the_notice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setenv(notify.PLUGIN, name)
    with pytest.raises(UsageError) as refused:
        notify.configured_notifiers()
    line = refused.value.line()
    assert line.startswith(f"{notify.PLUGIN} is {name!r}")
    assert "package.module:name" in line
    assert "\n" not in line
    notify.send(NOTICE)
    assert NOTICE.line() in caplog.text
