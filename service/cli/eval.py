"""`fundscout eval`: how well the ranking does on data with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from index.embedding.cache import VectorCache
from index.evaluation.evaluate import evaluate
from service.cli.common import open_context, progress_bar


@click.command("eval")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--queries", type=click.IntRange(1), help="Ask a random sample of so many.")
@click.option(
    "--query-fields", default="title,text", show_default=True, help="title, text or title,text."
)
@click.option(
    "--held-out",
    type=click.FloatRange(0, 1, min_open=True),
    help="Ask only about this share of the topics: what training with the same share left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def eval_command(
    folder: Path, queries: int | None, query_fields: str, held_out: float | None, as_json: bool
) -> None:
    """Compare lexical, dense, hybrid and full ranking on FOLDER.

    It holds corpus.jsonl, queries.jsonl and qrels.tsv. Vectors are kept, so that a second run is
    fast. `full` is exactly what `fundscout match` does.
    """
    context = open_context()
    fields = tuple(name.strip() for name in query_fields.split(","))
    cache = VectorCache(context.settings.vectors)
    try:
        with progress_bar("Encoding", "text") as advance:
            report = evaluate(
                folder,
                context.encoder(),
                cache,
                queries=queries,
                fields=fields,
                held_out=held_out,
                progress=advance,
            )
    finally:
        cache.close()
    click.echo(json.dumps(report.as_json(), indent=1) if as_json else report.table())


COMMANDS = {"eval": eval_command}
