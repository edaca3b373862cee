"""Periods of the work that is paid for, in sentences on applying: they neither open nor close."""

from __future__ import annotations

import pytest

from scrapers.platforms.pages.told_dates import told_dates

NOTHING = ("", "")
WINDOW = ("2027-08-16", "2027-09-15")

MENDED_BY = {
    "Kommuner kan nu söka stöd för råd under perioden 1 januari 2027–31 december 2028.": NOTHING,
    "Du kan söka stöd för insatser som genomförs mellan 1 mars 2027 och 30 juni 2027.": NOTHING,
    "Ansök om medel för arbete under tiden 2027-01-01 till 2028-12-31.": NOTHING,
    "You can apply for grants for activities from 1 January 2027 to 31 December 2028.": NOTHING,
    "Energikontor kan ansöka om bidrag för 1 januari 2027 – 31 december 2028.": NOTHING,
    "The call funds work carried out between 1 May 2027 and 30 April 2029.": NOTHING,
    "Utlysningen är öppen 16 augusti–15 september 2027.": WINDOW,
    "Ansökningar tas emot mellan 16 augusti och 15 september 2027.": WINDOW,
    "You can apply from 16 August to 15 September 2027.": WINDOW,
    "Ansök om stöd mellan 16 augusti och 15 september 2027.": WINDOW,
}
UNSEEN = {
    "Regioner kan ansöka om ersättning för tjänster under 1 juli 2027–30 juni 2029.": NOTHING,
    "Erbjudandet: sök bidrag till en samordnare perioden 2027-02-01–2028-01-31.": NOTHING,
    "Applicants can apply for support to run a centre from 1 July 2027 to 30 June 2031.": NOTHING,
    "The call covers costs incurred between 1 May 2027 and 31 July 2027.": NOTHING,
    "Utlysningen avser kostnader som uppstår mellan 1 maj 2027 och 31 juli 2027.": NOTHING,
    "You can apply for measures until 31 December 2028.": NOTHING,
    "Ansökan öppnar 16 augusti 2027 och stänger 15 september 2027.": WINDOW,
    "Du kan ansöka under perioden 16 augusti–15 september 2027.": WINDOW,
    "The application window is open from 16 August 2027 to 15 September 2027.": WINDOW,
    "Ansökan om stöd till insatser ska lämnas senast den 15 september 2027.": ("", "2027-09-15"),
    "Submit your application for work in clinics by 15 September 2027.": ("", "2027-09-15"),
    # the days may be those of the advice
    "Företag kan söka stöd till rådgivning 16 augusti–15 september 2027.": NOTHING,
}


@pytest.mark.parametrize("sentence", [*MENDED_BY, *UNSEEN])
def test_a_period_is_one_to_apply_in_or_none(sentence: str) -> None:
    told = told_dates([sentence], "Europe/Stockholm")
    days = (told.opening, told.closing)
    shown = tuple(f"{day.moment.at:%Y-%m-%d}" if day else "" for day in days)
    assert shown == {**MENDED_BY, **UNSEEN}[sentence]
