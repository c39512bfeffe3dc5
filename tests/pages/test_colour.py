"""Whatever colour a brand has, what is written in it can be read, by day and by night."""

import itertools

from hub.pages.colour import DARK_PAPER, LIGHT_PAPER, contrast, on_dark, on_light

COLOURS = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in itertools.product(range(0, 256, 51), repeat=3)]


def test_contrast_is_that_of_the_published_examples() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#123456", "#123456") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_every_colour_is_made_readable_as_text_and_as_the_ground_of_a_button() -> None:
    for colour in COLOURS:
        day, night = on_light(colour), on_dark(colour)
        assert min(contrast(day, LIGHT_PAPER), contrast(day, "#ffffff")) >= 4.5
        assert min(contrast(night, DARK_PAPER), contrast(night, "#15171a")) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert (on_light("#0f766e"), on_dark("#ffd400")) == ("#0f766e", "#ffd400")
