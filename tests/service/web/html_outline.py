"""The outline of a page that tests look at."""

from __future__ import annotations

from html.parser import HTMLParser


class Outline(HTMLParser):
    """Collects what a test asks of a page: tags with attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.text = " ".join(found.text.split())
    return found
