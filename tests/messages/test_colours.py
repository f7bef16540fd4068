"""The contrast of colours, with the values that the examples of WCAG have."""

import pytest

from app.messages.colours import contrast, readable_on


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ff0000", 1),
    ],
)
def test_the_contrast_of_two_colours(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(one, other) == contrast(other, one)


def test_text_is_readable_on_every_colour() -> None:
    for shade in range(0, 256, 3):
        for ground in (f"#{shade:02x}{shade:02x}{shade:02x}", f"#{shade:02x}00{255 - shade:02x}", f"#00{shade:02x}80"):
            assert contrast(readable_on(ground), ground) >= 4.15, ground
