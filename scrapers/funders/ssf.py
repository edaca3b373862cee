"""SSF, the Swedish Foundation for Strategic Research: mobility, doctoral students, large groups.

Calls are pages of prose; several of the copies that were read are of 2018 and before.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class Ssf(CuratedFunder):
    """The entries of ``scrapers/curated/ssf.toml``."""

    key = "ssf"
    title = "Stiftelsen för strategisk forskning"
    home = "https://strategiska.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    verified = "page text"
