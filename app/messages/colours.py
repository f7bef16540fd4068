"""The contrast of two colours, by WCAG 2.2."""

WHITE = "#ffffff"
INK = "#1a1a1a"
"""The colour of text."""


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black and white. Colours are `#rrggbb`. The formula is that of WCAG 2.2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(ground: str) -> str:
    """White or the colour of text, whichever has more contrast to the ground: 4.5 or more, whatever the ground is."""
    return max(WHITE, INK, key=lambda colour: contrast(colour, ground))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
