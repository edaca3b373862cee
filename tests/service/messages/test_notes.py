"""Our remarks in stored texts in the reader's language, and the funder's words in quotes."""

from __future__ import annotations

from datetime import date

import pytest

from scrapers.call import Deadline, DeadlineKind
from scrapers.remarks import Remark, add_remarks
from service.messages import facts
from service.messages.notes import from_record, record_sentences
from service.messages.render import render
from service.messages.words import words

DAY, DAYS = date(2027, 2, 10), (date(2027, 2, 10), date(2027, 10, 5))
IN_ENGLISH = {
    Remark.RECORD_CLOSES: "The record names 10 February 2027 as its closing day.",
    Remark.RENEWALS: "Renewals and resubmissions: 10 February 2027, 5 October 2027.",
    Remark.AIDS: "AIDS applications: 10 February 2027, 5 October 2027.",
    Remark.STANDARD_DATES: (
        "Standard receipt dates apply; the announcement expires on 10 February 2027."
    ),
    Remark.NO_RECEIPT_DATE: (
        "No receipt date is named; the announcement expires on 10 February 2027."
    ),
}
"""Those whose days stand in figures in the record and in words for a reader."""

IN_SWEDISH = {
    Remark.PORTAL_CLOSING: (
        "Källan anger dagen; portalen tar emot ansökningar till kl. 17:00 Brysseltid."
    ),
    Remark.HOUR_ELSEWHERE: (
        "Källan anger bara dagen; utlysningens egna anvisningar kan ange ett tidigare klockslag."
    ),
    Remark.TEXT_SAYS: "I texten står:",
    Remark.ATTACHMENT_SAYS: "I en bilaga står:",
    Remark.STEP_BINDS: "Ett tidigare steg är obligatoriskt; se efter dess datum i utlysningen:",
    Remark.LATER_CUT_OFFS: (
        "Ansökningar tas emot löpande; senare delsluttider står inte i källan."
    ),
    Remark.ALSO_NAMED: "Sidan anger också 10 februari 2027, 5 oktober 2027 som sista dag.",
    Remark.PRELIMINARY: "Datumen är preliminära enligt sidan.",
    Remark.EARLIER_STEP: (
        "Sidan nämner ett tidigare steg; kontrollera där om det är obligatoriskt och när det ska "
        "göras:"
    ),
    Remark.READ_DAILY: "Ansökningar läses varje dag fram till dess.",
    Remark.APPLICANT_CLOCK: "Klockslaget är sökandens lokala tid, här svensk tid.",
    Remark.LOCAL_CLOCK: (
        "Klockslaget är ”lokal tid”, men det framgår inte var: här gäller den tidigare möjliga "
        "tiden."
    ),
    Remark.OFFSET_UNSIGNED: (
        "Klockslagets tidszon anges i timmar utan plus eller minus: här gäller den tidigare "
        "möjliga tiden."
    ),
    Remark.MIDNIGHT: "”Midnatt” tolkas som dagens slut.",
    Remark.HOUR_ZERO: (
        "Klockslaget 0:00 tolkas som dagens början, den tidigare av två möjliga tider."
    ),
    Remark.NO_CLOCK: "Ingen tidszon anges för klockslaget; det tolkas som New York-tid.",
    Remark.SEVERAL_HOURS: "Flera klockslag anges; här gäller det tidigaste.",
    Remark.ESTIMATED: "Myndighetens uppskattning.",
    Remark.FORECAST: "Planerad utlysning utan datum.",
    Remark.FAR_YEAR: "Källan anger en dag år 2099, vilket betyder att ingen dag är satt.",
    Remark.RECORD_CLOSES: "Källan anger 10 februari 2027 som sista dag.",
    Remark.EARLIER_KEPT: "Här gäller den tidigare av de två dagarna.",
    Remark.LAST_DAY_ONLY: (
        "Bara den sista dagen anges; tidigare dagar kan stå i utlysningstexten."
    ),
    Remark.LAST_RECEIPT: "Sista ansökningsdag; tidigare dagar kan stå i utlysningstexten.",
    Remark.STANDARD_DATES: (
        "Finansiärens ordinarie ansökningsdagar gäller; utlysningen upphör att gälla 10 februari "
        "2027."
    ),
    Remark.NO_RECEIPT_DATE: (
        "Ingen ansökningsdag anges; utlysningen upphör att gälla 10 februari 2027."
    ),
    Remark.UNCLEAR_TABLE: (
        "Tabellen med datum gick inte att tolka säkert; här gäller dess första dag."
    ),
    Remark.RENEWALS: (
        "För förlängningar och förnyade ansökningar: 10 februari 2027, 5 oktober 2027."
    ),
    Remark.AIDS: "För ansökningar som rör aids: 10 februari 2027, 5 oktober 2027.",
}


def stored(remark: Remark) -> str:
    return remark.write(day=DAY, days=DAYS, year="2099")


@pytest.mark.parametrize("remark", Remark)
def test_every_remark_is_said_in_both_languages(remark: Remark) -> None:
    (part,) = from_record(stored(remark))
    assert part.is_ours
    assert render(part.message, "en") == IN_ENGLISH.get(remark, stored(remark))
    assert render(part.message, "sv") == IN_SWEDISH[remark]


@pytest.mark.parametrize(
    ("text", "swedish", "english"),
    [
        ("", "", ""),
        ("Öppet hela året.", "”Öppet hela året.”", "“Öppet hela året.”"),
        (
            add_remarks("Due by 5 pm.", stored(Remark.NO_CLOCK), stored(Remark.SEVERAL_HOURS)),
            (
                "”Due by 5 pm.” Ingen tidszon anges för klockslaget; det tolkas som New York-tid. "
                "Flera klockslag anges; här gäller det tidigaste."
            ),
            (
                "“Due by 5 pm.” No clock is named with the hour; it is read on that of New York. "
                "Several hours are named; the earliest is kept."
            ),
        ),
        (
            Remark.ESTIMATED.before("Letters are due in May."),
            "Myndighetens uppskattning. ”Letters are due in May.”",
            "Estimated by the agency. “Letters are due in May.”",
        ),
        (
            Remark.TEXT_SAYS.before("Sista dag är 3 oktober 2027."),
            "I texten står: ”Sista dag är 3 oktober 2027.”",
            "The text says: “Sista dag är 3 oktober 2027.”",
        ),
        (
            add_remarks("", stored(Remark.PRELIMINARY), stored(Remark.MIDNIGHT)),
            "Datumen är preliminära enligt sidan. ”Midnatt” tolkas som dagens slut.",
            "The page calls its dates preliminary. “Midnight” is read as the end of that day.",
        ),
        (
            Remark.AIDS.write(days=[date(2027, month, 7) for month in range(1, 9)]),
            (
                "För ansökningar som rör aids: 7 januari 2027, 7 februari 2027, 7 mars 2027, "
                "7 april 2027, 7 maj 2027, 7 juni 2027, med flera."
            ),
            (
                "AIDS applications: 7 January 2027, 7 February 2027, 7 March 2027, 7 April 2027, "
                "7 May 2027, 7 June 2027, and more."
            ),
        ),
    ],
)
def test_only_the_funders_words_are_quoted(text: str, swedish: str, english: str) -> None:
    whole = record_sentences(text)
    assert render(whole, "sv") == swedish
    assert render(whole, "en") == english


def test_a_deadline_without_a_day_has_our_remark_in_the_readers_language() -> None:
    def said(text: str) -> str:
        kind = DeadlineKind.ROLLING
        return facts.deadline(Deadline(kind=kind, zone="UTC", text=text), words("sv"))

    far = "Källan anger en dag år 2099, vilket betyder att ingen dag är satt."
    assert said("") == "sök när som helst"
    assert said("2027 mars") == "sök när som helst (2027 mars)"
    assert said(stored(Remark.FAR_YEAR)) == f"sök när som helst ({far})"
    mixed = add_remarks("Open always.", stored(Remark.FAR_YEAR))
    assert said(mixed) == f"sök när som helst (”Open always.” {far})"
