"""Calls that come again: the earlier rounds of a call, and when it usually opens.

Rounds are recognised by what funders repeat: the title but for year and round, the offer that a
round belongs to, the identifier but for the year, or a later version of one record with new dates.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from pydantic import Field

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.funders import funder_of_call, traits_of
from service.domain.calls.ids import join_id, native_id
from service.domain.calls.name_folding import fold_name
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.frozen_model import FrozenModel

MIN_ROUND_GAP = timedelta(days=30)
"""Rounds begin at least this long after each other; calls that begin together are no rounds."""

_NEW_ROUND_SHIFT = timedelta(days=180)
"""A record whose dates move further than this is the next round, not a postponed deadline."""

_MIN_TITLE_LENGTH = 12
"""The fewest characters of a title, without year and round, that identifies a call."""

_GENERIC_WORDS = frozenset(
    "call calls for proposals proposal project projects grant grants open the of and to in on an "
    "competitive funding scheme application applications oppen oppna utlysning utlysningar ansokan "
    "om till och av pa projekt bidrag medel stod".split()
)
"""Words that any call's title may have: a title of these alone identifies no call."""

_PATTERNS = load("rounds.toml", package=__package__)

_MAX_SHOWN = 10
_MAX_KNOWN = 2000
_MIN_YEARS = 2
_MIN_AGREEMENT = 2 / 3


class RoundSource(StrEnum):
    """What says that a call is an earlier round."""

    LINK = "linked"
    VERSION = "same record"
    OFFER = "same offer"
    SERIES = "same series"
    TITLE = "same title"


class Round(FrozenModel):
    """An earlier round of a call; one known only from awards has no title and no dates."""

    id: str
    title: str = ""
    year: int | None
    opens: datetime | None = None
    closes: datetime | None = None
    url: str | None = None
    why: RoundSource
    awards: int = Field(default=0, description="Projects paid by it that are stored.")


class UsualMonths(FrozenModel):
    """In what months a call opens, or closes where openings are not known."""

    what: Literal["opens", "closes"]
    months: tuple[int, ...] = Field(
        description="One month, or two that follow each other; 1 to 12."
    )
    years: tuple[int, ...] = Field(description="The years that this is based on.")


class RoundHistory(FrozenModel):
    """What is known of a call's other rounds, the latest first."""

    rounds: tuple[Round, ...] = ()
    usually: UsualMonths | None = None


NO_ROUNDS = RoundHistory()

ReadVersions = Callable[[str], Sequence[tuple[datetime, Call]]]


Family = tuple[str, str]
"""What rounds of one call have in common: the funder's key, and an offer, series or title."""


class PaidIdentifiers:
    """The identifiers that awards name, by funder: how many awards, rounds of an offer, series."""

    def __init__(self, calls: Iterable[tuple[str, tuple[str, ...]]] = ()) -> None:
        """Count ``calls``: the funder's key and the identifiers of each award.

        Identifiers are in capitals, that of the round first.
        """
        self.count: dict[tuple[str, str], int] = {}
        self.offers: dict[tuple[str, str], set[str]] = {}
        self.series: dict[tuple[str, str], list[str]] = {}
        for funder, identifiers in calls:
            for identifier in identifiers:
                place = funder, identifier
                self.count[place] = self.count.get(place, 0) + 1
            offer = offer_in(funder, identifiers)
            if offer is not None:
                self.offers.setdefault((funder, offer), set()).add(identifiers[0])
        for funder, identifier in self.count:
            series = series_identifier(identifier)
            if series:
                self.series.setdefault((funder, series), []).append(identifier)


class RoundStore(Protocol):
    """Where the calls are that rounds are looked for in."""

    def reader(self) -> Mapping[str, Call]:
        """Return the calls by id."""
        ...

    def find_relatives(self, families: Sequence[Family], /) -> Mapping[Family, Sequence[str]]:
        """Return the ids of the calls of ``families``, by family."""
        ...

    def former_versions(self, call_ids: Collection[str], /) -> Mapping[str, Sequence[Call]]:
        """Return what some calls were before, oldest first, by id."""
        ...


class GivenCalls:
    """Calls in memory, for rounds to be looked for in."""

    def __init__(self, calls: Iterable[Call], versions: ReadVersions | None = None) -> None:
        """Sort ``calls`` into families; ``versions`` returns those of a call, oldest first."""
        self._calls = {call.id: call for call in calls}
        self._versions = versions
        self._members: dict[Family, list[str]] = {}
        for call in self._calls.values():
            for family in round_families(call):
                self._members.setdefault(family, []).append(call.id)

    def reader(self) -> Mapping[str, Call]:
        """Return the calls by id."""
        return self._calls

    def find_relatives(self, families: Sequence[Family]) -> Mapping[Family, Sequence[str]]:
        """Return the ids of the calls of ``families``, by family."""
        return {family: self._members[family] for family in families if family in self._members}

    def former_versions(self, call_ids: Collection[str]) -> Mapping[str, Sequence[Call]]:
        """Return the versions of some calls, oldest first, by id."""
        if self._versions is None:
            return {}
        return {id_: [call for _, call in self._versions(id_)] for id_ in call_ids}


class _Known(NamedTuple):
    """The rounds of a call, the latest first, and when all of them opened and closed."""

    rounds: tuple[Round, ...]
    opened: tuple[datetime, ...]
    closed: tuple[datetime, ...]


class RoundIndex:
    """The rounds of every stored call."""

    def __init__(
        self,
        calls: Iterable[Call],
        versions: ReadVersions | None = None,
        paid: PaidIdentifiers | None = None,
        links: CallGroups | None = None,
    ) -> None:
        """Sort ``calls`` into families.

        Args:
            calls: every stored call.
            versions: returns the stored versions of a call by its id, oldest first.
            paid: the identifiers that awards name.
            links: which calls are one call, or a re-issued one.
        """
        self._store: RoundStore = GivenCalls(calls, versions)
        self._paid = paid or PaidIdentifiers()
        self._links = links or CallGroups()
        self._known: dict[str, _Known] = {}

    @classmethod
    def over(cls, store: RoundStore, paid: PaidIdentifiers, links: CallGroups) -> RoundIndex:
        """Return the rounds of the calls in a store, which are read when they are needed.

        Args:
            store: where the calls are.
            paid: the identifiers that awards name.
            links: which calls are one call, or a re-issued one.
        """
        index = cls((), None, paid, links)
        index._store = store
        return index

    def rounds_of(self, call: Call, now: datetime | None = None) -> RoundHistory:
        """Return the earlier rounds of ``call`` and when it usually opens.

        Dates after the aware instant ``now`` are only plans: they do not count.
        """
        known = self._look_up(call)
        return RoundHistory(
            rounds=known.rounds[:_MAX_SHOWN], usually=_usual_months(known.opened, known.closed, now)
        )

    def read_ahead(self, calls: Sequence[Call]) -> None:
        """Find the rounds of ``calls`` at once, before those of each are asked for."""
        missing = [call for call in calls if call.id not in self._known]
        if missing:
            kept = {} if len(self._known) >= _MAX_KNOWN else self._known
            self._known = kept | self._find(missing)

    def _find(self, missing: Sequence[Call]) -> dict[str, _Known]:
        """Find the rounds of some calls."""
        families = {call.id: round_families(call) for call in missing}
        members = self._store.find_relatives(
            list(dict.fromkeys(family for own in families.values() for family in own))
        )
        former = self._store.former_versions(families)
        sources = {call.id: self._relatives(call, families[call.id], members) for call in missing}
        stored = self._store.reader()
        read_ahead(stored, {id_ for own in sources.values() for id_ in own})
        return {
            call.id: self._describe(
                call,
                self._stored_rounds(call, sources[call.id], stored),
                _rounds_of_record(call, former.get(call.id, ())),
            )
            for call in missing
        }

    def _look_up(self, call: Call) -> _Known:
        """Return what is known of the rounds of ``call``."""
        known = self._known.get(call.id)
        if known is None:
            known = self._find([call])[call.id]
            self._known[call.id] = known
        return known

    def _describe(
        self, call: Call, stored: Sequence[tuple[Call, RoundSource]], versions: Sequence[Call]
    ) -> _Known:
        rounds = [_make_round(other, why, self._count_awards(other)) for other, why in stored]
        rounds += [_make_round(old, RoundSource.VERSION, 0) for old in versions]
        rounds += self._rounds_in_awards(call, {a_round.id for a_round in rounds})
        rounds.sort(key=lambda a_round: (-(a_round.year or 0), a_round.id))
        opened, closed = _dates_of([call, *(other for other, _ in stored), *versions])
        return _Known(tuple(rounds), opened, closed)

    def identifiers(self, call: Call) -> frozenset[str]:
        """Return the identifiers (in capitals) of the earlier rounds of ``call``."""
        return frozenset(
            native_id(a_round.id).upper() for a_round in self._look_up(call).rounds
        ) - {call.native_id.upper()}

    def _relatives(
        self,
        call: Call,
        families: Sequence[Family],
        members: Mapping[Family, Sequence[str]],
    ) -> dict[str, RoundSource]:
        """Return the ids of calls that may be rounds of ``call``, and what says so."""
        linked = [link for link in self._links.links(call.id) if link.relation is Relation.REISSUE]
        ends = [end for link in linked for end in link.pair]
        sources: dict[str, RoundSource] = dict.fromkeys(ends, RoundSource.LINK)
        for family in families:
            for id_ in members.get(family, ()):
                sources.setdefault(id_, _SOURCE_BY_FAMILY[family[1][:2]])
        return sources

    def _stored_rounds(
        self, call: Call, sources: Mapping[str, RoundSource], calls: Mapping[str, Call]
    ) -> list[tuple[Call, RoundSource]]:
        """Return the calls that are earlier rounds of ``call``."""
        copies = self._links.copies(call.id)
        return [
            (calls[id_], why)
            for id_, why in sources.items()
            if id_ in calls and id_ not in copies and _is_earlier(calls[id_], call)
        ]

    def _rounds_in_awards(self, call: Call, known: Collection[str]) -> list[Round]:
        """Return the rounds that are not stored, and that awards name."""
        funder = funder_of_call(call)
        own = call.native_id.upper()
        sources: dict[str, RoundSource] = {}
        offer = offer_of(call)
        if offer is not None:
            identifiers = self._paid.offers.get((funder, offer.upper()), ())
            sources |= dict.fromkeys(identifiers, RoundSource.OFFER)
        series = series_identifier(own)
        for identifier in self._paid.series.get((funder, series), ()) if series else ():
            sources.setdefault(identifier, RoundSource.SERIES)
        own_year = find_year(own)
        return [
            Round(
                id=join_id(funder, identifier),
                year=find_year(identifier),
                why=why,
                awards=self._paid.count.get((funder, identifier), 0),
            )
            for identifier, why in sorted(sources.items())
            if identifier != own
            and join_id(funder, identifier) not in known
            and (find_year(identifier) or 0) < (own_year or 0)
        ]

    def _count_awards(self, call: Call) -> int:
        return self._paid.count.get((funder_of_call(call), call.native_id.upper()), 0)


_SOURCE_BY_FAMILY = {"o:": RoundSource.OFFER, "s:": RoundSource.SERIES, "t:": RoundSource.TITLE}


def _rounds_of_record(call: Call, versions: Sequence[Call]) -> list[Call]:
    """Return the last version of ``call`` in each earlier round of the same record."""
    earlier: list[Call] = []
    later = call
    for old in reversed(versions):
        began, begins = _beginning_date(old), _beginning_date(later)
        if began and begins and began <= begins - _NEW_ROUND_SHIFT:
            earlier.append(old)
            later = old
    return earlier


def find_usual_months(calls: Sequence[Call], now: datetime | None = None) -> UsualMonths | None:
    """Return in what months rounds opened before ``now``; if they disagree, in what they closed.

    At least two years must agree on a month, or on two that follow each other, and so must two
    thirds of all rounds, with the latest: a call that opens at any time has no usual month, and
    neither has one whose month has moved.
    """
    return _usual_months(*_dates_of(calls), now)


def _dates_of(calls: Sequence[Call]) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """Return when ``calls`` opened, and when they closed."""
    opened = tuple(c.opens for c in calls if c.opens)
    return opened, tuple(at for c in calls if (at := _closing_date(c)))


def _usual_months(
    opened: Iterable[datetime], closed: Iterable[datetime], now: datetime | None
) -> UsualMonths | None:
    return _agreeing_months("opens", _months_until(opened, now)) or _agreeing_months(
        "closes", _months_until(closed, now)
    )


def _months_until(dates: Iterable[datetime], now: datetime | None) -> list[tuple[int, int]]:
    """Return year and month of the dates up to ``now``."""
    return [(at.year, at.month) for at in dates if now is None or at <= now]


def _agreeing_months(
    what: Literal["opens", "closes"], dates: list[tuple[int, int]]
) -> UsualMonths | None:
    spans = [(m,) for m in range(1, 13)] + [(m, m % 12 + 1) for m in range(1, 13)]
    for span in sorted(spans, key=lambda s: (len(s), -sum(m in s for _, m in dates), s)):
        years = sorted({year for year, month in dates if month in span})
        agreeing = sum(month in span for _, month in dates)
        still = bool(dates) and max(dates)[1] in span
        if still and len(years) >= _MIN_YEARS and agreeing >= _MIN_AGREEMENT * len(dates):
            return UsualMonths(what=what, months=span, years=tuple(years))
    return None


def _closing_date(call: Call) -> datetime | None:
    ends = [d.local() for d in call.deadlines if d.at is not None and d.admits_new_applicants]
    return max(ends, default=None)


def _beginning_date(call: Call) -> datetime | None:
    return call.opens or _closing_date(call) or call.published


def _is_earlier(other: Call, call: Call) -> bool:
    """Whether ``other`` began well before ``call``, by the same kind of date."""
    if other.id == call.id:
        return False
    for date in (lambda c: c.opens, _closing_date, lambda c: c.published):
        their_date, own_date = date(other), date(call)
        if their_date and own_date:
            earlier: bool = their_date <= own_date - MIN_ROUND_GAP
            return earlier
    return False


def _make_round(call: Call, why: RoundSource, awards: int) -> Round:
    begins = _beginning_date(call)
    return Round(
        id=call.id,
        title=next(iter(call.titles.values())),
        year=begins.year if begins else None,
        opens=call.opens,
        closes=_closing_date(call),
        url=call.url,
        why=why,
        awards=awards,
    )


def round_families(call: Call) -> list[Family]:
    """Return what a call has in common with its other rounds: its offer, series and titles.

    Each is a pair of the funder's key and a text that begins with ``o:``, ``s:`` or ``t:``.
    """
    funder = funder_of_call(call)
    offer = offer_of(call)
    families = [] if offer is None else [(funder, f"o:{offer.upper()}")]
    series = series_identifier(call.native_id.upper())
    families += [(funder, f"s:{series}")] if series else []
    titles = dict.fromkeys(bare_title(title) for title in call.titles.values())
    return families + [(funder, f"t:{title}") for title in titles if title]


def offer_of(call: Call) -> str | None:
    """Return the offer that ``call`` is a round of, where its funder says so."""
    return offer_in(funder_of_call(call), call.identifiers)


def offer_in(funder: str, identifiers: Sequence[str]) -> str | None:
    """Return the offer among the identifiers of a round: the second, where ``funder`` names it."""
    return identifiers[1] if traits_of(funder).names_offers and len(identifiers) > 1 else None


def bare_title(title: str) -> str:
    """Return a title without year, season and round; empty when too little is left."""
    title = " ".join(title.split())
    plain = fold_name(_PATTERNS.words_in_brackets.sub(r" \1 ", _PATTERNS.year.sub(" ", title)))
    words = _PATTERNS.season_or_round.sub(" ", plain).split()
    bare = " ".join(words)
    tells = len(words) > 1 and any(len(w) > 1 for w in words if w not in _GENERIC_WORDS)
    return bare if tells and len(bare) >= _MIN_TITLE_LENGTH else ""


def series_identifier(identifier: str) -> str | None:
    """Return the identifier of a European scheme that comes every year, without the year.

    Only schemes that are open to every subject have the same topic under the same number again;
    in a work programme's clusters the numbers start anew, and mean something else.
    """
    match = _PATTERNS.european_scheme.fullmatch(identifier)
    if match is None or "CHALLENGE" in match[3]:
        return None
    name = _PATTERNS.first_part_numbers.sub("", match[3])
    return None if _PATTERNS.number_at_the_end.search(name) else f"{match[1]}-{name}"


def find_year(identifier: str) -> int | None:
    """Return the first year in an identifier, if there is one."""
    match = _PATTERNS.year_in_an_identifier.search(identifier)
    return int(match[1]) if match else None
