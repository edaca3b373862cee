"""Words in capitals: learn how they are written otherwise, and measure how texts in capitals read.

    python -m bench.capitals [--sets DIR] [--write]

Words are counted in the projects and calls below `--sets`, amid sentences. Real pilots are left out
and measured: how many of their words read otherwise when the text is in capitals. ``--write``
writes `index/text/reading/written_forms.txt`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.pilots import BilingualPilot, pilots_of
from index.text.reading.clean import clean_text
from index.text.reading.written_forms import FORMS_FILE

_FEWEST, _SHARE = 4, 0.9
"""How often a word is seen at least, and in what share of that with a capital in each language."""

_WORD = re.compile(r"[^\W\d_]+")
_BEGINNING = re.compile(r"[.!?:;\n•*\"“”»]|^\s*[-–] ?$")
"""What stands before a word that may have a capital because a sentence or an item begins."""

Counts = dict[str, Counter[str]]


def main() -> int:
    """Learn if asked to, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--write", action="store_true", help="learn, and write the forms")
    arguments = parser.parse_args()
    pilots = pilots_of(arguments.sets / "pilots" / "vinnova_medtech.jsonl")
    if arguments.write:
        forms = written_forms(_count_words(arguments.sets, pilots))
        FORMS_FILE.write_text("\n".join(forms) + "\n", "utf-8")
        return 0
    words = changed = 0
    for pilot in pilots:
        for text in pilot.texts.values():
            own, shouted = (clean_text(one).text.split() for one in (text, text.upper()))
            words += len(own)
            changed += sum(a != b for a, b in zip(own, shouted, strict=True))
    print(
        f"{changed} of {words} words of {len(pilots)} pilots read otherwise ({changed / words:.3f})"
    )
    return 0


def written_forms(counts: Mapping[str, Counts]) -> list[str]:
    """Return the words that are nearly always written with a capital, in order.

    Args:
        counts: how often each word is written how, by the word in small letters, by language.
    """
    forms = []
    for word in sorted(set().union(*counts.values())):
        own = [words[word] for words in counts.values() if word in words]
        together = sum(own, Counter())
        form, times = together.most_common(1)[0]
        is_sure = times >= max(_FEWEST, (2 * _SHARE - 1) * together.total())
        if form != word and len(word) > 1 and is_sure:
            forms += [form] if all(o[word] <= (1 - _SHARE) * o.total() for o in own) else []
    return forms


def _count_words(sets: Path, pilots: list[BilingualPilot]) -> Mapping[str, Counts]:
    titles = {text.partition("\n")[0] for one in pilots for text in one.texts.values()}
    ids = {one.id for one in pilots}
    counts: dict[str, Counts] = {one: defaultdict(Counter) for one in ("sv", "en")}
    for file in sorted(sets.glob("*/*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            language = row.get("lang") or ("sv" if row["id"].endswith(":sv") else "en")
            is_pilot = row["id"].split(":")[0] in ids or (row.get("title") or "") in titles
            if not is_pilot and "text" in row and language in counts:
                for word in _words_amid(row["text"] or ""):
                    counts[language][word.lower()][word] += 1
    return counts


def _words_amid(text: str) -> Iterator[str]:
    """Yield the words of ``text`` that no sentence begins with."""
    end = 0
    for match in _WORD.finditer(text):
        if match.start() and not _BEGINNING.search(text[end : match.start()]):
            yield match.group()
        end = match.end()


if __name__ == "__main__":
    sys.exit(main())
