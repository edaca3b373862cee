"""Names of calls: found however they are written, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.call import Call
from service.domain.calls.names.find_names import FoundKind, find_names, find_programmes
from service.store.call_facts.names import CallNameStore
from service.store.calls import CallStore
from service.store.database import connect
from tests.service.conftest import NOW, a_call

IHI = "eu_portal:HORIZON-JU-IHI-2099-12-SINGLE-STAGE-04"


def named_call(id_: str, *identifiers: str, title: str = "A call") -> Call:
    return a_call(id_, title).model_copy(update={"identifiers": identifiers})


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> CallNameStore:
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('names')}/calls.sqlite")
    calls = [
        named_call(IHI, "HORIZON-JU-IHI-2099-12-SINGLE-STAGE-04", "HORIZON-JU-IHI-2099-12"),
        named_call(
            "eu_portal:HORIZON-JU-IHI-2099-12-SINGLE-STAGE-05",
            "HORIZON-JU-IHI-2099-12-SINGLE-STAGE-05",
            "HORIZON-JU-IHI-2099-12",
        ),
        named_call("eu_portal:HORIZON-MISS-2099-05-SOIL-02", "HORIZON-MISS-2099-05-SOIL-02"),
        named_call("vinnova:2099-01234", "2099-01234"),
        named_call("tillvaxtverket:11990", "11990"),
        named_call("grants_gov:900100", "NSF 99-512", title="Sensors (PAR-99-353)"),
        named_call("ukri:quiet-machines-for-wards"),
        named_call("se:example.se/utlysningar/tysta-maskiner-for-varden"),
        named_call("se:bidrag", "se-sv:rådet-bidrag-till-tysta-maskiner"),
    ]
    store = CallStore(engine)
    store.upsert(calls, NOW)
    return store.names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("horizon-ju-ihi-2099-12-single-stage-04", IHI),
        ("HORIZON JU IHI 2099 12 SINGLE STAGE 04", IHI),
        ("HORIZON–JU–IHI–2099–12–SINGLE–STAGE–04", IHI),
        ("Passar HORIZON_JU_IHI_2099_12_SINGLE_STAGE_04 oss?", IHI),
        ("HORIZON-JU-IHI-2099-12-\nSINGLE-STAGE-04", IHI),
        ("MISS-2099-05", "eu_portal:HORIZON-MISS-2099-05-SOIL-02"),
        ("SOIL-02", "eu_portal:HORIZON-MISS-2099-05-SOIL-02"),
        ("Vi läste om 2099-01234 i går", "vinnova:2099-01234"),
        ("vinnova:2099-01234", "vinnova:2099-01234"),
        ("2099 01234", "vinnova:2099-01234"),
        ("11990", "tillvaxtverket:11990"),
        ("utlysning 11990 hos dem", "tillvaxtverket:11990"),
        ("par-99-353", "grants_gov:900100"),
        ("PAR-99-353-utlysningen", "grants_gov:900100"),
        ("NSF 99-512", "grants_gov:900100"),
        ("We saw quiet-machines-for-wards", "ukri:quiet-machines-for-wards"),
        ("ukri:quiet machines for wards", "ukri:quiet-machines-for-wards"),
        (
            "Passar se:example.se/utlysningar/tysta maskiner for varden oss?",
            "se:example.se/utlysningar/tysta-maskiner-for-varden",
        ),
        ("se-sv:rådet bidrag till tysta maskiner", "se:bidrag"),
    ],
)
def test_a_name_is_found_however_it_is_written(names: CallNameStore, text: str, found: str) -> None:
    (name,) = find_names(text, names)
    assert (name.kind, name.calls) == (FoundKind.CALL, (found,))


@pytest.mark.parametrize(
    "text",
    [
        "11990 patienter i tre regioner",
        "Vi söker 11990 kr och 900100 kronor",
        "COVID-19 och SARS-CoV-2, 18-65 år, 2021-2027",
        "quiet machines for wards",
        "Our aim: quiet machines for wards",
        "rådet: bidrag till tysta maskiner",
        "Horizon Europe 2099, single stage, soil 02",
        "ISO-13485-2016",
    ],
)
def test_what_is_no_name_is_none(names: CallNameStore, text: str) -> None:
    assert find_names(text, names) == ()


def test_a_part_of_several_names_them_all(names: CallNameStore) -> None:
    (name,) = find_names("JU-IHI-2099-12", names)
    assert name.kind is FoundKind.PART
    assert len(name.calls) == 2


@pytest.mark.parametrize(
    "text", ["HORIZON-JU-IHI-2099-12-SINGLE-STAGE-99", "PAR-98-001", "2098-12345"]
)
def test_an_unknown_name_is_said_to_be_unknown(names: CallNameStore, text: str) -> None:
    (name,) = find_names(f"Gäller {text} oss?", names)
    assert (name.kind, name.calls) == (FoundKind.UNKNOWN, ())


def test_several_names_stand_in_the_order_of_the_text(names: CallNameStore) -> None:
    text = "First 2099-01234, then HORIZON-MISS-2099-05-SOIL-02 and PAR-99-353."
    found = [name.calls[0] for name in find_names(text, names)]
    assert found == [
        "vinnova:2099-01234", "eu_portal:HORIZON-MISS-2099-05-SOIL-02", "grants_gov:900100"
    ]  # fmt: skip


def test_programmes_are_named_by_their_acronyms(names: CallNameStore) -> None:
    (found,) = find_programmes("We ask IHI for money", names)
    assert (found.kind, len(found.calls)) == (FoundKind.PROGRAMME, 2)
    assert find_programmes("we ask ihi for money", names) == ()


def test_names_go_with_their_call(tmp_path: Path) -> None:
    store = CallStore(connect(f"sqlite:///{tmp_path}/calls.sqlite"))
    store.upsert([named_call("vinnova:2099-01234", "2099-01234")], NOW)
    assert find_names("2099-01234", store.names)
    store.remove_source("vinnova")
    assert find_names("2099-01234", store.names)[0].kind is FoundKind.UNKNOWN
