"""A server over a data folder, in a process of its own: ``python -m tests.service.server.served``.

A text such as "sleep 3" is matched only after as many seconds.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from service.app import create_app
from service.domain.matching.match import MatchList
from service.http.admission import Cost, cost_reader
from service.http.uploads import upload_reader
from service.server.http_server import HttpServer, ServerLimits
from service.server.lanes import LaneSize
from service.use_cases import match
from tests.service import sample_calls

_match_text = match.match_text


def _match_slowly(context: Any, text: str, **choices: Any) -> MatchList:
    if wanted := re.match(r"sleep ([\d.]+)", text):
        time.sleep(float(wanted[1]))
    return _match_text(context, text, **choices)


def main() -> None:
    """Serve a folder with limits and settings, all of them arguments, until SIGTERM."""
    data, limits, values = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
    match.match_text = _match_slowly
    lanes = ServerLimits().lanes
    costly = {Cost.COSTLY: LaneSize(*limits.pop("costly"))}
    app = create_app(sample_calls.open_context(data, **values))
    server = HttpServer(
        app,
        "127.0.0.1:0",
        cost_reader(app),
        ServerLimits(lanes={**lanes, **costly}, **limits),
        upload_reader(app),
    )
    sys.stdout.write(f"{server.effective_port}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
