"""The calls of a digest that are open to any subject, chosen apart from those that fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from scrapers.call import Call
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.domain.matching.match_context import MatchContext
from service.domain.matching.other_calls.any_subject import (
    MOST_SHOWN,
    make_any_subject,
    next_deadline_instant,
    rank_by_conditions,
    wants_any_subject,
)
from service.domain.notifications.condition_changes import compare_conditions
from service.domain.notifications.digest import AnySubjectItem, AnySubjectItems
from service.domain.notifications.events import CallVersions, SentLog
from service.domain.notifications.selection import (
    DigestCandidate,
    DigestMoment,
    SelectedCall,
    select_calls,
)
from service.domain.pilots.profile import Profile


@dataclass(frozen=True)
class AnySubjectChooser:
    """Chooses among the calls that are open to any subject, for the digests of one moment.

    ``context`` has the calls, ``open_ids`` those that can be applied for, ``gone`` those that their
    source no longer lists, and ``returned`` when a call was listed again.
    """

    context: MatchContext
    stored: AnySubjectCalls
    open_ids: Collection[str]
    gone: Collection[str]
    returned: Mapping[str, datetime]

    @property
    def ids(self) -> frozenset[str]:
        """The calls that may be chosen."""
        return frozenset(self.stored.ids) & frozenset(self.open_ids)

    def choose(
        self,
        profile: Profile | None,
        sent_log: SentLog,
        moment: DigestMoment,
        versions: Mapping[str, CallVersions],
        *,
        taken: Collection[str],
        language: str,
    ) -> AnySubjectItems:
        """Return what a recipient is told of them: new, changed or closing, each reason once.

        A call that was never told must meet the profile: a condition that is known to be met, and
        none that fails. Without a profile nothing is known, so nothing is told.

        Args:
            profile: the pilot's; one that does not want such calls gets none.
            sent_log: what was sent to the recipient before.
            moment: when the mail is made.
            versions: of the calls, oldest first.
            taken: ids of the calls that are told otherwise, or that somebody judged.
            language: of the titles (ISO 639).
        """
        if not self._is_wanted(profile):
            return AnySubjectItems()
        known = {copy for id_ in taken for copy in self.context.links.group(id_)}
        ranked = [
            id_
            for id_ in rank_by_conditions(self.stored, self.ids - known, profile, self._deadline)
            if sent_log.contains(id_) or self._meets_any(id_, profile)
        ]
        chosen = select_calls(
            (self._candidate(id_, place, versions) for place, id_ in enumerate(ranked)),
            sent_log,
            moment,
            minimum=0.0,
            delisted=self.gone,
            are_alike=are_near_duplicates,
            conditions=compare_conditions,
            max_calls=MOST_SHOWN,
        )
        shown = (*chosen.items, *chosen.brief)
        items = tuple(self._item(pick, profile, language) for pick in shown)
        return AnySubjectItems(items=items, more=chosen.more)

    def shows(self, call_id: str, profile: Profile | None) -> bool:
        """Whether `choose` may tell a pilot of a call: it is wanted, and no condition fails."""
        return (
            call_id in self.ids
            and self._is_wanted(profile)
            and self.stored.fit(call_id, profile) is not None
        )

    @staticmethod
    def _is_wanted(profile: Profile | None) -> bool:
        """Whether a pilot says who applies, and wants such calls."""
        return profile is not None and not profile.is_empty and wants_any_subject(profile)

    def _meets_any(self, call_id: str, profile: Profile | None) -> bool:
        fit = self.stored.fit(call_id, profile)
        return fit is not None and fit.unmet < 0

    def _deadline(self, call_id: str) -> int:
        return next_deadline_instant(self.context.calls[call_id], self.context)

    def _candidate(
        self, call_id: str, place: int, versions: Mapping[str, CallVersions]
    ) -> DigestCandidate:
        """Return a candidate whose score puts it at its place among the others."""
        call = self.context.calls[call_id]
        return DigestCandidate(
            versions.get(call_id) or ((self.context.now, call),),
            1 / (1 + place),
            relisted_at=self.returned.get(call_id),
        )

    def _item(self, pick: SelectedCall, profile: Profile | None, language: str) -> AnySubjectItem:
        call: Call = self.context.calls[pick.call_id]
        return AnySubjectItem(
            call_id=pick.call_id,
            reasons=pick.events,
            beside=tuple(event for other in pick.others for event in other.events),
            call=make_any_subject(self.context, self.stored, call, profile, language),
        )
