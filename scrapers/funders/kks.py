"""KK-stiftelsen, the Knowledge Foundation: yearly programmes for university colleges and business.

Its annual plan names months only, and its pages were read as stored copies of unknown age.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Kks(CuratedFunder):
    """The entries of ``scrapers/curated/kks.toml``."""

    key = "kks"
    title = "KK-stiftelsen"
    home = "https://www.kks.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
