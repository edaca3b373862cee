"""Pages of invented calls with steps, the last to be written: other words and shapes again."""

from __future__ import annotations

from tests.cases.step_pages import UKRI_CLOSES, UKRI_HEAD, make_page

LAST_PAGES = (
    make_page(
        "letters by noon",
        "ukri",
        UKRI_HEAD
        + """Applicants must submit a compulsory letter of intent. Letters should be \
emailed to the office \
and arrive before 12 noon on 7 December 2026.
""",
        (1, "2026-12-07 12:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "cells with tabs",
        "ukri",
        UKRI_HEAD
        + """Stage	Date
Outline	11 December 2026
Full application	10 February 2027
""",
        (1, "2026-12-11"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "an opening for outlines",
        "ukri",
        UKRI_HEAD
        + """Key dates
Opening date for outlines: 2 November 2026
Closing date for outlines: 11 December 2026 at 16:00
Invitations to full stage: 15 January 2027
Closing date for full applications: 10 February 2027
""",
        (1, "2026-12-11 16:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "only the shortlisted",
        "ukri",
        UKRI_HEAD
        + """We run this opportunity in two stages. You need to submit a brief EoI \
through the survey \
before 5pm on 9 December 2026. Only those shortlisted will get access to the full form.
""",
        (1, "2026-12-09 17:00"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "a launch event",
        "ukri",
        UKRI_HEAD
        + """You may wish to attend the launch event on 20 November 2026; registration \
for the event \
closes on 18 November 2026.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "an assessment in two stages",
        "ukri",
        UKRI_HEAD
        + """Applications will go through a two-stage assessment: expert review, then an \
interview in May 2027.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "a phase of the project",
        "ukri",
        UKRI_HEAD
        + """Successful applicants will be invited to a cohort meeting on 1 December \
2027. The first phase \
of the project must end by 1 February 2028.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "institutions that were contacted",
        "ukri",
        UKRI_HEAD
        + """Who can apply

This opportunity is by invitation. Only institutions contacted directly by MRC are eligible.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "a stage that had closed",
        "ukri",
        UKRI_HEAD
        + """You can only apply if you completed the expression of interest stage, which \
closed on 30 \
September 2026.
""",
        (1, "2026-09-30"),
        (2, UKRI_CLOSES),
    ),
    make_page(
        "holders are welcome too",
        "ukri",
        UKRI_HEAD
        + """Existing award holders are welcome to apply. Research organisations must be \
eligible for UKRI \
funding.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "told before an interview",
        "ukri",
        UKRI_HEAD
        + """Applicants who have been invited to interview will be told by 3 May 2027. \
You should have an \
ongoing relationship with a partner.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "a grant that goes on",
        "ukri",
        UKRI_HEAD
        + """You must have a current UKRI grant that ends after 1 April 2028.
""",
        (None, UKRI_CLOSES),
        invited=True,
    ),
    make_page(
        "no notification this round",
        "ukri",
        UKRI_HEAD
        + """Notification of intent is not needed for this round.
""",
        (None, UKRI_CLOSES),
    ),
    make_page(
        "approved in step one",
        "nordforsk",
        """
Call deadline: 15.09.2027 13:00

Step 1: Expression of Interest – 03.03.2027, 13:00 CET
Step 2: Full proposals – 15.09.2027, 13:00 CEST (only those approved in step 1)
""",
        (1, "2027-03-03 13:00"),
        (2, "2027-09-15 13:00"),
    ),
    make_page(
        "the second phase itself",
        "nordforsk",
        """
This is the second phase of the call. Applicants who were approved in phase one may submit \
full proposals. Deadline: 15 September 2027 at 13:00 CEST.
""",
        (None, "2027-09-15 13:00"),
        invited=True,
    ),
    make_page(
        "a registration among labels",
        "nordforsk",
        """
Opening of the call: 1 February 2027
Mandatory registration of intent: 1 March 2027
Closing of the call: 1 April 2027 13:00

Text.
""",
        (1, "2027-03-01"),
        (2, "2027-04-01 13:00"),
    ),
    make_page(
        "tidplan med datum först",
        "forte",
        """
Utlysningen stänger: 20 april 2027, klockan 14:00

Tidplan
14 januari 2027
Sista dag för skisser
15 mars 2027
Besked om skisser
20 april 2027
Sista dag för ansökan
""",
        (1, "2027-01-14"),
        (2, "2027-04-20 14:00"),
    ),
    make_page(
        "projekt som redan finansieras",
        "formas",
        """
Sista ansökningsdatum: 2027-03-11 14:00

Vem kan söka?
Utlysningen är endast öppen för de projekt som redan finansieras av Formas inom programmet.
""",
        (None, "2027-03-11 14:00"),
        invited=True,
    ),
    make_page(
        "redan finansierade får inte",
        "formas",
        """
Sista ansökningsdatum: 2027-03-11 14:00

Vem kan söka?
Forskare. Projekt som redan finansieras av Formas kan inte få mer. Även tidigare \
bidragsmottagare får söka.
""",
        (None, "2027-03-11 14:00"),
    ),
    make_page(
        "för att få lämna",
        "vr",
        """
Ansökningsperiod: 10 november 2026 (kl. 14.00) – 3 mars 2027 (kl. 14.00)

Vem kan söka?
För att få lämna en fullständig ansökan måste du ha skickat in en intresseanmälan senast 1 \
december 2026 klockan 14.00.
""",
        (1, "2026-12-01 14:00"),
        (2, "2027-03-03 14:00"),
    ),
    make_page(
        "skiss och återkoppling",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vad kan ni söka för?
Skicka in er skiss senast den 10 december 2026. Vi ger återkoppling på skisserna den 15 \
januari 2027. Därefter lämnar ni en fullständig ansökan.
""",
        (1, "2026-12-10"),
        (2, "2027-03-03 14:00"),
    ),
    make_page(
        "inget krav på skiss",
        "tillvaxtverket",
        """
Utlysningen stänger: 4 mars 2027

Så ansöker ni
Vi vill gärna att ni hör av er med en kort skiss före 10 januari 2027, men det är inget krav.
""",
        (None, "2027-03-04"),
    ),
    make_page(
        "en fortsättning",
        "energimyndigheten",
        """
Stänger: 28 april 2027

Om utlysningen
Utlysningen är en fortsättning för projekt som har ett pågående stöd. Andra kan inte söka.
""",
        (None, "2027-04-28"),
        invited=True,
    ),
    make_page(
        "inbjudna aktörer",
        "vinnova",
        """
Sista ansökningsdag: 3 mars 2027 klockan 14:00

Vem kan söka?
Erbjudandet vänder sig till inbjudna aktörer.
""",
        (None, "2027-03-03 14:00"),
        invited=True,
    ),
)
