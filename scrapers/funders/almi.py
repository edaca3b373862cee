"""Almi: loans to small companies, given by its regional offices.

These are loans and no grants, which the entries say.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Almi(CuratedFunder):
    """The entries of ``scrapers/curated/almi.toml``."""

    key = "almi"
    title = "Almi"
    home = "https://www.almi.se"
    level = Level.REGIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
