"""Texts of people in one line, without control characters."""

from email.errors import HeaderParseError
from email.header import decode_header, make_header


def printable(text: str) -> str:
    """Raises ValueError."""
    if any((ord(character) < 32 and character not in "\n\t") or character == "\x7f" for character in text):
        raise ValueError("must not hold control characters")
    return text


def one_line(text: str) -> str:
    """Mail programs decode encoded words, so line breaks must not hide in encoded words. Raises ValueError."""
    if any("\n" in printable(form) or "\t" in form for form in (text, decoded(text))):
        raise ValueError("must be one line")
    return text


def decoded(text: str) -> str:
    """The text with its encoded words (RFC 2047, `=?utf-8?q?...?=`) decoded. A word that cannot be decoded stays."""
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        return text
