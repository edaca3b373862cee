"""How fast an index is built, against the bare model on the same passages in the same run.

    python bench/index_build.py [--passages N] [--rounds N] [CORPUS.jsonl]

Every round encodes the same passages twice, in alternating order: by `index.store.build.build` into
a fresh folder (passages cut, encoded, cached, words indexed, snapshot written and verified) and by
sentence-transformers' own `encode`. The ratio is the cost of everything but the model.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from sentence_transformers import SentenceTransformer

from index.embedding.cache import VectorCache
from index.embedding.encoder import Encoder
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, NO_ADAPTER, SHIPPED, resolve_model
from index.store.build import build
from index.store.document import Document
from index.store.passages import cut_passages
from scrapers.call import Call
from service.domain.calls.documents import call_document

EXAMPLES = Path(__file__).parents[1] / "examples" / "calls"


def main() -> None:
    """Print the figures of every round and their median."""
    arguments = _arguments()
    source = resolve_model(BUNDLED, arguments.models, NO_ADAPTER)
    encoder = load_encoder(BUNDLED, arguments.models, SHIPPED)
    bare_model = SentenceTransformer(source.location, device="cpu", local_files_only=True)
    documents = _read_documents(arguments.corpus, arguments.passages)
    texts = [passage.encoded for document in documents for passage in cut_passages(document)]
    print(f"{len(documents)} calls, {len(texts)} passages, {arguments.rounds} rounds")
    encoder.passages(texts[:32])
    ratios = []
    for number in range(arguments.rounds):
        if number % 2:
            bare, built = _time_encode(bare_model, texts), _time_build(documents, encoder)
        else:
            built, bare = _time_build(documents, encoder), _time_encode(bare_model, texts)
        ratios.append(built / bare)
        print(
            f"round {number + 1}: build {len(texts) / built:.1f} passages/s, "
            f"encode {len(texts) / bare:.1f} passages/s, ratio {built / bare:.3f}"
        )
    print(f"median ratio build / encode: {statistics.median(ratios):.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", nargs="*", type=Path, help="calls as JSON lines; else examples/")
    parser.add_argument("--passages", type=int, default=1000, help="about so many")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--models", type=Path, default=Path("data/models"))
    return parser.parse_args()


def _read_documents(files: list[Path], wanted: int) -> list[Document]:
    """Read calls until they make up about ``wanted`` passages."""
    documents: list[Document] = []
    count = 0
    for path in files or sorted(EXAMPLES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if count >= wanted:
                return documents
            document = call_document(Call.model_validate(json.loads(line)))
            documents.append(document)
            count += sum(1 for _ in cut_passages(document))
    return documents


def _time_build(documents: list[Document], encoder: Encoder) -> float:
    with tempfile.TemporaryDirectory() as scratch:
        cache = VectorCache(Path(scratch) / "vectors.sqlite")
        started = time.perf_counter()
        build(documents, encoder, Path(scratch) / "snapshots", cache)
        took = time.perf_counter() - started
        cache.close()
    return took


def _time_encode(model: SentenceTransformer, texts: list[str]) -> float:
    started = time.perf_counter()
    model.encode(texts, prompt_name="document", normalize_embeddings=True, show_progress_bar=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
