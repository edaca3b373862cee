"""What the id of a call says, and what is particular to a funder's calls."""

from __future__ import annotations

from service.domain.calls.funders import traits_of
from service.domain.calls.ids import join_id, native_id, source_of
from service.domain.calls.rounds import offer_in


def test_an_id_is_cut_at_its_first_colon() -> None:
    id_ = "eu_portal:HORIZON:2026:01"
    assert (source_of(id_), native_id(id_)) == ("eu_portal", "HORIZON:2026:01")
    assert join_id(source_of(id_), native_id(id_)) == id_


def test_only_vinnova_names_the_offer_of_a_round() -> None:
    assert offer_in("vinnova", ("2026-00017", "2024-01234")) == "2024-01234"
    assert offer_in("vinnova", ("2026-00017",)) is None
    assert offer_in("eu_portal", ("TOPIC-01", "CALL-2026")) is None


def test_only_the_portal_states_amounts_that_are_expected() -> None:
    assert traits_of("eu_portal").expects_amounts
    assert not traits_of("vinnova").expects_amounts
    assert not traits_of("nobody").expects_amounts
