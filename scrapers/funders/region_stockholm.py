"""Region Stockholm: its innovation fund, ALF money for clinical research, regional projects.

Most is for the region's own staff and contractors, which the entries say.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class RegionStockholm(CuratedFunder):
    """The entries of ``scrapers/curated/region_stockholm.toml``."""

    key = "region_stockholm"
    title = "Region Stockholm"
    home = "https://www.regionstockholm.se"
    level = Level.REGIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
