"""Mail over SMTP: one letter, one connection and one outcome, within a deadline.

The Message-ID is the same on every attempt, so that a recipient can recognise a duplicate. The standard library builds
headers from single lines. It also decodes encoded words (RFC 2047), and before Python 3.12.4 it writes line breaks from
them. So text of people is written without encoded words, and a header with a control character is not sent.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.messages.render import Rendered, as_html, one_line

DEADLINE = 20.0
"""Seconds for connecting, greeting and sending together."""
_MOST_ERROR = 300
_PORTS = {"smtp": 25, "smtps": 465}
_ABOUT_US = re.compile(r"5\.7\.\d+")
"""An enhanced status (RFC 3463) that refuses the sender, not the recipient."""
_PASSES = re.compile(r"5\.(2\.2|3\.[0-35]|4\.\d+)\b")
"""A full mailbox, a mail system in trouble, or a route that fails. Servers answer 5xx, and the state passes."""


class Outcome(StrEnum):
    SENT = "sent"
    TRY_AGAIN = "try_again"
    REFUSED = "refused"
    """The server refuses this letter for every recipient."""
    BOUNCED = "bounced"
    """The server has no such recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A PDF. The name is made of letters, digits and hyphens."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`shop` is the name of the sender. Replies go to `reply_to`. `at` is the instant when the message was made."""

    message_id: str
    to: str
    shop: str
    reply_to: str | None
    language: str
    message: Rendered
    at: datetime
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """`answer` is the answer of the server without the address of the recipient."""

    outcome: Outcome
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The SMTP server. Never log this: it contains a password."""

    host: str
    port: int
    user: str | None
    password: str | None
    uses_tls: bool
    starts_tls: bool


def server_of(url: str) -> Server:
    """The server of `smtp://user:password@host:587?starttls`, or of `smtps://...` (TLS at once). Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("not a mail server; write smtp://user:password@host:587?starttls or smtps://host")
    if parts.query not in ("", "starttls") or (parts.query and parts.scheme == "smtps"):
        raise ValueError("a mail server's only option is ?starttls, with smtp://")
    return Server(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        uses_tls=parts.scheme == "smtps",
        starts_tls=parts.query == "starttls",
    )


class Mailer:
    """Sends letters over one server, with the address `sender`."""

    def __init__(self, server: Server, *, sender: str, deadline: float = DEADLINE) -> None:
        self._server = server
        self._sender = sender
        self._deadline = deadline

    async def send(self, letter: Letter) -> Posted:
        """Send a letter and return the outcome. Errors of the server or the network are outcomes, not exceptions."""
        try:
            mail = write(letter, sender=self._sender)
        except (ValueError, LookupError, MessageError) as error:
            return Posted(outcome=Outcome.REFUSED, answer=f"cannot be written: {type(error).__name__}")
        try:
            async with asyncio.timeout(self._deadline):
                await self._deliver(mail, letter.to)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _refused_recipient(error.recipients[0], letter.to)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error, letter.to)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Posted(outcome=Outcome.TRY_AGAIN, answer=_redacted(f"{type(error).__name__} {error}", letter.to))
        return Posted(outcome=Outcome.SENT)

    async def _deliver(self, mail: EmailMessage, to: str) -> None:
        server = self._server
        await aiosmtplib.send(
            mail,
            sender=self._sender,
            recipients=[to],
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.uses_tls,
            start_tls=server.starts_tls,
            timeout=self._deadline,
        )


def write(letter: Letter, *, sender: str) -> EmailMessage:
    """The letter as a mail with text, HTML and its attachment. Raises ValueError for an invalid address or header."""
    shop = _literal(letter.shop)
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(letter.at)
    mail["From"] = Address(display_name=shop, addr_spec=sender)
    mail["To"] = Address(addr_spec=letter.to)
    if letter.reply_to is not None:
        mail["Reply-To"] = Address(display_name=shop, addr_spec=letter.reply_to)
    mail["Subject"] = _literal(letter.message.subject)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.message.text, cte="base64")
    mail.add_alternative(as_html(letter.message, letter.language), subtype="html", cte="base64")
    if letter.attachment is not None:
        mail.add_attachment(
            letter.attachment.content, maintype="application", subtype="pdf", filename=f"{letter.attachment.name}.pdf"
        )
    mail["Content-Language"] = letter.language  # must come last: set earlier, it would become a header of a part
    _refuse_control_characters(mail)
    return mail


def _literal(text: str) -> str:
    """One line without the beginning of an encoded word, so that every reader shows the text as it is written."""
    return one_line(text).replace("=?", "= ?")


def _refuse_control_characters(mail: EmailMessage) -> None:
    """Values are decoded here. An address cannot be changed, so an encoded word in an address comes this far."""
    for name, value in mail.items():
        if not str(value).isprintable():
            raise ValueError(f"{name} has a control character")


def _refused_recipient(error: aiosmtplib.SMTPRecipientRefused, to: str) -> Posted:
    """A 5xx means that there is no such address, unless the state passes or the server refuses the sender. An error of
    our sender can be corrected, so we try again."""
    answer = _redacted(f"{error.code} {error.message}", to)
    passes = error.code < 500 or _PASSES.match(error.message) or _ABOUT_US.match(error.message)
    return Posted(outcome=Outcome.TRY_AGAIN if passes else Outcome.BOUNCED, answer=answer)


def _refused(error: aiosmtplib.SMTPResponseException, to: str) -> Posted:
    """A 5xx to the data is final, unless the state passes. An error of our account or our sender can be corrected, so
    we try again."""
    is_final = isinstance(error, aiosmtplib.SMTPDataError) and error.code >= 500 and not _PASSES.match(error.message)
    answer = _redacted(f"{error.code} {error.message}", to)
    return Posted(outcome=Outcome.REFUSED if is_final else Outcome.TRY_AGAIN, answer=answer)


def _redacted(answer: str, to: str) -> str:
    return one_line(answer).replace(to, "(recipient)")[:_MOST_ERROR]
