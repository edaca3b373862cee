"""EIT Health: the innovation community's calls for health technology close to market.

Known from other sites' accounts only: none of its own pages was at hand.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class EitHealth(CuratedFunder):
    """The entries of ``scrapers/curated/eit_health.toml``."""

    key = "eit_health"
    title = "EIT Health"
    home = "https://eithealth.eu"
    level = Level.EUROPEAN
    zone = "Europe/Berlin"
    verified = "not yet"
