"""Pages of invented calls with earlier steps and invitations, and what each says.

``Expected.stages`` are (stage, local time) of the deadlines in order; stage None is a deadline
without stages, a time without an hour is a whole day, and "later" is a stage without a day.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """What a page says: its deadlines, and whether only the invited may apply."""

    stages: tuple[tuple[int | None, str], ...]
    invited: bool = False


@dataclass(frozen=True)
class StepPage:
    """A page of a funder; ``seen`` when the reader was mended with it in view."""

    name: str
    funder: str
    source: str
    expected: Expected
    seen: bool = False


_ADDRESSES = {
    "ukri": "https://www.ukri.org/opportunity/{slug}/",
    "nordforsk": "https://www.nordforsk.org/calls/{slug}",
    "forte": "https://forte.se/utlysning/{slug}/",
    "formas": "https://formas.se/soka-finansiering/alla-utlysningar/utlysningar/2026-10-01-{slug}.html",
    "vr": "https://www.vr.se/soka-finansiering/utlysningar/2026-10-01-{slug}.html",
    "vinnova": "https://www.vinnova.se/e/vard/{slug}-2026-01234/",
    "energimyndigheten": "https://www.energimyndigheten.se/utlysningar/{slug}/",
    "tillvaxtverket": "https://tillvaxtverket.se/tillvaxtverket/sokfinansiering/utlysningar/{slug}.1234.html",
}


def make_page(
    name: str,
    funder: str,
    body: str,
    *stages: tuple[int | None, str],
    invited: bool = False,
    seen: bool = False,
) -> StepPage:
    slug = name.replace(" ", "-")
    address = _ADDRESSES[funder].format(slug=slug)
    title = f"Call on {name}"
    if body.lstrip().startswith("<"):
        head = f'<html><head><link rel="canonical" href="{address}"></head><body><main>'
        source = f"{head}<h1>{title}</h1>{body}</main></body></html>"
    else:
        source = (
            f"URL: {address}\n\n{body if body.startswith('Title:') else title + chr(10) + body}"
        )
        source = source.replace("Title: ", "", 1) if body.startswith("Title:") else source
    return StepPage(name, funder, source, Expected(stages, invited), seen)


UKRI_HEAD = """
Opportunity status: Open
Funders: Medical Research Council (MRC)
Funding type: Grant
Opening date: 2 November 2026 9:00am UK time
Closing date: 10 February 2027 4:00pm UK time

Apply for money to build quiet wards.

"""
UKRI_CLOSES = "2027-02-10 16:00"

UKRI_PAGES = (
    make_page(
        "an outline by heading",
        "ukri",
        UKRI_HEAD
        + """How to apply

Outline stage

Send us a two-page outline no later than 4 December 2026 at 4:00pm UK time.

Full stage

If your outline is successful, you can go on to the full stage.
""",
        (1, "2026-12-04 16:00"),
        (2, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "a notification rejected without",
        "ukri",
        UKRI_HEAD
        + """There are two parts to apply:
notification of intent
full application

Notification of intent
To submit a notification of intent, fill in the form by 8 December 2026 at 4:00pm UK time. We \
reject a full application that comes without one.

Full application
Use the Funding Service.

To apply
Sign in.

Deadline
We must receive your application by 10 February 2027 at 4:00pm UK time.
""",
        (1, "2026-12-08 16:00"),
        (2, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "an expression with a survey",
        "ukri",
        UKRI_HEAD
        + """Expression of interest

You must submit a mandatory expression of interest (EOI) before a full application. Your EOI is \
not assessed. The survey opens on 5 December 2026. You must submit your EOI by 8 January 2027.
""",
        (1, "2027-01-08"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a voluntary intention",
        "ukri",
        UKRI_HEAD
        + """Intention to submit

It helps us if you tell us that you will apply. Please complete the intention to submit by \
11:59pm on 15 December 2026. This is optional and no part of the assessment.
""",
        (None, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "an expression not required",
        "ukri",
        UKRI_HEAD
        + """An expression of interest is encouraged, not required, and may be sent until 18 \
December 2026.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "a timeline with dates first",
        "ukri",
        UKRI_HEAD
        + """Timeline

11 December 2026 4:00pm
Closing date for outline proposals
20 January 2027
Outline decisions communicated
10 February 2027 4:00pm
Closing date for full proposals
June 2027
Panel
""",
        (1, "2026-12-11 16:00"),
        (2, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "a timeline with labels first",
        "ukri",
        UKRI_HEAD
        + """Key dates

Concept note deadline
11 December 2026
Shortlisted teams notified
15 January 2027
Full proposal deadline
10 February 2027
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a list of dates",
        "ukri",
        """<dl class="opportunity__summary"><div><dt>Opportunity status:</dt><dd>Open</dd></div>
<div><dt>Closing date:</dt><dd>10 February 2027 4:00pm UK time</dd></div></dl><p>Quiet wards \
for all.</p>
<h2>Additional info</h2><ul><li>webinar: 20 November 2026</li><li>registration of intent \
(compulsory): 1 December 2026, 4:00pm</li>
<li>application: 10 February 2027, 4:00pm</li><li>interviews: 3 May 2027</li></ul>
""",
        (1, "2026-12-01 16:00"),
        (2, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "a table with columns",
        "ukri",
        """<dl><dt>Opportunity status:</dt><dd>Open</dd><dt>Closing date:</dt><dd>10 February \
2027 4:00pm UK time</dd></dl>
<p>Quiet wards.</p><table><tr><th>Stage</th><th>Opens</th><th>Closes</th><th>Decision</th></tr>
<tr><td>Outline</td><td>2 November 2026</td><td>11 December 2026</td><td>15 January 2027</td></tr>
<tr><td>Full proposal</td><td>18 January 2027</td><td>10 February 2027</td><td>1 June \
2027</td></tr></table>
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a table on its side",
        "ukri",
        """<dl><dt>Opportunity status:</dt><dd>Open</dd><dt>Closing date:</dt><dd>10 February \
2027 4:00pm UK time</dd></dl>
<p>Quiet wards.</p><table><tr><th></th><th>Expression of interest</th><th>Full application</th></tr>
<tr><th>Opens</th><td>2 November 2026</td><td>18 January 2027</td></tr>
<tr><th>Closes</th><td>11 December 2026</td><td>10 February 2027</td></tr></table>
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "a sentence with both days",
        "ukri",
        UKRI_HEAD
        + """Outlines are due on 9 December 2026 and, for those we select, full proposals on 10 \
February 2027.
""",
        (1, "2026-12-09"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "only the invited by letter",
        "ukri",
        UKRI_HEAD
        + """Who can apply

Applications are accepted only from organisations that received a letter of invitation from us.
""",
        (None, UKRI_CLOSES),
        invited=True,
        seen=True,
    ),
    make_page(
        "the uninvited rejected",
        "ukri",
        UKRI_HEAD
        + """You must already have sent an outline and been invited to submit a full \
application. Uninvited applications will be rejected.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "holders of an earlier award",
        "ukri",
        UKRI_HEAD
        + """Who can apply

This opportunity is open only to current holders of a Quiet Places fellowship.
""",
        (None, UKRI_CLOSES),
        invited=True,
        seen=True,
    ),
    make_page(
        "those who passed stage one",
        "ukri",
        UKRI_HEAD
        + """Who can apply

Only applicants who were successful at stage one can apply.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "an invitation to interview",
        "ukri",
        UKRI_HEAD
        + """Only shortlisted applicants will be invited to interview. Invited speakers may \
attend the workshop. We invite applications from all disciplines.
""",
        (None, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "no invitation needed",
        "ukri",
        UKRI_HEAD
        + """You do not need to be invited to apply. Applicants who already hold an award may \
not apply again.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "an outline of work",
        "ukri",
        UKRI_HEAD
        + """Your application must outline the plan of work until 31 December 2027. Outline the \
risks. Submit an outline of costs with it.
""",
        (None, UKRI_CLOSES),
        seen=True,
    ),
    make_page(
        "a webinar to register for",
        "ukri",
        UKRI_HEAD
        + """Register for our webinar by 25 November 2026. You must register your organisation \
in the Funding Service by 20 January 2027.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "an outline that closed before",
        "ukri",
        """
Opportunity status: Open
Opening date: 2 November 2026 9:00am UK time
Closing date: 10 February 2027 4:00pm UK time

The outline stage closed on 1 June 2026. Only teams that we invited after it can apply now.
""",
        (1, "2026-06-01"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "two earlier steps",
        "ukri",
        UKRI_HEAD
        + """You must register your intent to apply by 20 November 2026. Outlines must reach us \
by 11 December 2026. The best are invited to send a full proposal.
""",
        (1, "2026-11-20"),
        (2, "2026-12-11"),
        (3, UKRI_CLOSES),
    ),
    make_page(
        "an expression said only to exist",
        "ukri",
        UKRI_HEAD
        + """Expression of interest: 8 December 2026
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "a closing date for outlines",
        "ukri",
        """Title: Wards that are quiet: outline stage

Opportunity status: Open
Closing date: 10 February 2027 4:00pm UK time

Successful applicants will be invited to submit a full proposal in June 2027.
""",
        (1, UKRI_CLOSES),
        (2, "later"),
        seen=True,
    ),
    make_page(
        "a registration to take part",
        "ukri",
        UKRI_HEAD
        + """Pre-registration is compulsory: without it we cannot accept your application. \
Pre-registration closes at noon on 3 December 2026.
""",
        (1, "2026-12-03 12:00"),
        (2, UKRI_CLOSES),
    ),
)

NORDFORSK_PAGES = (
    make_page(
        "two steps in prose",
        "nordforsk",
        """
NordForsk opens a two-step call on forests. The deadline for outlines is 3 March 2027 at 13:00. \
A second step follows for those who are chosen, in the autumn of 2027.
""",
        (1, "2027-03-03 13:00"),
        (2, "later"),
        seen=True,
    ),
    make_page(
        "an intent that is mandatory",
        "nordforsk",
        """
Call Deadline: 22.04.2027 13:00 (CEST/Oslo Time)

A letter of intent is mandatory. Deadline for letters of intent: 10.02.2027 13:00

Consortia come from three countries.
""",
        (1, "2027-02-10 13:00"),
        (2, "2027-04-22 13:00"),
    ),
    make_page(
        "an intent that does not bind",
        "nordforsk",
        """
Call Deadline: 22.04.2027 13:00 (CEST/Oslo Time)

Applicants may send a non-binding letter of intent by 10 February 2027. It is voluntary.
""",
        (None, "2027-04-22 13:00"),
        seen=True,
    ),
    make_page(
        "a full stage for the invited",
        "nordforsk",
        """
Call Deadline: 28 November 2027, 13:00 (CET /Oslo time)

This second stage of the two stage call is a joint effort of five councils. Invited applicants \
can submit proposals.

Eligibility criteria
Only invited applicants are eligible for money from this call
""",
        (None, "2027-11-28 13:00"),
        invited=True,
    ),
    make_page(
        "pre-proposals for centres",
        "nordforsk",
        """Title: Pre-proposals for Nordic Centres: quiet wards

Application deadline
16.03.2027 14:00

The best pre-proposals are invited to full proposals.
""",
        (1, "2027-03-16 14:00"),
        seen=True,
    ),
    make_page(
        "phases in a list",
        "nordforsk",
        """<p>A call in two phases.</p><ul><li>Phase 1 (pre-proposals): deadline 15 March 2027 \
at 13:00</li>
<li>Phase 2 (full proposals): deadline 1 October 2027 at 13:00</li></ul>
""",
        (1, "2027-03-15 13:00"),
        (2, "2027-10-01 13:00"),
    ),
    make_page(
        "one phase in prose",
        "nordforsk",
        """
NordForsk opens a call for networks. Applications must be submitted no later than 21 February \
2027 at 12:00 CET. Decisions are made by 30 June 2027.
""",
        (None, "2027-02-21 12:00"),
        seen=True,
    ),
    make_page(
        "judged in two steps",
        "nordforsk",
        """
Deadline
15 March 2027 at 13:00 CET

Proposals are judged in two steps: first by experts, then by the board.
""",
        (None, "2027-03-15 13:00"),
    ),
    make_page(
        "a step that was",
        "nordforsk",
        """
Deadline
15 March 2027 at 13:00 CET

The pre-proposals of an earlier call were due on 1 February 2020.
""",
        (None, "2027-03-15 13:00"),
    ),
)

SWEDISH_PAGES = (
    make_page(
        "en skiss först",
        "forte",
        """
Utlysningen öppnar: 10 november 2026
Utlysningen stänger: 20 april 2027, klockan 14:00

Ansökan görs i två steg. I steg 1 lämnar du en skiss, senast den 14 januari 2027 klockan 14:00. \
De som går vidare bjuds in att lämna en fullständig ansökan.
""",
        (1, "2027-01-14 14:00"),
        (2, "2027-04-20 14:00"),
        seen=True,
    ),
    make_page(
        "andra steget",
        "forte",
        """
Utlysningen stänger: 20 april 2027, klockan 14:00

Denna utlysning är öppen för dig vars skissansökan godkändes i steg 1.
""",
        (None, "2027-04-20 14:00"),
        invited=True,
        seen=True,
    ),
    make_page(
        "det första av två steg",
        "forte",
        """
Utlysningen stänger: 4 februari 2027, klockan 14:00

Detta är det första av två steg i ansökan. Efter bedömning väljs skisser ut till steg 2.

Tidplan

4 februari 2027: Sista dag för skissansökan

20 april 2027: Beslut om vilka som går vidare

1 juni 2027: Sista dag för fullständig ansökan
""",
        (1, "2027-02-04 14:00"),
        (2, "2027-06-01"),
    ),
    make_page(
        "en obligatorisk anmälan",
        "formas",
        """
Öppnar för ansökningar: 2026-11-10 14:00
Sista ansökningsdatum: 2027-03-11 14:00

Vem kan söka?
Den som är disputerad. Du måste ha lämnat in en intresseanmälan senast den 20 januari 2027 för \
att få söka.
""",
        (1, "2027-01-20"),
        (2, "2027-03-11 14:00"),
        seen=True,
    ),
    make_page(
        "en frivillig anmälan",
        "formas",
        """
Sista ansökningsdatum: 2027-03-11 14:00

Vad kan du söka?
Forskning om tysta rum. Skicka gärna en intresseanmälan senast 20 januari 2027. Den är \
frivillig och inte bindande.
""",
        (None, "2027-03-11 14:00"),
    ),
    make_page(
        "endast de inbjudna",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
Bara de lärosäten som har bjudits in kan söka bidraget.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
        seen=True,
    ),
    make_page(
        "pågående bidrag",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
De som har ett pågående bidrag för forskningsmiljöer kan söka.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
    make_page(
        "pågående bidrag får inte",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
En disputerad forskare. De som har ett pågående bidrag kan inte söka. Även den som tidigare har \
haft ett bidrag kan söka.
""",
        (None, "2027-03-03 14:00"),
        seen=True,
    ),
    make_page(
        "projekt från steg ett",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vem kan söka?
Utlysningen riktar sig till projekt som har beviljats finansiering i steg 1.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
    make_page(
        "skiss och ansökan i tabell",
        "vinnova",
        """<p>Sista ansökningsdag: 3 mars 2027</p><h2>Vad kan ni söka för?</h2><p>Tysta rum.</p>
<table><tr><th>Steg</th><th>Öppnar</th><th>Stänger</th></tr><tr><td>Skiss</td><td>2026-11-02\
</td><td>2026-12-15</td></tr>
<tr><td>Fullständig ansökan</td><td>2027-01-20</td><td>2027-03-03</td></tr></table>
""",
        (1, "2026-12-15"),
        (2, "2027-03-03"),
        seen=True,
    ),
    make_page(
        "en projektskiss",
        "energimyndigheten",
        """
Stänger: 28 april 2027

Vad kan ni söka stöd för?
Pumpar. Innan ni ansöker ska ni skicka en projektskiss. Skissen ska ha kommit in senast den 1 \
februari 2027. Utan godkänd skiss kan ni inte söka.
""",
        (1, "2027-02-01"),
        (2, "2027-04-28"),
    ),
    make_page(
        "hålltider i lista",
        "energimyndigheten",
        """
Stänger: 28 april 2027

Om utlysningen
Pumpar för alla.

Hålltider
Föranmälan (krav): 15 januari 2027
Informationsmöte: 20 januari 2027
Ansökan: 28 april 2027
Beslut: 1 september 2027
""",
        (1, "2027-01-15"),
        (2, "2027-04-28"),
        seen=True,
    ),
    make_page(
        "anmäl dig till mötet",
        "energimyndigheten",
        """
Stänger: 28 april 2027

Om utlysningen
Pumpar. Anmäl dig till informationsmötet senast den 10 januari 2027. Inbjudna talare berättar. \
Alla är välkomna att söka.
""",
        (None, "2027-04-28"),
    ),
    make_page(
        "en inbjudan till alla",
        "tillvaxtverket",
        """
Utlysningen stänger: 4 mars 2027

Vem kan söka?
Vi bjuder in alla företag att söka. Ni kan bjudas in till en dialog.
""",
        (None, "2027-03-04"),
        seen=True,
    ),
    make_page(
        "efter särskild inbjudan",
        "tillvaxtverket",
        """
Utlysningen stänger: 4 mars 2027

Vem kan söka?
Stödet kan endast sökas efter särskild inbjudan från Tillväxtverket.
""",
        (None, "2027-03-04"),
        invited=True,
    ),
    make_page(
        "en föransökan",
        "tillvaxtverket",
        """
Utlysningen stänger: 4 mars 2027

Så ansöker ni
Ni lämnar först en föransökan, som ska vara hos oss den 18 december 2026. Den som får ja på \
föransökan kan lämna in en slutlig ansökan.
""",
        (1, "2026-12-18"),
        (2, "2027-03-04"),
        seen=True,
    ),
    make_page(
        "avsiktsförklaring krävs",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vad kan ni söka för?
Tysta rum. En avsiktsförklaring krävs och lämnas i portalen senast 2027-01-15 klockan 12.00.
""",
        (1, "2027-01-15 12:00"),
        (2, "2027-03-03 14:00"),
    ),
    make_page(
        "pengar till nästa steg",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vad kan ni söka för?
Steg 1 av ett program: förstudier. Projekt som har fått bidrag kan senare söka i steg 2, som \
öppnar 1 oktober 2027.
""",
        (None, "2027-03-03 14:00"),
    ),
)

PAGES = (*UKRI_PAGES, *NORDFORSK_PAGES, *SWEDISH_PAGES)
