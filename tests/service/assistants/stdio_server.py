"""The tools over a data folder of samples, on standard input and output: run by a test's client."""

from __future__ import annotations

import sys
from pathlib import Path

from service.assistants.server import make_assistant_server
from tests.service.sample_calls import open_context

if __name__ == "__main__":
    make_assistant_server(open_context(Path(sys.argv[1]))).run("stdio")
