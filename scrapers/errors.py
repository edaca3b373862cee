"""Errors of scrapers; each text says what went wrong and what to do."""


class ScrapeError(Exception):
    """Base of the scrapers' errors; its text is fit to show an operator."""


class UnknownFunderError(ScrapeError):
    """No funder has that key; the text lists those that exist."""


class FetchError(ScrapeError):
    """A page could not be fetched: no connection, a refusal, too slow, too large."""


class PolicyError(FetchError):
    """We must not fetch that page: robots.txt, an unsafe address, a redirect out of bounds."""


class ShapeError(ScrapeError):
    """An answer came, but not in the shape this funder's answers have.

    ``where`` names the funder, record or field; ``expected`` and ``actual`` say the difference.
    """

    def __init__(self, where: str, expected: str, actual: str, advice: str = "") -> None:
        self.where = where
        self.expected = expected
        self.actual = actual
        self.advice = advice or "Look at the saved answer; the source may have changed its format."
        super().__init__(f"{where}: expected {expected}, but {actual} came. {self.advice}")
