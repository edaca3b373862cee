"""Region Uppsala: research money of the health service, ALF equipment, regional projects.

No dates were found for half of it; those entries have no deadline.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class RegionUppsala(CuratedFunder):
    """The entries of ``scrapers/curated/region_uppsala.toml``."""

    key = "region_uppsala"
    title = "Region Uppsala"
    home = "https://regionuppsala.se"
    level = Level.REGIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
