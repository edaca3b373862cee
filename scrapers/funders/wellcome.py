"""Wellcome: three schemes of discovery research in health, by career stage.

The leading organisation must lie where Wellcome pays, which leaves Sweden out: see the entries.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Wellcome(CuratedFunder):
    """The entries of ``scrapers/curated/wellcome.toml``."""

    key = "wellcome"
    title = "Wellcome"
    home = "https://wellcome.org"
    level = Level.INTERNATIONAL
    zone = "Europe/London"
    verified = "page text"
