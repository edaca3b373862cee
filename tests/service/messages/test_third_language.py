"""A third language is one file: with it, pages, mails and the API speak it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from service.messages import catalogue
from service.settings import Settings

pytestmark = pytest.mark.slow

POLISH = """\
import json, os, pathlib, sys
from service.messages import catalogue
catalogue.FOLDER = pathlib.Path(sys.argv[1])
from index.embedding.encoder import HashEncoder
from service.app import create_app
from service.context import Context
from service.jobs.load_examples import load_examples
from service.jobs.reindex import reindex
from service.messages.message import message
from service.messages.render import render
from service.settings import Settings

context = Context.open(Settings.from_env(dict(os.environ)), HashEncoder)
load_examples(context)
reindex(context)
client = create_app(context).test_client()
recipient = {"address": "ola@example.org", "language": sys.argv[2]}
taken = client.post("/api/v1/pilots/hemma/recipients", json=recipient)
print(json.dumps({
    "page": client.get("/pilots/hemma?lang=pl").text,
    "error": client.get("/calls/none:1?lang=pl").text,
    "mail": client.get("/pilots/hemma/digest?form=text&lang=pl").text,
    "match": client.get("/api/v1/pilots/hemma/matches").get_json(),
    "spec": client.get("/openapi.json").get_json(),
    "taken": taken.get_json(),
    "days": [render(message("days.left", count=n), "pl") for n in (1, 3, 5)],
}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The catalogues with a Polish one: the English texts, marked, in three plural forms."""
    found = tmp_path / "catalogues"
    found.mkdir()
    for path in catalogue.FOLDER.glob("*.po"):
        (found / path.name).write_bytes(path.read_bytes())
    with (found / "en.po").open("rb") as file:
        english = read_po(file)
    polish = Catalog(locale="pl")
    assert polish.num_plurals == 3
    for entry in english:
        if not entry.id:
            continue  # the head of the file
        if isinstance(entry.string, str):
            polish.add(entry.id, f"{entry.string} ¶")
        else:
            one, other = entry.string or ()
            polish.add(entry.id, tuple(f"{text} ¶" for text in (one, f"{other} ②", f"{other} ③")))
    for key in ("format.date", "format.day", "format.month"):
        polish.delete(key)
        polish.add(key, {"format.date": "d MMMM y", "format.day": "d MMMM"}.get(key, "LLLL"))
    with (found / "pl.po").open("wb") as file:
        write_po(file, polish)
    return found


@pytest.fixture
def answers(folder: Path, settings: Settings) -> dict[str, object]:
    environment = {
        "FUNDSCOUT_DATA": str(settings.data),
        "FUNDSCOUT_EXAMPLES": str(settings.examples),
        "FUNDSCOUT_CLOCK": "2026-03-02T10:00:00+01:00",
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "-c", POLISH, str(folder), "pl"]
    root = Path(catalogue.__file__).parents[2]
    done = subprocess.run(
        command, cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_third_language_is_one_file(answers: dict[str, object]) -> None:
    page, mail, error = (str(answers[name]) for name in ("page", "mail", "error"))
    assert '<html lang="pl">' in page
    assert ">Polski<" in page
    assert page.count("¶") > 100
    assert "20 kwietnia 2026" in page, "dates as the language writes them"
    assert "There is no call none:1." in error
    assert "¶" in error
    assert "¶" in mail
    assert "20 kwietnia 2026" in mail
    assert answers["days"] == ["1 day left ¶", "3 days left ② ¶", "5 days left ③ ¶"]


def test_the_api_has_the_third_language_beside_the_others(answers: dict[str, object]) -> None:
    match, spec = answers["match"], answers["spec"]
    assert isinstance(match, dict)
    assert isinstance(spec, dict)
    for match_ in match["matches"]:
        for reason in match_["reasons"]:
            assert {"en", "sv", "pl"} < reason.keys()
            assert reason["pl"].endswith("¶")
    schemas = spec["components"]["schemas"]
    assert list(schemas["Sentence"]["properties"]) == ["en", "pl", "sv"]
    assert schemas["NewRecipient"]["properties"]["language"]["enum"] == ["en", "pl", "sv"]
    assert answers["taken"] is not None
