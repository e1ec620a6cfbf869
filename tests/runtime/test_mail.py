"""Notices by mail, through a real server; templates; and no secret in any log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.runtime import notify
from tests.fixtures.mail import Mailbox, mail_server
from tests.fixtures.web import Web

NOTICE = notify.Notice("build", "1234", ('core: an "unknown" 差 model',), "aigap-1", "here")
NEWS = notify.Notice(
    "build", "1234", ("October 2026 closed (raw): level", "  US +1.00"), "aigap-2", "here", notify.RELEASE
)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mail_server() as served:
        monkeypatch.setenv("AIGAP_SMTP", f"smtp://127.0.0.1:{served.port}")
        monkeypatch.setenv("AIGAP_MAIL_TO", "ops@example.org, team@example.org")
        monkeypatch.setenv("AIGAP_MAIL_FROM", "aigap@example.org")
        yield served


def template(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, name: str = "notice.txt") -> None:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv(notify.TEMPLATE, str(file))


def test_mail_goes_to_everybody_with_a_subject_and_lines(box: Mailbox) -> None:
    notify.send(NOTICE)
    notify.send(NEWS)
    failed, news = box.mails
    assert len(box.recipients) == 4
    assert (failed["To"], failed["From"]) == ("ops@example.org, team@example.org", "aigap@example.org")
    assert failed["Subject"] == "aigap: build failed"
    assert failed.get_content().strip() == NOTICE.line()
    assert news["Subject"] == "aigap: October 2026 closed (raw)"
    assert news.get_content().splitlines()[-2:] == list(NEWS.reasons)


def test_mail_and_webhook_both_receive_a_notice_and_one_that_fails_harms_no_other(
    box: Mailbox, hook: Web, caplog: pytest.LogCaptureFixture
) -> None:
    notify.send(NOTICE)
    assert (len(box.mails), len(hook.posted)) == (1, 1)
    box.refuses = "550 nobody"
    hook.says("/hook")
    notify.send(NOTICE)
    assert len(box.mails) == 1
    assert [record.getMessage().partition("notifying ")[2] for record in caplog.records] == [
        "127.0.0.1 failed: status 404",
        "127.0.0.1 failed: SMTPRecipientsRefused",
    ]


def test_login_is_used_and_never_printed(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AIGAP_SMTP", f"smtp://some%40body:passw0rd@127.0.0.1:{box.port}")
    box.login = ("some@body", "passw0rd")
    notify.send(NOTICE)
    assert len(box.mails) == 1
    box.login = ("some@body", "another")
    notify.send(NOTICE)
    assert len(box.mails) == 1
    assert "notifying 127.0.0.1 failed: SMTPAuthenticationError 535" in caplog.text
    assert "passw0rd" not in caplog.text
    assert "some@body" not in caplog.text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("smtp://127.0.0.1:9", "127.0.0.1 failed: ConnectionRefusedError"),
        ("http://user:passw0rd@127.0.0.1", "AIGAP_SMTP failed: AIGAP_SMTP must begin with one of smtp, "),
        ("smtp://user:passw0rd@127.0.0.1:none", "AIGAP_SMTP failed: ValueError"),
    ],
)
def test_a_server_that_cannot_be_reached_is_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str, says: str
) -> None:
    monkeypatch.setenv("AIGAP_MAIL_TO", "ops@example.org")
    monkeypatch.setenv("AIGAP_SMTP", address)
    notify.send(NOTICE)
    [record] = caplog.records
    assert record.getMessage().startswith(NOTICE.line())
    assert says in record.getMessage()
    assert "passw0rd" not in caplog.text


def test_template_fills_mail_and_webhook(
    box: Mailbox, hook: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template(tmp_path, monkeypatch, "$kind of $job on $machine: $reasons ($published)")
    notify.send(NOTICE)
    expected = f"failure of build on here: {NOTICE.reasons[0]} (aigap-1)"
    assert box.mails[0].get_content().strip() == expected
    assert [body.decode() for _, body in hook.posted] == [expected]


def test_template_in_json_stays_json_whatever_a_reason_says(
    hook: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a chat service that refuses a notice because a model's name has a quotation mark."""
    template(tmp_path, monkeypatch, '{"title": "$subject", "body": "$text"}', "notice.json")
    notify.send(NOTICE)
    assert json.loads(hook.posted[0][1]) == {"title": NOTICE.subject, "body": NOTICE.text()}


@pytest.mark.parametrize("text", ["$nothing", "100 $", None])
def test_template_that_cannot_be_used_is_one_line_with_the_notice(
    hook: Web,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    text: str | None,
) -> None:
    template(tmp_path, monkeypatch, text or "")
    if text is None:
        (tmp_path / "notice.txt").unlink()
    notify.send(NOTICE)
    [record] = caplog.records
    assert record.getMessage().startswith(NOTICE.line())
    assert "expected a text with $job, $run_id," in record.getMessage()
