"""The text of a digest: the messages of a day to the seller, in one message."""

from collections.abc import Mapping, Sequence

from app.messages.render import Rendered

MOST_TEXTS = 50
"""A digest has so many texts in full. Of the others it has the subject."""

_SUBJECTS: Mapping[str, str] = {
    "ko": "[오늘의 알림] 확인하실 내용 {count}건",
    "ja": "【本日のお知らせ】ご確認いただきたい件：{count}件",
    "en": "Your digest: {count} to look at",
}
_RULE = "-" * 20


def digest_of(parts: Sequence[Rendered], language: str) -> Rendered:
    """The messages in their order, the subjects first."""
    subject = _SUBJECTS.get(language, _SUBJECTS["en"]).format(count=len(parts))
    listed = "\n".join(f"{number}. {part.subject}" for number, part in enumerate(parts, start=1))
    texts = [f"{_RULE}\n{number}. {part.subject}\n\n{part.text}" for number, part in enumerate(parts, start=1)]
    return Rendered(subject=subject, text="\n\n".join((listed, *texts[:MOST_TEXTS])))
