"""The texts of a case file: the facts of a claim, its money, its history and what the buyer was told, for somebody
outside of the shop who has to judge the claim."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.policy.policy import Policy
from app.messages.days import written_day, written_instant_with_zone
from app.messages.dossier_history import history_rows
from app.messages.dossier_rows import Rows, alone, row
from app.messages.money import money
from app.messages.policy_page import policy_page
from app.messages.sentences import names
from app.messages.translations import FALLBACK, LANGUAGES, article, for_readers, word
from app.records.claim_event import ClaimEvent
from app.records.claim_file import ClaimFile
from app.records.contact import Contact
from app.records.message import Message

LETTER_MOST = 1500
"""Characters of a message in the PDF. The archive has the whole text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSource:
    """What a case file is made of. `as_of` is the last change of the claim or its order. `left_out` are codes of the
    table `left_out`, each with the number of its sentence."""

    claim: Claim
    assessment: Assessment
    amounts: RefundBreakdown
    order: Order
    policy: Policy
    shop: str
    zone: ZoneInfo
    as_of: datetime
    events: tuple[ClaimEvent, ...]
    messages: tuple[Message, ...]
    contacts: tuple[Contact, ...]
    files: tuple[ClaimFile, ...]
    left_out: tuple[tuple[str, int], ...]


def dossier_language(*chosen: str | None) -> str:
    """The first choice that case files are written in."""
    return next((each for each in chosen if each in LANGUAGES), FALLBACK)


@cache
def dossier_words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files("app.messages") / "dossiers" / f"{language}.toml").read_text("utf-8"))


def dossier_content(source: DossierSource, language: str) -> dict[str, Any]:
    """What the template `dossier` sets: sections with rows of a label, a value and a note."""
    texts, rows = dossier_words(language), _Writer(source, language)
    sections = {
        "facts": rows.facts(),
        "amounts": rows.amounts(),
        "history": history_rows(source.events, source.order.currency, source.zone, language, texts),
        "conversation": rows.conversation(),
        "messages": rows.messages(),
        "files": rows.files(),
        "policy": rows.policy(),
        "left_out": rows.left_out(),
    }
    head = source.events[-1]
    return {
        "title": texts["title"],
        "shop": source.shop,
        "introduction": texts["introduction"].format(as_of=rows.instant(source.as_of), zone=source.zone),
        "sections": [
            {"heading": texts["sections"][name], "numbers": name == "amounts", "rows": found}
            for name, found in sections.items()
            if found
        ],
        "note": texts["note"].format(seq=head.seq, hash=head.hash),
        "footer": f"{source.order.order_id} · {source.claim.claim_id} · {source.claim.version}",
    }


class _Writer:
    """The rows of each section in one language."""

    def __init__(self, source: DossierSource, language: str) -> None:
        self._source, self._language = source, language
        self._texts, self._names = dossier_words(language), names(language)

    def instant(self, at: datetime) -> str:
        return written_instant_with_zone(at.astimezone(self._source.zone), self._language)

    def facts(self) -> Rows:
        claim, order, labels = self._source.claim, self._source.order, self._texts["labels"]
        known = {
            "order_number": order.order_id,
            "claim_number": claim.claim_id,
            "paid_at": order.paid_at and self.instant(order.paid_at),
            "kind": alone(word("kind", claim.kind, self._language)),
            "state": alone(self._names["state"][claim.state]),
            "goods": "\n".join(f"{self._title(line.line_id)} × {line.quantity}" for line in claim.lines),
            "requested_at": self.instant(claim.submission.requested_at),
            "reason": alone(word("reason", claim.reason, self._language)),
            "fault": self._side(claim.fault),
            "said": claim.submission.note,
        }
        found = [row(labels[name], value) for name, value in known.items() if value]
        return found + self._judgement() + self._rejection()

    def _judgement(self) -> Rows:
        judged, labels = self._source.assessment, self._texts["labels"]
        grounds = [
            row(labels["ground"], self._ground(each.ground), self.basis(each.citation)) for each in judged.findings
        ]
        found = [row(labels["verdict"], self._texts["verdicts"][judged.verdict]), *grounds]
        if window := judged.window:
            last = written_day(window.ends_on, self._language) if window.ends_on else self._texts["no_end"]
            found.append(row(labels["window"], last, self.basis(window.citation)))
        if payer := judged.return_shipping_payer:
            basis = self.basis(judged.return_shipping_citation)
            found.append(row(labels["way_back"], self._side(payer), basis))
        return [*found, row(labels["policy"], judged.policy)]

    def _rejection(self) -> Rows:
        rejection = self._source.claim.rejection
        if rejection is None:
            return []
        return [row(self._texts["labels"]["rejection"], self._ground(rejection.ground), rejection.message)]

    def amounts(self) -> Rows:
        amounts, labels = self._source.amounts, self._texts["labels"]
        steps = [
            row(self._step(step.code, step.quantity), self._money(step.amount), self.basis(step.citation))
            for step in amounts.steps
        ]
        shares = [row(word("method", each.method, self._language), self._money(each.amount)) for each in amounts.shares]
        owed = [row(labels["owes"], self._money(amounts.buyer_owes))] if amounts.buyer_owes else []
        return [*steps, row(labels["total"], self._money(amounts.total)), *owed, *shares]

    def conversation(self) -> Rows:
        kinds = self._texts["contacts"]
        return [row(self.instant(each.at), each.text, kinds[each.kind]) for each in self._source.contacts]

    def messages(self) -> Rows:
        return [
            row(self.instant(each.created_at), self._letter(each), self._sent(each)) for each in self._source.messages
        ]

    def files(self) -> Rows:
        return [
            row(
                self.instant(each.added_at),
                f"{each.caption or each.media_type or each.file_id}\n{each.digest}",
                each.author,
            )
            for each in self._source.files
        ]

    def policy(self) -> Rows:
        page = policy_page(self._source.policy, self._language)
        return [row(each.question, "\n".join(each.answers), "\n".join(each.citations)) for each in page.rows]

    def left_out(self) -> Rows:
        sentences = self._texts["left_out"]
        return [row("", sentences[code].format(number=number)) for code, number in self._source.left_out]

    def basis(self, citation: str | None) -> str:
        """The articles of law, or else the name of the shop's own term."""
        return (article(citation, self._language) or for_readers(citation)) if citation else ""

    def _letter(self, message: Message) -> str:
        cut = message.text[:LETTER_MOST]
        return f"{message.subject}\n{cut}" + (f" {self._texts['cut']}" if cut != message.text else "")

    def _sent(self, message: Message) -> str:
        return self._texts["sent"].format(at=self.instant(message.sent_at)) if message.sent_at else ""

    def _money(self, amount: int) -> str:
        return money(amount, self._source.order.currency, self._language)

    def _step(self, code: str, quantity: int | None) -> str:
        return word("step", code, self._language) + (f" × {quantity}" if quantity else "")

    def _side(self, fault: str) -> str:
        return alone(self._names["fault"][fault])

    def _ground(self, ground: str) -> str:
        return alone(self._names["ground"][ground])

    def _title(self, line_id: str) -> str:
        line = self._source.order.line(line_id)
        return (line and (line.title or line.sku)) or line_id


def left_out_sentences(left_out: Iterable[tuple[str, int]], language: str) -> list[str]:
    """What the archive says about the parts that are not in it."""
    sentences = dossier_words(language)["left_out"]
    return [sentences[code].format(number=number) for code, number in left_out]
