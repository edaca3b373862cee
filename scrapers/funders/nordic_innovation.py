"""Nordic Innovation: calls for consortia of companies from several Nordic countries.

Each call has a page of prose and fixed dates; a call that is over stays here as closed.
"""

from scrapers.call import Level
from scrapers.platforms.curated import CuratedFunder


class NordicInnovation(CuratedFunder):
    """The entries of ``scrapers/curated/nordic_innovation.toml``."""

    key = "nordic_innovation"
    title = "Nordic Innovation"
    home = "https://www.nordicinnovation.org"
    level = Level.NORDIC
    zone = "Europe/Oslo"
    verified = "page text"
