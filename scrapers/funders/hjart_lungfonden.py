"""Hjärt-Lungfonden, the Swedish Heart-Lung Foundation: yearly rounds of research grants.

Rounds are told in prose and applied for in a portal that needs an account.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class HjartLungfonden(CuratedFunder):
    """The entries of ``scrapers/curated/hjart_lungfonden.toml``."""

    key = "hjart_lungfonden"
    title = "Hjärt-Lungfonden"
    home = "https://www.hjart-lungfonden.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
