"""More pages of invented calls with steps, written when the reader stood, in other words."""

from __future__ import annotations

from tests.cases.step_pages import UKRI_CLOSES, UKRI_HEAD, make_page

LATER_UKRI_PAGES = (
    make_page(
        "an hour before the day",
        "ukri",
        UKRI_HEAD
        + """Stage 1: expression of interest

The closing date for expressions of interest is 4pm (UK time) on 3 December 2026. They are \
scored, and the best go on to the second stage.
""",
        (1, "2026-12-03 16:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a survey to complete",
        "ukri",
        UKRI_HEAD
        + """You are required to complete an intention to submit survey by 1 December 2026 at \
16:00. Applications from teams that have not done so will not be considered.
""",
        (1, "2026-12-01 16:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a pitch first",
        "ukri",
        UKRI_HEAD
        + """Applying is a two-step process. First, send a short video pitch by 1 December \
2026. Second, fill in the form by 10 February 2027.
""",
        (1, "2026-12-01"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "an outline window",
        "ukri",
        """<dl><dt>Opportunity status:</dt><dd>Open</dd><dt>Closing date:</dt><dd>10 February \
2027 4:00pm UK time</dd></dl>
<p>Quiet wards.</p><table><tr><th>Activity</th><th>Date</th></tr><tr><td>Outline submission \
window</td><td>2 November to 11 December 2026</td></tr>
<tr><td>Outline panel</td><td>10 January 2027</td></tr><tr><td>Full proposals</td><td>18 \
January to 10 February 2027</td></tr></table>
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "two deadlines on a line",
        "ukri",
        UKRI_HEAD
        + """Deadline for outlines: 4pm, 11 December 2026. Deadline for full proposals: 4pm, 10 \
February 2027.
""",
        (1, "2026-12-11 16:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "stages that close",
        "ukri",
        UKRI_HEAD
        + """Stage one applications close on 11 December 2026 and successful applicants will be \
invited to stage two, closing on 10 February 2027.
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "the teams are chosen",
        "ukri",
        UKRI_HEAD
        + """Who can apply

We have already selected the teams that may apply. Please do not apply unless you have heard \
from us.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "exclusively for phase one",
        "ukri",
        UKRI_HEAD
        + """This opportunity is available exclusively to teams funded in phase 1 of the Quiet \
Wards programme.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "holding a programme grant",
        "ukri",
        UKRI_HEAD
        + """To apply you must currently hold an MRC programme grant.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "no expression needed",
        "ukri",
        UKRI_HEAD
        + """There is no expression of interest for this call. Outlines are not used.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "expressions in a list",
        "ukri",
        """<dl><dt>Opportunity status:</dt><dd>Open</dd><dt>Closing date:</dt><dd>10 February \
2027 4:00pm UK time</dd></dl>
<p>Quiet wards.</p><h2>Timetable</h2><ul><li>Expressions of interest close: 11 December \
2026</li><li>Successful EoIs notified: 15 January 2027</li>
<li>Full applications close: 10 February 2027</li></ul>
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a full stage told first",
        "ukri",
        UKRI_HEAD
        + """Applicants invited to the full stage after a successful EoI have until 10 February \
2027. EoI deadline: 11 December 2026, 16:00
""",
        (1, "2026-12-11 16:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "the last day comes after",
        "ukri",
        UKRI_HEAD
        + """Your department must send us an outline; the last day for this is 11 December 2026.
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a notice not compulsory",
        "ukri",
        UKRI_HEAD
        + """Though not compulsory, we would like to receive a notice of intent before 11 \
December 2026.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "letters of partners",
        "ukri",
        UKRI_HEAD
        + """Letters of support from project partners must be uploaded by 1 February 2027.
""",
        (None, UKRI_CLOSES),
    ),
)

LATER_NORDFORSK_PAGES = (
    make_page(
        "stages by number",
        "nordforsk",
        """
The call has a two-stage process. Stage 1: 03.03.2027 13:00. Stage 2: 15.09.2027 13:00.
""",
        (1, "2027-03-03 13:00"),
        (2, "2027-09-15 13:00"),
    ),
    make_page(
        "labels for both",
        "nordforsk",
        """
Deadline for pre-proposals
3 March 2027
Deadline for full proposals (by invitation)
15 September 2027
""",
        (1, "2027-03-03"),
        (2, "2027-09-15"),
    ),
    make_page(
        "full proposals of the invited",
        "nordforsk",
        """Title: Call for full proposals (invited applicants): quiet wards

Application deadline
15.09.2027 13:00
""",
        (None, "2027-09-15 13:00"),
        invited=True,
    ),
    make_page(
        "those recommended",
        "nordforsk",
        """
Only consortia whose pre-proposals were recommended can apply. Full proposals must be submitted \
by 15 September 2027 at 13:00 CET.
""",
        (None, "2027-09-15 13:00"),
        invited=True,
    ),
    make_page(
        "an obligatory notification",
        "nordforsk",
        """
Call Deadline: 22.04.2027 13:00 (CEST/Oslo Time)

Submission of a notification of intent by 3 March 2027 is obligatory.
""",
        (1, "2027-03-03"),
        (2, "2027-04-22 13:00"),
    ),
)

LATER_SWEDISH_PAGES = (
    make_page(
        "sista dag för båda",
        "forte",
        """
Sista dag att lämna in skiss: 14 januari 2027 kl. 14.00
Sista dag att lämna in fullständig ansökan: 20 april 2027 kl. 14.00

Vem kan söka?
Forskare.
""",
        (1, "2027-01-14 14:00"),
        (2, "2027-04-20 14:00"),
    ),
    make_page(
        "anmält intresse",
        "forte",
        """
Utlysningen stänger: 20 april 2027, klockan 14:00

Observera att du behöver ha anmält ditt intresse före den 14 januari 2027 för att kunna söka.
""",
        (1, "2027-01-14"),
        (2, "2027-04-20 14:00"),
    ),
    make_page(
        "fått en inbjudan",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
Bidraget kan bara sökas av den som fått en inbjudan från Vetenskapsrådet.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
    make_page(
        "enbart för dessa",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
Du måste redan ha ett pågående rådsprofessorsbidrag för att söka.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
    make_page(
        "skisser och ansökningar",
        "formas",
        """
Vad kan du söka?
Forskning om tysta rum. Utlysningen har två steg: skisser (stänger 2027-01-20 14:00) och \
fullständiga ansökningar (stänger 2027-03-11 14:00).
Sista ansökningsdatum: 2027-03-11 14:00
""",
        (1, "2027-01-20 14:00"),
        (2, "2027-03-11 14:00"),
    ),
    make_page(
        "koordinatorer som vi bjudit in",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vem kan söka?
Endast koordinatorer som vi har bjudit in kan ansöka.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
    make_page(
        "aktivitet och datum",
        "energimyndigheten",
        """<p>Stänger: 28 april 2027</p><h2>Om utlysningen</h2><p>Pumpar.</p>
<table><tr><th>Aktivitet</th><th>Datum</th></tr><tr><td>Sista dag för obligatorisk \
intresseanmälan</td><td>2027-02-01</td></tr>
<tr><td>Sista dag för ansökan</td><td>2027-04-28</td></tr></table>
""",
        (1, "2027-02-01"),
        (2, "2027-04-28"),
    ),
    make_page(
        "steg med streck",
        "tillvaxtverket",
        """
Utlysningen stänger: 4 mars 2027

Så ansöker ni
Steg 1 – Idéansökan: 10 januari 2027
Steg 2 – Projektansökan: 4 mars 2027
""",
        (1, "2027-01-10"),
        (2, "2027-03-04"),
    ),
    make_page(
        "anmäl er avsikt",
        "tillvaxtverket",
        """
Utlysningen stänger: 4 mars 2027

Så ansöker ni
Anmäl er avsikt att söka senast 10 januari 2027. Utan anmälan behandlas inte ansökan.
""",
        (1, "2027-01-10"),
        (2, "2027-03-04"),
    ),
    make_page(
        "vi har valt ut",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vem kan söka?
Vi har redan valt ut de projekt som får söka.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
    make_page(
        "frivillig skiss",
        "energimyndigheten",
        """
Stänger: 28 april 2027

Om utlysningen
Du kan frivilligt skicka en kort skiss till och med 1 februari 2027 och få återkoppling på den.
""",
        (None, "2027-04-28"),
    ),
    make_page(
        "i ett första steg",
        "formas",
        """
Sista ansökningsdatum: 2027-03-11 14:00

Vad kan du söka?
I ett första steg ska en kortfattad idébeskrivning skickas in, senast 2027-01-20.
""",
        (1, "2027-01-20"),
        (2, "2027-03-11 14:00"),
    ),
    make_page(
        "skisser som stängde",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
Endast de som gått vidare från skisserna kan söka nu. Skisserna skulle lämnas in senast den 1 \
oktober 2026.
""",
        (1, "2026-10-01"),
        (2, "2027-03-03 14:00"),
    ),
)

LATER_PAGES = (*LATER_UKRI_PAGES, *LATER_NORDFORSK_PAGES, *LATER_SWEDISH_PAGES)
