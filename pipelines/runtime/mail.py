"""Sending a mail through the server of ``AIGAP_SMTP``."""

from __future__ import annotations

import os
import socket
from urllib.parse import unquote, urlsplit

SMTP, MAIL_TO, MAIL_FROM = "AIGAP_SMTP", "AIGAP_MAIL_TO", "AIGAP_MAIL_FROM"
#: Seconds that each answer of the server may take.
TIMEOUT = 10
#: By scheme of the address: the usual port.
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailError(Exception):
    """A mail was not taken: ``host`` and ``reason`` without user, password and recipients."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        self.reason = reason
        super().__init__(f"{host}: {reason}")


class MailNotifier:
    """Mails from ``AIGAP_MAIL_FROM`` to the addresses of ``AIGAP_MAIL_TO``, which commas separate.

    ``AIGAP_SMTP`` is ``smtp://host``, ``smtp+starttls://user:password@host`` or ``smtps://user:password@host``, with
    a port if it is not the usual one; without it the server is that of this machine.
    """

    def deliver(self, subject: str, text: str) -> None:
        """Send one mail. Raises `MailError`."""
        import smtplib
        import ssl
        from email.message import EmailMessage

        host = SMTP
        try:
            address = urlsplit(os.environ.get(SMTP) or "smtp://localhost")
            host, port = address.hostname or SMTP, address.port or PORTS[address.scheme]
            message = EmailMessage()
            message["Subject"] = " ".join(subject.split())
            message["From"] = os.environ.get(MAIL_FROM) or f"aigap@{socket.getfqdn()}"
            message["To"] = os.environ[MAIL_TO]
            message.set_content(text)
            secure = ssl.create_default_context()
            with (
                smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=secure)
                if address.scheme == "smtps"
                else smtplib.SMTP(host, port, timeout=TIMEOUT)
            ) as server:
                if address.scheme == "smtp+starttls":
                    server.starttls(context=secure)
                if address.username:
                    server.login(unquote(address.username), unquote(address.password or ""))
                server.send_message(message)
        except KeyError:
            raise MailError(host, f"{SMTP} must begin with one of {', '.join(PORTS)}") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            code = getattr(error, "smtp_code", None)
            reason = type(error).__name__ + (f" {code}" if code else "")
            raise MailError(host, reason) from None
