"""`fundscout feedback`: what people think of calls for a pilot."""

from __future__ import annotations

import click

from service.cli.common import open_context
from service.cli.render import strip_controls
from service.domain.matching.feedback import Judgement, Opinion
from service.use_cases.feedback import judge_call, list_feedback


@click.command("feedback")
@click.argument("pilot_id", metavar="PILOT")
@click.argument("call_id", metavar="[CALL]", required=False)
@click.argument("verdict", metavar="[VERDICT]", required=False)
@click.option("--by", metavar="NAME", help="Who judges: a name, initials or a team.")
@click.option("--history", "everything", is_flag=True, help="Every judgement ever given.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def feedback_command(
    *,
    pilot_id: str,
    call_id: str | None,
    verdict: str | None,
    by: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List what was said of calls for PILOT, or judge a CALL.

    VERDICT is relevant, not-relevant, applied, or none to take an earlier one back. Dismissed calls
    stay away from the pilot's matches; what is like a relevant one rises.
    """
    context = open_context()
    if call_id is None:
        given = list_feedback(context, pilot_id)
        shown = given.history if everything else given.judgements
        for one in shown:
            click.echo(one.model_dump_json() if as_json else _judgement_line(one))
        if not shown and not as_json:
            click.echo(f"Nothing is said of any call for the pilot {strip_controls(pilot_id)} yet.")
        return
    if verdict not in set(Opinion):
        raise click.UsageError(f"Say what of the call: {', '.join(Opinion)}.")
    if by is None or not by.strip():
        raise click.UsageError("Say who judges: --by NAME.")
    if len(by.strip()) > _LONGEST_NAME:
        raise click.UsageError(f"--by takes at most {_LONGEST_NAME} characters.")
    kept = judge_call(context, pilot_id, call_id, Opinion(verdict), by)
    click.echo(kept.model_dump_json() if as_json else _judgement_line(kept))


_LONGEST_NAME = 100


def _judgement_line(one: Judgement) -> str:
    when = f"{one.at:%Y-%m-%d %H:%M} UTC"
    return f"{one.verdict:12} {strip_controls(one.call)}  ({strip_controls(one.by)}, {when})"


COMMANDS = {"feedback": feedback_command}
