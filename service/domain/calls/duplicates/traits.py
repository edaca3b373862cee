"""The traits by which a call is compared with others, computed once for each call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapers.call import Call, DeadlineKind, Money
from service.domain.calls.duplicates.word_overlap import content_words, shingles
from service.domain.calls.ids import source_of

_SPACE = re.compile(r"[\s_]+")
_LISTING_NUMBER = re.compile(r"^\d{2}\.\d{3}$")
_CODE = re.compile(r"[A-Z]{2}")
_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|mc_[ce]id)$", re.IGNORECASE)
_PLAIN_PORTS = ("", ":80", ":443")
_MIN_CODE_LENGTH = 7
_MIN_LETTERS = 2


@dataclass(frozen=True)
class CallIdentifier:
    """A call's number or code. A global one means the same call whoever uses it."""

    value: str
    is_global: bool

    @classmethod
    def parse(cls, text: str) -> CallIdentifier | None:
        """Return the identifier in ``text``; None if it names no single call.

        Codes with capitals and digits, such as HORIZON-HLTH-2027-01-CARE-03 or PAR-22-126, are
        global; register numbers such as 2026-00017 and names in a page's address
        (care-at-home-2026) are a funder's own. American assistance listings (93.223) name
        programmes, and short or plain numbers name nothing for certain.
        """
        value = _SPACE.sub("-", text.strip()).upper()
        if len(value) < _MIN_CODE_LENGTH or _LISTING_NUMBER.match(value):
            return None
        if not any(c.isdigit() for c in value):
            return None
        letters = sum(c.isalpha() for c in value)
        parted = any(c in "-/." for c in value)
        if not parted and letters < _MIN_LETTERS:
            return None
        return cls(value, is_global=parted and bool(_CODE.search(text)))


@dataclass(frozen=True)
class CallTraits:
    """What a call is compared by. Sets are empty when the call has nothing of the kind.

    Attributes:
        call: the call.
        own_identifiers: identifiers that no other call of its funder has.
        shared_identifiers: identifiers that other calls of its funder have too.
        address: its page, in the form of `canonical_url`; empty when other calls give it too.
        mentions: all addresses that it gives, in the same form.
        namesakes: whether its funder has another call with the same title and deadlines.
    """

    call: Call
    own_identifiers: frozenset[CallIdentifier]
    shared_identifiers: frozenset[CallIdentifier]
    address: str
    mentions: frozenset[str]
    namesakes: bool

    @property
    def id(self) -> str:
        """The call's id."""
        return self.call.id

    @property
    def key(self) -> str:
        """The funder's key: the part of the id before the colon."""
        return source_of(self.call.id)

    @cached_property
    def titles(self) -> dict[str, frozenset[str]]:
        """The content words of the title in each language."""
        return {language: content_words(title) for language, title in self.call.titles.items()}

    @cached_property
    def shingles(self) -> dict[str, frozenset[int]]:
        """The shingles of the text in each language."""
        return {language: shingles(text) for language, text in self.call.texts.items()}

    @cached_property
    def texts(self) -> dict[str, frozenset[str]]:
        """The content words of the text in each language: of use when a text is one line."""
        return {language: content_words(text) for language, text in self.call.texts.items()}

    @cached_property
    def days(self) -> frozenset[date]:
        """The days of the deadlines for new applicants, in the funder's zone."""
        dated = (d for d in self.call.deadlines if d.at is not None and d.admits_new_applicants)
        return frozenset(deadline.local().date() for deadline in dated)

    @cached_property
    def amounts(self) -> frozenset[tuple[str, str]]:
        """What one project may get and the pot, as (currency, plain digits)."""
        funding = self.call.funding
        return self.project_amounts | _amount_keys(funding.total if funding else None)

    @cached_property
    def project_amounts(self) -> frozenset[tuple[str, str]]:
        """What one project may get, as (currency, plain digits)."""
        funding = self.call.funding
        return _amount_keys(funding.minimum, funding.maximum) if funding else frozenset()

    @cached_property
    def is_two_stage(self) -> bool:
        """Whether the call is applied for in two stages."""
        has_two_stages = any(d.kind is DeadlineKind.TWO_STAGE for d in self.call.deadlines)
        return has_two_stages or self.call.id.casefold().endswith("two-stage")

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of its titles and texts."""
        return frozenset(self.call.titles) | frozenset(self.call.texts)


def traits_of_calls(calls: Mapping[str, Call]) -> dict[str, CallTraits]:
    """Return the traits of every call by id.

    An identifier that several calls of one funder have names what they are part of, such as the
    call that has many topics: it is ``shared``, and identifies no single call. Nor does a page
    that several calls give as theirs.
    """
    identifiers = {id_: _identifiers(call) for id_, call in calls.items()}
    holders = Counter(
        (source_of(id_), identifier) for id_, own in identifiers.items() for identifier in own
    )
    shared = {identifier for (_, identifier), count in holders.items() if count > 1}
    pages = Counter((source_of(id_), canonical_url(call.url)) for id_, call in calls.items())
    namesakes = Counter(name for call in calls.values() for name in _namesake_keys(call))
    return {
        id_: CallTraits(
            call=call,
            own_identifiers=identifiers[id_] - shared,
            shared_identifiers=identifiers[id_] & shared,
            address=_own_page(call, pages),
            mentions=_addresses(call),
            namesakes=any(namesakes[name] > 1 for name in _namesake_keys(call)),
        )
        for id_, call in calls.items()
    }


def canonical_url(url: str | None) -> str:
    """Return ``url`` in the form in which links are compared; empty without one or of a home page.

    The scheme, a leading www, a plain port, a closing slash, the fragment and parameters of
    campaigns make no difference.
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    query_fields = sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k))
    path = parts.path.rstrip("/")
    if not host or not (path or query_fields):
        return ""
    query = f"?{urlencode(query_fields)}" if query_fields else ""
    return f"{host}{'' if port in _PLAIN_PORTS else port}{path}{query}".casefold()


def _namesake_keys(call: Call) -> list[tuple[object, ...]]:
    due = tuple(deadline.at for deadline in call.deadlines)
    return [(source_of(call.id), content_words(title), due) for title in call.titles.values()]


def _own_page(call: Call, pages: Mapping[tuple[str, str], int]) -> str:
    address = canonical_url(call.url)
    return address if pages[source_of(call.id), address] == 1 else ""


def _identifiers(call: Call) -> frozenset[CallIdentifier]:
    identifiers = (CallIdentifier.parse(text) for text in (call.native_id, *call.identifiers))
    return frozenset(identifier for identifier in identifiers if identifier is not None)


def _addresses(call: Call) -> frozenset[str]:
    urls: Iterable[str | None] = (call.url, call.apply_url, *(link.url for link in call.links))
    return frozenset(filter(None, map(canonical_url, urls)))


def _amount_keys(*stated: Money | None) -> frozenset[tuple[str, str]]:
    return frozenset(_amount_key(money) for money in stated if money is not None and money.amount)


def _amount_key(money: Money) -> tuple[str, str]:
    return money.currency, f"{money.amount.normalize():f}"
