"""Familjen Kamprads stiftelse: one research call a year, in two steps.

Its field changes from year to year and is made known in May.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class FamiljenKamprad(CuratedFunder):
    """The entries of ``scrapers/curated/familjen_kamprad.toml``."""

    key = "familjen_kamprad"
    title = "Familjen Kamprads stiftelse"
    home = "https://familjenkampradsstiftelse.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
