"""`fundscout train`: an adapter for the model, learned from projects and the calls behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from index.embedding import model
from index.embedding.cache import Progress
from index.embedding.sentence_encoder import SentenceEncoder
from index.errors import ModelError
from index.training.trainer import TrainingConfig, train
from scrapers.plurals import count_noun
from service.cli.common import open_context, progress_bar
from service.jobs.lock import hold_lock


@click.command("train")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--epochs", default=TrainingConfig.epochs, show_default=True, type=click.IntRange(1))
@click.option(
    "--held-out",
    default=TrainingConfig.held_out,
    show_default=True,
    type=click.FloatRange(0, 0.9),
    help="Share of the topics that is not taught, to measure on.",
)
def train_command(folders: tuple[Path, ...], out: Path, epochs: int, held_out: float) -> None:
    """Train an adapter on FOLDERS of evaluation data; set FUNDSCOUT_ADAPTER to use it.

    An interrupted training goes on where it was when the same command is given again. Measure
    what it brought with `fundscout eval FOLDER --held-out`.
    """
    settings = open_context().settings
    encoder = SentenceEncoder(model.resolve_model(settings.model, settings.models))
    if len(encoder.blocks) <= TrainingConfig.first:
        raise ModelError(
            f"The model has {count_noun(len(encoder.blocks), 'block')}; "
            f"{TrainingConfig.first} stay as is."
        )
    config = TrainingConfig(epochs=epochs, held_out=held_out)
    with hold_lock(settings.data, "train"), _progress_bars() as progress:
        adapter = train(folders, encoder.model, settings.data / "training", config, progress)
    adapter.write(out)
    click.echo(f"Written: {out}, {out.stat().st_size / 1e6:.1f} MB.")


@contextmanager
def _progress_bars() -> Iterator[Callable[[str], Progress]]:
    """Yield what opens a progress bar by its label; the one before is closed."""
    with ExitStack() as stack:

        def begin(label: str) -> Progress:
            stack.close()
            return stack.enter_context(progress_bar(label, "step"))

        yield begin


COMMANDS = {"train": train_command}
