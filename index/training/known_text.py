"""A text of which it is known what each stretch is."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.search.sections.kind import SectionKind
from index.text.sentences import Span


@dataclass
class KnownText:
    """A text, and the kind of each stretch that was put into it."""

    text: str = ""
    stretches: list[tuple[Span, SectionKind]] = field(default_factory=list)

    def add(self, piece: str, kind: SectionKind, gap: str = "\n\n") -> None:
        """Add a piece of one kind after ``gap``."""
        if self.text:
            self.text += gap
        start = len(self.text)
        self.text += piece
        self.stretches.append((Span(start, len(self.text)), kind))

    def kind_at(self, span: Span) -> SectionKind:
        """Return the kind of most of a stretch of the text."""
        overlap: dict[SectionKind, int] = {}
        for own, kind in self.stretches:
            shared = min(own.end, span.end) - max(own.start, span.start)
            if shared > 0:
                overlap[kind] = overlap.get(kind, 0) + shared
        return max(overlap, key=overlap.__getitem__, default=SectionKind.PROJECT)
