"""The place of a link in a message. The link is made when the message is sent, so no stored text has its secret."""

LINK_PLACE = "[[link]]"


def has_link(text: str) -> bool:
    return LINK_PLACE in text


def with_link(text: str, url: str) -> str:
    return text.replace(LINK_PLACE, url)
