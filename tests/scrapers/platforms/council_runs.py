"""What the councils' tests share: a council that asks a played site, and looks at calls."""

from __future__ import annotations

from scrapers.call import Call
from scrapers.catalogue import get_funder
from scrapers.funder import Expectations, Funder
from scrapers.run import RunReport
from tests.scrapers.conftest import Site

COUNCILS = ("formas", "forte", "vr")
KEY = "played-key"
FORMAS_CALLS = "/soka-finansiering/alla-utlysningar/utlysningar"


def at(site: Site, key: str = "formas", secret: str = "", minimum: int = 1) -> Funder:
    """A council that asks ``site`` and is content with few calls."""
    source = get_funder(key, site.url)
    object.__setattr__(source, "expects", Expectations(minimum=minimum, fill=()))
    source.secret = secret
    return source


def one(report: RunReport) -> Call:
    assert report.complete
    assert report.unread == {}
    (call,) = report.calls
    return call


def days(call: Call) -> tuple[str | None, list[str]]:
    """Opening and deadlines of a call as ISO 8601 on the clock of Stockholm."""
    opens = call.opens.isoformat() if call.opens else None
    return opens, [deadline.local().isoformat() for deadline in call.deadlines]
