"""Knut och Alice Wallenbergs Stiftelse: basic research that universities nominate.

Universities set earlier dates of their own, which are not kept here.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Wallenberg(CuratedFunder):
    """The entries of ``scrapers/curated/wallenberg.toml``."""

    key = "wallenberg"
    title = "Knut och Alice Wallenbergs Stiftelse"
    home = "https://kaw.wallenberg.org"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
