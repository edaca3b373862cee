"""Documents that calls link to: fetched politely, read as sections, and never above the call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scrapers.attachments import AttachmentLimits, AttachmentReader
from scrapers.call import Call, Deadline, DeadlineKind, Level, Link, end_of_day, join_sections
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.funders.vinnova import Vinnova
from scrapers.http.archive import PageArchive
from scrapers.http.page import Failure, Page
from scrapers.reading.fields import Fields
from scrapers.remarks import Remark
from scrapers.run import RunReport, collect, reread
from tests.scrapers.conftest import FakeClock, FetcherFactory, Site, SiteReply
from tests.scrapers.reading.files.sample_files import make_pdf, paragraphs

pytestmark = pytest.mark.whole

ZONE = "Europe/Stockholm"
TEXT = "Utlysningen riktar sig till vården. Stödet är högst 2 miljoner kronor."


class Foundation(Funder):
    """A funder whose list is JSON: {id, text, links, deadline}."""

    key = "foundation"
    title = "En stiftelse"
    home = "https://foundation.example"
    level = Level.NATIONAL
    zone = ZONE
    interface = "JSON"
    verified = "not yet"
    expects = Expectations(minimum=1, fill=())
    address = "https://foundation.example"
    attachment_hosts = frozenset({"127.0.0.1"})

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        yield fetch.get(f"{self.base}/calls")

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        for row in page.json("foundation"):
            yield SourceItem("call", row["id"], Fields(row, row["id"]), self.provenance(page))

    def call(self, group: ItemGroup) -> Call:
        fields = group[0].fields
        text, sections = join_sections([("what", fields.text("text"))])
        day = fields.raw("deadline")
        kind = DeadlineKind.FIXED
        return Call(
            id=f"{self.key}:{group[0].id}",
            funder=self.title,
            level=self.level,
            titles={"sv": f"Utlysning {group[0].id}"},
            texts={"sv": text},
            sections={"sv": sections},
            deadlines=(Deadline(kind=kind, zone=ZONE, at=end_of_day(_day(day), ZONE)),)
            if day
            else (),
            links=tuple(Link(url=one, label=label) for one, label in fields.raw("links")),
            provenance=group[0].provenance,
        )


def _day(written: object) -> Any:
    from datetime import date  # noqa: PLC0415

    return date.fromisoformat(str(written))


def row(
    site: Site, *names: str, id_: str = "1", deadline: str | None = "2099-03-01"
) -> dict[str, Any]:
    links = [[f"{site.url}/{name}", f"Bilaga {name}"] for name in names]
    return {"id": id_, "text": TEXT, "links": links, "deadline": deadline}


def pdf(*texts: str) -> bytes:
    return make_pdf(paragraphs(760, *texts))


GUIDE = pdf("Sökande ska vara en region eller en kommun.", "Projektet får pågå i högst 24 månader.")


@pytest.fixture
def archive(tmp_path: Path) -> PageArchive:
    return PageArchive(tmp_path)


def run(site: Site, make: FetcherFactory, archive: PageArchive, *rows: dict[str, Any]) -> RunReport:
    site.serve("/calls", json.dumps(rows).encode())
    return collect(Foundation(site.url), make(archive=archive), archive=archive)


def test_a_document_is_a_section_with_its_name_and_link(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    site.serve("/guide.pdf", GUIDE)
    report = run(site, make, archive, row(site, "guide.pdf"))
    (call,) = report.calls
    own, attached = call.sections["sv"]
    assert (own.name, own.url) == ("what", None)
    assert (attached.name, attached.url) == ("Bilaga guide.pdf", f"{site.url}/guide.pdf")
    text = call.texts["sv"]
    assert text[own.start : own.end] == TEXT
    assert text[attached.start : attached.end].startswith("Sökande ska vara en region")
    assert report.complete
    assert report.problems == ()


def test_it_is_fetched_as_politely_as_a_page(
    site: Site, make: FetcherFactory, archive: PageArchive, clock: FakeClock
) -> None:
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /secret\nCrawl-delay: 5\n")
    site.serve("/guide.pdf", SiteReply(GUIDE, headers={"ETag": '"1"'}), SiteReply(b"", 304))
    first = run(site, make, archive, row(site, "guide.pdf", "secret/plan.pdf"))
    assert site.paths() == ["/calls", "/guide.pdf"]
    assert clock.slept[-1] == 5
    assert "does not allow" in first.problems[0][1]
    again = run(site, make, archive, row(site, "guide.pdf", "secret/plan.pdf"))
    asked = [one for one in site.requests if one.path == "/guide.pdf"]
    assert asked[1].headers["if-none-match"] == '"1"'
    assert again.calls[0].content_hash() == first.calls[0].content_hash()


def test_a_document_that_is_gone_is_used_as_it_was(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    site.serve("/guide.pdf", SiteReply(GUIDE), SiteReply(b"", 404))
    first = run(site, make, archive, row(site, "guide.pdf"))
    again = run(site, make, archive, row(site, "guide.pdf"))
    assert again.calls[0].texts == first.calls[0].texts
    assert "as it was fetched before" in again.problems[0][1]
    read = reread(Foundation(site.url), archive)
    assert read is not None
    assert read.calls[0].texts == first.calls[0].texts


def test_only_hosts_that_the_funder_names_are_asked(
    site: Site, make: FetcherFactory, archive: PageArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve("/guide.pdf", GUIDE)
    monkeypatch.setattr(Foundation, "attachment_hosts", frozenset({"docs.foundation.example"}))
    assert len(run(site, make, archive, row(site, "guide.pdf")).calls[0].sections["sv"]) == 1
    monkeypatch.setattr(Foundation, "attachment_hosts", frozenset())
    run(site, make, archive, row(site, "guide.pdf"))
    assert "/guide.pdf" not in site.paths()
    assert Funder.attachment_hosts == frozenset()


def test_a_redirect_to_another_host_within_is_refused(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    site.serve("/guide.pdf", SiteReply(b"", 302, {"Location": "http://169.254.169.254/x.pdf"}))
    report = run(site, make, archive, row(site, "guide.pdf"))
    assert len(report.calls[0].sections["sv"]) == 1
    assert "guide.pdf" in report.problems[0][1]


def test_general_guides_closed_calls_and_other_links_are_not_asked(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    for name in ("general.pdf", "old.pdf", "page.html", "one.pdf"):
        site.serve(f"/{name}", GUIDE)
    rows = [row(site, "general.pdf", id_=str(number)) for number in range(3)]
    rows += [row(site, "old.pdf", id_="8", deadline="2020-01-01")]
    rows += [row(site, "page.html", "one.pdf#page=2", id_="9")]
    run(site, make, archive, *rows)
    assert site.paths() == ["/calls", "/one.pdf"]


def test_documents_of_a_call_and_of_a_run_are_bounded(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    names = [f"{number}.pdf" for number in range(6)]
    for name in names:
        site.serve(f"/{name}", pdf(f"Bilagan {name} säger något eget om utlysningen."))
    report = run(site, make, archive, row(site, *names))
    assert len(report.calls[0].sections["sv"]) == 4
    limits = AttachmentLimits(per_run=1, characters=20)
    bare = report.calls[0].model_copy(update={"sections": {}, "texts": {}})
    reader = AttachmentReader(Foundation(site.url), make(), None, report.finished_at, limits)
    (call,) = reader.with_attachments([bare])
    assert [len(text) <= 20 for text in call.texts.values()] == [True]
    assert [len(sections) for sections in call.sections.values()] == [1]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (make_pdf([], picture=True), "text recognition"),
        (b"%PDF-1.4 broken", "damaged"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, ""),
        (b"<html><body>Logga in</body></html>", ""),
        (b"Bara text i en fil.", ""),
    ],
)
def test_what_is_no_document_leaves_the_call_as_it_is(
    site: Site, make: FetcherFactory, archive: PageArchive, body: bytes, problem: str
) -> None:
    site.serve("/guide.pdf", body)
    report = run(site, make, archive, row(site, "guide.pdf"))
    assert report.publishable
    assert report.calls[0].texts["sv"] == TEXT
    assert [problem in message for _, message in report.problems] == ([True] if problem else [])


def test_a_document_gives_a_deadline_only_where_the_call_has_none(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    site.serve("/guide.pdf", pdf("Ansökan ska ha kommit in senast den 15 mars 2099."))
    own = run(site, make, archive, row(site, "guide.pdf")).calls[0].deadlines[0]
    assert own.local().date().isoformat() == "2099-03-01"
    assert own.text == Remark.ATTACHMENT_SAYS.before(
        "Ansökan ska ha kommit in senast den 15 mars 2099."
    )
    same = run(site, make, archive, row(site, "guide.pdf", deadline="2099-03-15")).calls[0]
    assert same.deadlines[0].text == ""


def test_a_call_without_a_day_gets_that_of_its_document(site: Site, make: FetcherFactory) -> None:
    site.serve("/guide.pdf", pdf("Ansökan ska ha kommit in senast den 15 mars 2099."))
    source = Foundation(site.url)
    fields = Fields(row(site, "guide.pdf", deadline=None), "1")
    item = SourceItem("call", "1", fields, source.provenance(Page("x", b"")))
    bare = source.call((item,)).model_copy(
        update={"opens": end_of_day(_day("2099-01-01"), ZONE), "deadlines": ()}
    )
    (call,) = AttachmentReader(
        source, make(), None, end_of_day(_day("2026-11-30"), ZONE)
    ).with_attachments([bare])
    assert call.deadlines[0].local().date().isoformat() == "2099-03-15"
    assert call.deadlines[0].text.startswith(Remark.ATTACHMENT_SAYS.value)


def test_addresses_of_persons_are_left_out(
    site: Site, make: FetcherFactory, archive: PageArchive
) -> None:
    site.serve("/guide.pdf", pdf("Frågor besvaras av anna.exempel@foundation.example."))
    text = run(site, make, archive, row(site, "guide.pdf")).calls[0].texts["sv"]
    assert "[e-mail]" in text
    assert "anna" not in text


def test_vinnovas_files_are_documents_though_their_addresses_do_not_say_so() -> None:
    source = Vinnova()
    assert source.is_document(Link(url="https://data.vinnova.se/api/file/0b1c", label="Text"))
    assert not source.is_document(Link(url="https://www.vinnova.se/e/utlysning", label="Sida"))
    assert source.is_document(Link(url="https://www.vinnova.se/a/Villkor.PDF?x=1"))
