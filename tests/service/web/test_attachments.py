"""The page of a call with a document that was read: its name, and where it is."""

from __future__ import annotations

from scrapers.call import Section
from service.app import create_app
from service.context import Context
from tests.service.web.html_outline import outline


def test_an_attachment_is_named_with_its_link(own_context: Context) -> None:
    stored = next(iter(own_context.calls.all().values()))
    text, url = "Egen text.\n\nText i bilagan.", "https://fund.example/guide.pdf"
    sections = (
        Section(name="what", start=0, end=10),
        Section(name="Anvisningar", start=12, end=len(text), url=url),
    )
    changed = stored.model_copy(update={"texts": {"sv": text}, "sections": {"sv": sections}})
    own_context.calls.upsert([changed], own_context.now())
    client = create_app(own_context).test_client()
    page = outline(client.get(f"/calls/{stored.id}?lang=sv").text)
    assert "Bilaga: Anvisningar" in page.text
    assert "Text i bilagan." in page.text
    assert url in [link.get("href") for link in page.all("a")]
    listed = client.get(f"/api/v1/calls/{stored.id}").get_json()["sections"]["sv"]
    assert [one["url"] for one in listed] == [None, url]
