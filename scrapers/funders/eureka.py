"""Eureka: Eurostars and the other programmes for companies that cooperate across borders.

Each country pays its own partners; Swedish ones are paid by Vinnova.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Eureka(CuratedFunder):
    """The entries of ``scrapers/curated/eureka.toml``."""

    key = "eureka"
    title = "Eureka"
    home = "https://www.eurekanetwork.org"
    level = Level.EUROPEAN
    zone = "Europe/Brussels"
    verified = "page text"
