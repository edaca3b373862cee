"""Cancerfonden, the Swedish Cancer Society: a spring and an autumn round of grants.

The dates that were read are of 2020 to 2024.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Cancerfonden(CuratedFunder):
    """The entries of ``scrapers/curated/cancerfonden.toml``."""

    key = "cancerfonden"
    title = "Cancerfonden"
    home = "https://www.cancerfonden.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
