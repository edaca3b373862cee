"""Exchange rates: read strictly, used only while they are fresh, and never without being said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scrapers.call import Call, Funding, Money
from scrapers.errors import ShapeError
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.matching.filters import Filters, count_reasons
from service.domain.matching.pricing import Pricing
from service.ecb_rates import parse_rates, read_rates
from service.errors import InputError
from service.settings import Settings
from tests.scrapers.conftest import Site, SiteReply
from tests.service.conftest import NOW, a_call

DAY = NOW.date()
# invented figures in the form that the bank publishes
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <Cube><Cube time='{DAY}'>
  <Cube currency='USD' rate='1.25'/><Cube currency='SEK' rate='11.00'/>
  <Cube currency='GBP' rate='0.80'/><Cube currency='NOK' rate='12.5'/>
  <Cube currency='DKK' rate='7.5'/>
 </Cube></Cube>
</gesmes:Envelope>""".encode()
CSV = f"Date, USD, JPY, SEK, GBP, NOK, DKK, \n{DAY:%d %B %Y}, 1.25, N/A, 11, 0.80, 12.5, 7.5, \n"
RATES = parse_rates(XML)


def money(amount: int, currency: str = "EUR") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.close()


def test_both_forms_give_the_same() -> None:
    assert RATES.day == DAY
    assert RATES.per_euro["SEK"] == 11
    assert parse_rates(CSV.encode()) == RATES
    older = XML.replace(b"<Cube><Cube time", b"<Cube><Cube time='2001-01-02'></Cube><Cube time")
    assert parse_rates(older) == RATES


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "the bank's XML or CSV"),
        (b"<html><body>Moved</body></html>", "a day with rates"),
        (b"{}", "the bank's XML or CSV"),
        (XML.replace(b"'11.00'", b"'eleven'"), "above zero for SEK"),
        (XML.replace(b"'11.00'", b"'-1'"), "above zero for SEK"),
        (XML.replace(b"'11.00'", b"'Infinity'"), "above zero for SEK"),
        (XML.replace(b"'SEK'", b"'USD'"), "above zero for USD"),
        (XML.replace(b"'SEK'", b"'Sek'"), "a currency"),
        (XML.replace(b"'SEK'", b"'CZK'"), "none of SEK"),
        (XML[:-60], "XML"),
        (XML.replace(f"{DAY}".encode(), b"yesterday"), "a day"),
        (CSV.replace("11,", "?,").encode(), "above zero for SEK"),
    ],
)
def test_what_is_no_table_of_rates_is_refused_in_words(
    body: bytes, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "rates"
    path.write_bytes(body)
    with pytest.raises(InputError, match="holds no exchange rates") as refused:
        read_rates(path)
    assert expected in str(refused.value)


@pytest.mark.parametrize("rate", ["1e999999", "1e-999999", "1" + "0" * 100_000, "nan"])
def test_a_rate_that_no_currency_has_is_refused(rate: str) -> None:
    with pytest.raises(ShapeError, match="one rate above zero for SEK") as refused:
        parse_rates(XML.replace(b"'11.00'", f"'{rate}'".encode()))
    assert len(str(refused.value)) < 200


def test_an_amount_is_converted_with_its_rate_and_day() -> None:
    converted = RATES.convert(money(100_000), "SEK")
    assert converted is not None
    assert [converted.amount, converted.rate] == [1_100_000, 11]
    assert (converted.currency, converted.of) == ("SEK", "EUR")
    assert (converted.source, converted.day) == ("ECB", DAY)
    pounds = RATES.convert(money(1_500_000, "GBP"), "SEK")
    assert pounds is not None
    assert [pounds.rate, pounds.amount] == [Decimal("13.75"), 20_600_000]
    kroner = RATES.convert(money(10, "SEK"), "NOK")
    assert kroner is not None
    assert kroner.rate == Decimal("1.13636")
    assert RATES.convert(money(5, "SEK"), "SEK") is None
    assert RATES.convert(money(5, "CHF"), "SEK") is None
    assert RATES.convert_all(Funding(maximum=money(5, "SEK")), "SEK") is None
    assert RATES.convert_all(None, "SEK") is None


@pytest.mark.parametrize(("days", "current"), [(0, True), (10, True), (11, False), (-11, False)])
def test_rates_are_good_for_ten_days(days: int, current: bool) -> None:
    assert RATES.is_current(NOW + timedelta(days=days)) is current


def paying(native: str, funding: Funding | None) -> Call:
    return a_call(f"vinnova:{native}").model_copy(update={"funding": funding})


def test_a_least_amount_compares_by_the_rates_and_says_what_it_left_out() -> None:
    calls = [
        paying("big", Funding(maximum=money(2_000_000, "SEK"))),
        paying("small", Funding(maximum=money(400_000, "SEK"))),
        paying("euro", Funding(maximum=money(100_000))),
        paying("swiss", Funding(maximum=money(9_000_000, "CHF"))),
        paying("pot", Funding(total=money(90_000_000, "SEK"))),
        paying("silent", None),
    ]
    chosen = Filters(statuses=(), min_amount=Decimal(1_000_000))
    rated = Pricing(RATES).with_rates(chosen)
    assert [c.native_id for c in calls if rated.admits(c, NOW)] == ["big", "euro"]
    assert [c.native_id for c in calls if chosen.admits(c, NOW)] == ["big"]
    assert count_reasons(rated.exclusion_reason(call, NOW) for call in calls) == {
        "no amount stated": 2,
        "a smaller amount": 1,
        "an amount in another currency": 1,
    }
    unrated = count_reasons(chosen.exclusion_reason(call, NOW) for call in calls)
    assert unrated["an amount in another currency"] == 2
    exact = Filters(statuses=(), min_amount=Decimal(1_100_001)).with_rates(RATES)
    assert not exact.admits(calls[2], NOW)


def test_the_command_keeps_a_file_and_shows_it(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rates"]) == 1
    assert "fundscout rates --fetch" in capsys.readouterr().err
    given = tmp_path / "eurofxref.csv"
    given.write_text(CSV)
    assert run(["rates", str(given)]) == 0
    assert f"ECB {DAY}: 1 EUR = 11 SEK" in capsys.readouterr().out
    assert run(["rates", "--json"]) == 0
    assert ExchangeRates.model_validate_json(capsys.readouterr().out) == RATES
    given.write_text("no rates")
    assert run(["rates", str(given)]) == 1
    assert read_rates(here.rates) == RATES, "a bad file leaves the good one"


@pytest.mark.whole
def test_the_command_fetches_from_an_address(
    here: Settings, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "https://example.org")
    site.serve("/rates.xml", SiteReply(XML, headers={"Content-Type": "text/xml"}))
    site.serve("/moved", SiteReply(b"<html><body>gone</body></html>"))
    assert run(["rates", "--from", f"{site.url}/rates.xml"]) == 0
    assert read_rates(here.rates) == RATES
    assert run(["rates", "--from", f"{site.url}/moved"]) == 1
    assert "No exchange rates from" in capsys.readouterr().err
    assert read_rates(here.rates) == RATES
    assert site.paths() == ["/rates.xml", "/moved"]


def test_old_rates_say_so_and_are_not_used(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.xml"
    old.write_bytes(XML.replace(f"{DAY}".encode(), b"2001-01-02"))
    assert run(["rates", str(old)]) == 0
    assert "they are not used" in capsys.readouterr().out
    assert Context.open(here).rates() is None
    assert run(["doctor", "kks"]) == 0
    assert "too old to be used" in capsys.readouterr().out
    here.rates.write_text("broken")
    assert Context.open(here).rates() is None
    assert run(["doctor", "kks"]) == 1
    assert "holds no exchange rates" in capsys.readouterr().out


def test_page_and_json_state_the_rate_and_nothing_without_rates(here: Settings) -> None:
    context = Context.open(here)
    context.calls.upsert([paying("euro", Funding(maximum=money(100_000)))], NOW)
    (stored,) = context.calls.all()
    client = create_app(context).test_client()
    address = f"/calls/{stored}"
    assert "≈" not in client.get(address).get_data(as_text=True)
    assert client.get(f"/api/v1{address}").get_json()["converted"] is None
    here.rates.parent.mkdir(parents=True, exist_ok=True)
    here.rates.write_bytes(XML)
    shown = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert f"≈ SEK\u00a01,100,000 (rate 11, ECB {DAY})" in shown
    assert "kurs 11, ECB" in client.get(f"{address}?lang=sv").get_data(as_text=True)
    answer = client.get(f"/api/v1{address}").get_json()["converted"]["maximum"]
    assert answer == {
        "amount": "1100000",
        "currency": "SEK",
        "rate": "11",
        "of": "EUR",
        "source": "ECB",
        "day": f"{DAY}",
    }
    answer = client.get("/api/v1/calls?min_amount=1000000&min_currency=SEK").get_json()
    assert [card["id"] for card in answer["calls"]] == [stored]
    assert answer["calls"][0]["converted"]["maximum"]["rate"] == "11"
    assert client.get("/api/v1/calls?min_amount=1200000").get_json()["calls"] == []
    assert client.get("/api/v1/calls?min_amount=-1").status_code == 422
    assert "min_amount" in client.get("/calls?lang=sv").get_data(as_text=True)
