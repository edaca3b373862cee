"""`fundscout train`: an adapter for the model, learned from projects and the calls behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from index import model
from index.cache import Progress
from index.encoder import SentenceEncoder
from index.errors import ModelError
from index.train import Recipe, train
from scrapers.counted import counted
from service.cli.common import bar, opened
from service.jobs.lock import held


@click.command("train")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--epochs", default=Recipe.epochs, show_default=True, type=click.IntRange(1))
@click.option(
    "--held-out",
    default=Recipe.held_out,
    show_default=True,
    type=click.FloatRange(0, 0.9),
    help="Share of the topics that is not taught, to measure on.",
)
def train_command(folders: tuple[Path, ...], out: Path, epochs: int, held_out: float) -> None:
    """Train an adapter on FOLDERS of evaluation data; set FUNDSCOUT_ADAPTER to use it.

    An interrupted training goes on where it was when the same command is given again. Measure
    what it brought with `fundscout eval FOLDER --held-out`.
    """
    settings = opened().settings
    encoder = SentenceEncoder(model.resolve(settings.model, settings.models))
    if len(encoder.blocks) <= Recipe.first:
        raise ModelError(
            f"The model has {counted(len(encoder.blocks), 'block')}; {Recipe.first} stay as is."
        )
    recipe = Recipe(epochs=epochs, held_out=held_out)
    with held(settings.data, "train"), _bars() as progress:
        adapter = train(folders, encoder.model, settings.data / "training", recipe, progress)
    adapter.write(out)
    click.echo(f"Written: {out}, {out.stat().st_size / 1e6:.1f} MB.")


@contextmanager
def _bars() -> Iterator[Callable[[str], Progress]]:
    """Yield what opens a progress bar by its label; the one before is closed."""
    with ExitStack() as stack:

        def begin(label: str) -> Progress:
            stack.close()
            return stack.enter_context(bar(label, "step"))

        yield begin


COMMANDS = {"train": train_command}
