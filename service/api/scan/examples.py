"""The documentation's examples of scans and focus areas; everything in them is made up."""

from __future__ import annotations

from service.api.actors.examples import ACTOR_LIST
from service.api.sample import NOW, PILOT, STORED, STORED_CALLS, dump
from service.domain.awards.actors import ActorKind, ActorList
from service.domain.awards.focus_areas import FOCUS_AREAS, FocusAreaKey, OwnAreaDraft, OwnFocusArea
from service.domain.matching.call_card import make_card
from service.domain.matching.filters import DEFAULT_STATUSES
from service.domain.matching.fit import Fit
from service.domain.scan.money import add_up_money
from service.domain.scan.months import count_months
from service.domain.scan.pilots import ScanPilot
from service.domain.scan.rows import ScanRow
from service.domain.scan.scan import SubjectScan, describe_levels
from service.use_cases.scan.focus_areas import FocusAreaList

_WORDS = "Remote care in sparsely populated areas. Vård på distans i glesbygd."
_OWN = OwnFocusArea(
    key="own-care-far-from-town-5f3a9c",
    name="Care far from town",
    words=_WORDS,
    by="Anna",
    created_at=NOW,
    modified_at=NOW,
)
_DATES = tuple(one.at for one in STORED.deadlines if one.at)
_ROW = ScanRow(
    id=STORED.id,
    funder="example_fund",
    name=STORED.funder,
    level=STORED.level,
    status=STORED.status(NOW),
    next_deadline=_DATES[0],
    deadlines=_DATES,
    opens=STORED.opens,
    is_rolling=False,
    total=STORED.funding.total if STORED.funding else None,
    most=STORED.funding.maximum if STORED.funding else None,
)
_ACTORS = ActorList.model_validate(ACTOR_LIST)

AREA_DRAFT = dump(OwnAreaDraft(name=_OWN.name, words=_OWN.words))
OWN_AREA = dump(_OWN)
AREA_LIST = dump(FocusAreaList(areas=(FOCUS_AREAS[FocusAreaKey.HOME_CARE], _OWN.area), own=(_OWN,)))
SCAN = dump(
    SubjectScan(
        name=_OWN.area.name,
        area=_OWN.key,
        words=_WORDS,
        levels=(),
        statuses=DEFAULT_STATUSES,
        total=1,
        is_cut=False,
        by_level=describe_levels([_ROW], (), None, "SEK"),
        money=add_up_money([_ROW], None, "SEK"),
        currency="SEK",
        rates=None,
        months=count_months([_ROW], NOW),
        undated=0,
        calls=(make_card(STORED_CALLS, STORED, "en"),),
        funders=tuple(one for one in _ACTORS.actors if one.kind is ActorKind.FUNDER),
        organisations=tuple(one for one in _ACTORS.actors if one.kind is ActorKind.ORGANISATION),
        projects=1,
        pilots=(
            ScanPilot(
                id=PILOT.id,
                title=PILOT.title,
                language=PILOT.language,
                similarity=0.62,
                calls=1,
                best=Fit.GOOD,
            ),
        ),
        language="en",
        as_of=NOW,
    )
)
