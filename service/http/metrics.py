"""Figures for Prometheus: requests by route, and the state of store, index, sources and mails.

Labels are route templates, statuses and keys of ours, so their number is bounded and nothing that
a person wrote is among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from service.use_cases.watching.figures import OperatingFigures

CONTENT_TYPE = CONTENT_TYPE_LATEST

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds that answers are sorted by: a page takes some hundredths, a search some tenths."""


class RequestMetrics:
    """The figures of one application, from its start on."""

    def __init__(self, read: Callable[[], OperatingFigures]) -> None:
        """Take what reads the figures of the stores, each time that somebody asks."""
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._count = Counter(
            "fundscout_requests", "Requests answered.", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "fundscout_request_seconds",
            "Seconds that an answer took, without the wait for its turn.",
            labels,
            registry=self._registry,
            buckets=_BUCKETS,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_StoreFigures(read))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        labels = (method, route, str(status))
        self._count.labels(*labels).inc()
        self._seconds.labels(*labels).observe(seconds)

    def render(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        return generate_latest(self._registry)


class _StoreFigures(Collector):
    """Asks the stores when the figures are fetched."""

    def __init__(self, read: Callable[[], OperatingFigures]) -> None:
        self._read = read

    def describe(self) -> list[Metric]:
        """Name nothing before it is asked for, so that an application starts without a query."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        now = self._read()
        yield _gauge("store_up", "Whether the database can be read.", int(now.store))
        yield _count("searches", "Searches answered.", now.searches)
        yield _count("matches", "Matches that searches showed.", now.matches)
        yield _gauge("index_calls", "Calls in the index.", now.index_calls)
        yield _gauge("index_passages", "Passages in the index.", now.index_passages)
        if now.index_age is not None:
            yield _gauge("index_age_seconds", "Age of the index.", now.index_age)
        yield _by("calls", "Stored calls by source.", "source", now.calls)
        yield _by("source_age_seconds", "Since a good run.", "source", now.source_ages)
        yield _by("source_gap", "1: failing or stale.", "source", now.source_gaps)
        yield _by("mails", "Mails by state.", "state", now.mails)
        yield _by("job_age_seconds", "Since a job last ended well.", "job", now.job_ages)


def _gauge(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(f"fundscout_{name}", help_, value=value)


def _count(name: str, help_: str, value: float) -> Metric:
    return CounterMetricFamily(f"fundscout_{name}", help_, value=value)


def _by(name: str, help_: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"fundscout_{name}", help_, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
