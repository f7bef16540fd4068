"""One letter to a real server."""

import asyncio
import re
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import AuthResult

from app.messages.mail import Letter, Mailer, Outcome, server_of, write
from app.messages.render import Rendered
from tests.messages.postbox import Postbox, closed_port, mute, open_postbox

AT = datetime(2026, 6, 8, 3, 0, tzinfo=UTC)
SENDER = "recourse@mail.example"


def letter(**changes: str | None) -> Letter:
    subject, text = changes.pop("subject", None), changes.pop("text", None)
    message = Rendered(subject=subject or "취소 안내", text=text or "본문\n\n끝")
    plain = {"to": "mina@example.com", "shop": "머그 가게", "reply_to": "help@mug.example", "language": "ko"}
    return Letter(message_id="0198c1f2", message=message, at=AT, **{**plain, **changes})  # type: ignore[arg-type]


def mailer(box: Postbox, **options: float) -> Mailer:
    return Mailer(server_of(box.url), sender=SENDER, **options)


async def test_a_letter_arrives_as_it_was_written() -> None:
    async with open_postbox(Postbox()) as box:
        posted = await mailer(box).send(letter())
    assert posted.outcome is Outcome.SENT
    (received,) = box.letters
    assert box.to == [["mina@example.com"]]
    assert box.senders == [SENDER]
    assert received["Message-ID"] == "<0198c1f2@mail.example>"
    assert received["Subject"] == "취소 안내"
    assert str(received["From"]) == "머그 가게 <recourse@mail.example>"
    assert str(received["Reply-To"]) == "머그 가게 <help@mug.example>"
    assert received["Date"].datetime == AT
    assert received["Auto-Submitted"] == "auto-generated"
    text, html = received.get_body(("plain",)), received.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["본문", "", "끝"]
    assert "<p>본문</p>\n<p>끝</p>" in html.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "subject",
    [
        "【マグ店】キャンセルを承りました（ご注文 A-1）",
        "취소 요청을 도와드리지 못해 " * 7,
        "Émile’s £5",
        "안녕 👋",
    ],
)
async def test_subjects_come_through_in_any_language(subject: str) -> None:
    async with open_postbox(Postbox()) as box:
        await mailer(box).send(letter(subject=subject.strip()))
    assert box.letters[0]["Subject"] == subject.strip()
    assert box.raw[0].isascii()
    assert max(len(line) for line in box.raw[0].splitlines()) <= 78


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\x1c", "\r\n\r\n"])
async def test_nothing_that_people_write_becomes_a_header(end: str) -> None:
    evil = f"머그{end}Bcc: eve@example.com{end}X-Evil: 1"
    async with open_postbox(Postbox()) as box:
        text = f"안녕{end}.{end}Bcc: eve@example.com"
        posted = await mailer(box).send(letter(shop=evil, subject=evil, text=text))
    assert posted.outcome is Outcome.SENT
    (received,) = box.letters
    assert {name.lower() for name in received} == {
        *("message-id", "date", "from", "to", "reply-to", "subject", "auto-submitted"),
        *("content-language", "mime-version", "content-type"),
    }
    assert box.to == [["mina@example.com"]]
    assert received["Subject"].startswith("머그 Bcc:")


HIDDEN = [
    "=?utf-8?q?=0D=0ABcc:_eve@example.com?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=",
    "머그 =?utf-8?q?=0D=0A=0D=0AAnother_body?= 가게",
    "=?utf-8?q?=0ABcc:_eve@example.com?= =?utf-8?q?=0D?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc:_eve@example.com=3F=3D?=",
    "==?utf-8?q?=0D=0ABcc:_eve@example.com?=?=",
]
"""Encoded words (RFC 2047) with line breaks. Python before 3.12.4 decodes them and writes the line breaks."""


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("field", ["shop", "subject"])
async def test_an_encoded_word_that_people_write_is_sent_as_text(field: str, hidden: str) -> None:
    async with open_postbox(Postbox()) as box:
        posted = await mailer(box).send(letter(**{field: hidden}))
    assert posted.outcome is Outcome.SENT
    head = box.raw[0].partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?im)^(bcc|another)", head)
    (received,) = box.letters
    shown = received["Subject"] if field == "subject" else received["From"].addresses[0].display_name
    assert shown.split() == hidden.replace("=?", "= ?").split()
    assert "본문" in received.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("field", ["to", "reply_to"])
async def test_a_letter_with_a_line_break_in_an_address_is_not_sent(field: str) -> None:
    async with open_postbox(Postbox()) as box:
        posted = await mailer(box).send(letter(**{field: "=?utf-8?q?=0D=0ABcc=3Aeve=40x?=@example.com"}))
    assert posted.outcome is Outcome.REFUSED
    assert box.raw == []


@pytest.mark.parametrize(
    "address",
    ["mina@example.com\r\nBcc: eve@example.com", "mina@example.com, eve@example.com", "", "mina", "@x", "<>"],
)
async def test_a_letter_without_a_valid_address_is_not_sent(address: str) -> None:
    async with open_postbox(Postbox()) as box:
        posted = await mailer(box).send(letter(to=address))
    assert posted.outcome is Outcome.REFUSED
    assert box.raw == []


async def test_html_in_a_text_is_shown_and_not_run() -> None:
    async with open_postbox(Postbox()) as box:
        await mailer(box).send(letter(text="<script>alert(1)</script>", shop="<b>머그</b>"))
    html = box.letters[0].get_body(("html",))
    assert html is not None
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.get_content()
    assert "<script" not in html.get_content()


@pytest.mark.parametrize(
    ("recipient", "data", "outcome"),
    [
        ("250 OK", "250 OK", Outcome.SENT),
        ("550 5.1.1 No such user", "250 OK", Outcome.BOUNCED),
        ("550 no mailbox here", "250 OK", Outcome.BOUNCED),
        ("552 5.2.2 Mailbox full", "250 OK", Outcome.TRY_AGAIN),
        ("550 5.7.1 Relaying denied", "250 OK", Outcome.TRY_AGAIN),
        ("550 5.4.4 No route to the host", "250 OK", Outcome.TRY_AGAIN),
        ("450 4.2.0 Greylisted", "250 OK", Outcome.TRY_AGAIN),
        ("421 4.3.2 Closing", "250 OK", Outcome.TRY_AGAIN),
        ("250 OK", "451 4.3.0 Later", Outcome.TRY_AGAIN),
        ("250 OK", "554 5.6.0 Not this one", Outcome.REFUSED),
        ("250 OK", "552 5.2.2 Mailbox full", Outcome.TRY_AGAIN),
        ("250 OK", "552 5.3.4 Too big", Outcome.REFUSED),
    ],
)
async def test_the_answer_of_the_server_decides_the_outcome(recipient: str, data: str, outcome: Outcome) -> None:
    async with open_postbox(Postbox(recipient=recipient, data=data)) as box:
        posted = await mailer(box).send(letter())
    assert posted.outcome is outcome
    if outcome is not Outcome.SENT:
        refused = recipient if data.startswith("250") else data
        assert posted.answer == refused


async def test_an_answer_that_repeats_the_address_is_kept_without_it() -> None:
    async with open_postbox(Postbox(recipient="550 5.1.1 <mina@example.com> unknown")) as box:
        posted = await mailer(box).send(letter())
    assert posted.answer == "550 5.1.1 <(recipient)> unknown"


async def test_a_server_that_is_down_is_tried_again() -> None:
    posted = await mailer(Postbox(port=closed_port())).send(letter())
    assert posted.outcome is Outcome.TRY_AGAIN


async def test_a_server_whose_greeting_never_ends_has_a_deadline() -> None:
    started = time.perf_counter()
    async with mute() as port:
        posted = await mailer(Postbox(port=port), deadline=0.3).send(letter())
    assert posted.outcome is Outcome.TRY_AGAIN
    assert time.perf_counter() - started < 2


async def test_a_server_that_is_slow_to_take_a_letter_has_a_deadline() -> None:
    never = asyncio.Event()

    async def wait() -> None:
        async with asyncio.timeout(2):
            await never.wait()

    async with open_postbox(Postbox(before_answer=wait)) as box:
        started = time.perf_counter()
        posted = await mailer(box, deadline=0.3).send(letter())
        assert posted.outcome is Outcome.TRY_AGAIN
        assert time.perf_counter() - started < 2
        never.set()


@pytest.mark.filterwarnings("ignore:Requiring AUTH", "ignore:Session.login_data")
async def test_a_server_that_wants_a_name_gets_it_and_a_wrong_one_is_tried_again() -> None:
    def knows(_server: object, _session: object, _envelope: object, _mechanism: str, credentials: object) -> object:
        login = getattr(credentials, "login", None), getattr(credentials, "password", None)
        return AuthResult(success=login == (b"shop", b"p@ss"), handled=False)

    async with open_postbox(Postbox(), authenticator=knows, auth_required=True, auth_require_tls=False) as box:
        right, wrong = [
            await Mailer(server_of(f"smtp://shop:{word}@127.0.0.1:{box.port}"), sender=SENDER).send(letter())
            for word in ("p%40ss", "guess")
        ]
    assert (right.outcome, wrong.outcome) == (Outcome.SENT, Outcome.TRY_AGAIN)
    assert len(box.raw) == 1


@pytest.mark.parametrize(
    "url", ["http://h", "smtp://", "smtp://h:abc", "smtp://h/path", "smtps://h?starttls", "smtp://h?tls=1", "h:25"]
)
def test_a_url_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        server_of(url)


def test_a_letter_is_the_same_letter_each_time_but_for_its_boundary() -> None:
    one, other = (message_from_bytes(write(letter(), sender=SENDER).as_bytes(), policy=default) for _ in range(2))
    assert [one["Message-ID"], one["Date"]] == [other["Message-ID"], other["Date"]]
