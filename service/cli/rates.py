"""`fundscout rates`: exchange rates, fetched, read from a file, or shown."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

import click

from scrapers.http.fetch import Fetcher
from service import ecb_rates, telemetry
from service.clock import make_clock
from service.domain.calls.exchange_rates import EURO, MAX_AGE_DAYS, ExchangeRates
from service.errors import InputError
from service.settings import Settings

_CURRENCIES_SHOWN = ("SEK", "USD", "GBP", "NOK", "DKK")


@click.command("rates")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--fetch", "wanted", is_flag=True, help="Ask the European Central Bank for them.")
@click.option("--from", "address", metavar="ADDRESS", help="Ask there instead; implies --fetch.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def rates_command(file: Path | None, wanted: bool, address: str | None, as_json: bool) -> int:
    """Keep exchange rates, from FILE or the network, or show those that are kept.

    FILE is the European Central Bank's daily file, XML or CSV. Without rates of the last ten days,
    amounts are shown in their own currency only. Exit status 1 when there are none.
    """
    settings = Settings.from_env()
    telemetry.configure(settings.log)
    if file is not None and (wanted or address):
        raise click.UsageError("Give a file, or --fetch, not both.")
    if file is not None:
        rates = ecb_rates.read_rates(file)
        _write_file(file.read_bytes(), settings.rates)
    elif wanted or address:
        with closing(Fetcher(settings.contact)) as fetcher:
            body = ecb_rates.fetch_rates(fetcher, address or ecb_rates.RATES_URL)
        rates = ecb_rates.parse_rates(body)
        _write_file(body, settings.rates)
    elif not settings.rates.is_file():
        raise InputError("There are no exchange rates yet: run `fundscout rates --fetch`.")
    else:
        rates = ecb_rates.read_rates(settings.rates)
    click.echo(rates.model_dump_json() if as_json else _rates_text(rates, settings))
    return 0


def _write_file(body: bytes, path: Path) -> None:
    """Write ``body`` to ``path`` whole or not at all; what a killed writer left goes first."""
    prefix = f".{path.name}-"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in path.parent.glob(f"{prefix}*"):
            leftover.unlink()
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as file:
            file.write(body)
        Path(file.name).replace(path)
    except OSError as error:
        for half in path.parent.glob(f"{prefix}*"):
            half.unlink()
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error


def _rates_text(rates: ExchangeRates, settings: Settings) -> str:
    shown = ", ".join(f"{rates.per_euro[code]} {code}" for code in _CURRENCIES_SHOWN)
    line = f"{rates.source} {rates.day}: 1 {EURO} = {shown}."
    now = make_clock(settings, only_examples=False).now()
    if rates.is_current(now):
        return line
    return (
        f"{line}\nThey are not of the last {MAX_AGE_DAYS} days, so they are not used: "
        "fetch new ones."
    )


COMMANDS = {"rates": rates_command}
