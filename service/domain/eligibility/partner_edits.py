"""Who would have to be there: the organisation or the partners with whom a condition is met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.domain.eligibility.extract.places import COUNTRY_GROUPS
from service.domain.eligibility.facts import ApplicantKind, Applicants, Consortium, Fact, Places
from service.domain.eligibility.gate_messages import Values
from service.domain.eligibility.profile_edit import GatePasses, ProfileEdit
from service.domain.pilots.parties import COUNTED_PARTS, count_parties
from service.domain.pilots.profile import Party, Profile

_MAX_NAMED = 4
"""Kinds or places that a sentence names at most; any of them is enough."""

_HOME_COUNTRY = "SE"

_ABROAD = "AL AM AR AT AU BA BE BG BR CA CH CL CN CY CZ DE DK EE EG ES ET FI FO FR".split()
"""Countries that stand for those of partners abroad, whichever they will be."""


def edit_applicant(
    facts: Sequence[Fact], profile: Profile, opens: GatePasses
) -> ProfileEdit | None:
    """Return the kinds of organisations with one of which among the applicants the gate passes."""
    named = dict.fromkeys(
        kind for fact in facts if isinstance(fact.value, Applicants) for kind in fact.value.kinds
    )
    fitting = [kind for kind in named if opens(organisations=_add_party(profile, Party(kind=kind)))]
    kinds = tuple(f"one:{kind}" for kind in fitting[:_MAX_NAMED])
    return ProfileEdit("organisations", "applicants", {"kinds": kinds}) if kinds else None


def edit_place(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return the places in one of which an organisation must be for the gate to pass."""
    named = dict.fromkeys(
        where for fact in facts if isinstance(fact.value, Places) for where in fact.value.allowed
    )
    fitting = [
        where
        for where in named
        if opens(organisations=_add_party(profile, Party(country=_sample_country(where))))
    ]
    if not fitting:
        return None
    if all(where.startswith("SE-") for where in fitting):
        return ProfileEdit("organisations", "country.county", {})
    places = tuple(f"land:{where}" for where in fitting[:_MAX_NAMED] if not where.startswith("SE-"))
    return ProfileEdit("organisations", "country", {"places": places})


def edit_partners(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return how many partners are missing, and how many of them abroad or of another kind.

    An organisation that names no country is taken to be where the pilot is, and one that names no
    kind to be of the same kind as another: what is missing then is missing at most.
    """
    asked = [fact.value for fact in facts if isinstance(fact.value, Consortium)]
    here = _complete_parties(profile)
    have = count_parties(here.parties)
    lacking = {
        name: max([0, *((getattr(one, name) or 0) - have[name] for one in asked)])
        for name in COUNTED_PARTS
    }
    number = max(lacking.values())
    added = tuple(_new_parties(here, number, lacking["countries"], lacking["kinds"]))
    if not added or not opens(
        organisations=here.organisations, partners=(*(here.partners or ()), *added)
    ):
        return None
    code, values = _missing_partners(number, lacking["countries"], lacking["kinds"])
    return ProfileEdit("partners", code, values)


def _add_party(profile: Profile, one: Party) -> tuple[Party, ...]:
    return (*profile.organisations, one)


def _sample_country(where: str) -> str:
    """Return a country that stands for a group of them, or the place itself."""
    return min(COUNTRY_GROUPS[where]) if where in COUNTRY_GROUPS else where


def _complete_parties(profile: Profile) -> Profile:
    """Return the profile with a country and a kind for every party, the pilot itself being one."""
    home = next(iter(profile.countries), _HOME_COUNTRY)
    kind = next((one.kind for one in profile.parties if one.kind), ApplicantKind.ORGANISATION)

    def known(one: Party) -> Party:
        return one.model_copy(update={"country": one.country or home, "kind": one.kind or kind})

    own = profile.organisations or (Party(),)
    return profile.model_copy(
        update={
            "organisations": tuple(map(known, own)),
            "partners": tuple(map(known, profile.partners or ())),
        }
    )


def _new_parties(profile: Profile, number: int, abroad: int, other: int) -> Iterator[Party]:
    """Yield ``number`` parties, the first ones in countries and of kinds that are not there yet."""
    parties = profile.parties
    lands = {one.country[:2] for one in parties if one.country}
    kinds = {one.kind for one in parties if one.kind}
    away = [code for code in _ABROAD if code not in lands][:abroad]
    unlike = [kind for kind in ApplicantKind if kind not in kinds][:other]
    for place in range(number):
        yield Party(
            country=away[place] if place < len(away) else profile.countries[0],
            kind=unlike[place] if place < len(unlike) else parties[0].kind,
        )


def _missing_partners(number: int, abroad: int, other: int) -> tuple[str, Values]:
    if number == 1:
        both = {(0, 0): "", (1, 0): ".abroad", (0, 1): ".other", (1, 1): ".both"}
        return "consortium.one" + both[abroad, other], {}
    among = [f"abroad:{abroad}"] * bool(abroad) + [f"other:{other}"] * bool(other)
    values: Values = {"more": (str(number),)} | ({"among": tuple(among)} if among else {})
    return "consortium.more" + (".among" if among else ""), values
