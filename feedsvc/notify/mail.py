"""Alerts by e-mail: the only place that speaks SMTP."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal

from feedsvc.errors import ServiceError
from feedsvc.notify.alert import Alert

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """Sends alerts through one SMTP server."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    #: Seconds for each step of the conversation.
    timeout: float = 15.0

    def send(self, alert: Alert) -> None:
        """Send one message to all. Raises ServiceError where the server took it for nobody."""
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(self._message(alert), from_addr=self.sender, to_addrs=list(self.to))
        except (OSError, smtplib.SMTPException) as error:
            raise ServiceError(
                f"the mail was not sent: {error}",
                subject=f"{self.host}:{self.port}",
                remedy="see alerts.smtp, alerts.smtp_security and the two keys beside them",
            ) from error

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=ssl.create_default_context())
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        if self.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _message(self, alert: Alert) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = f"feedsvc: {_one_line(alert.subject)}"
        message["From"] = self.sender
        message["To"] = ", ".join(self.to)
        message["Date"] = format_datetime(alert.at)
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or None)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(alert.text)
        return message


def _one_line(text: str) -> str:
    return " ".join(text.split())
