"""Pages of the NIH Guide in its own form, with what a case varies: key dates and awards."""

from __future__ import annotations

ADDRESS = "https://grants.nih.gov/grants/guide/pa-files/PAR-27-901.html"
HOUR = "All applications are due by 5:00 PM local time of applicant organization."
COLUMNS = (
    "New",
    "Renewal / Resubmission / Revision (as allowed)",
    "AIDS - New/Renewal/Resubmission/Revision, as allowed",
    "Scientific Merit Review",
    "Advisory Council Review",
    "Earliest Start Date",
)
NO = "Not Applicable"
HEAD = {
    "Participating Organization(s)": "National Institutes of Health (NIH)",
    "Funding Opportunity Title": "Ears at home (R01 Clinical Trial Optional)",
    "Notice of Funding Opportunity (NOFO) Number": "PAR-27-901",
    "Funding Opportunity Purpose": "Hearing aids that learn from those who wear them.",
}
OPENS = {
    "Posted Date": "September 24, 2026",
    "Open Date (Earliest Submission Date)": "January 05, 2027",
}


def row(label: str, value: str) -> str:
    """A label and its value as the Guide sets them."""
    return (
        f'<div class="row"><div class="datalabel">{label}</div>'
        f'<div class="datacolumn">{value}</div></div>'
    )


def page(dates: str, award: str = "", agency: str = "") -> str:
    """A page with ``dates`` under its key dates and ``award`` under its award information."""
    head = HEAD | ({"Participating Organization(s)": agency} if agency else {})
    rows = "".join(row(*pair) for pair in head.items())
    opens = "".join(row(*pair) for pair in OPENS.items())
    return (
        f'<html><head><link rel="canonical" href="{ADDRESS}"></head><body>'
        f"<h1>Department of Health and Human Services</h1>{rows}<h2>Key Dates</h2>{opens}{dates}"
        "<h1>Part 2. Full Text of Announcement</h1>"
        "<h2>Section I. Notice of Funding Opportunity Description</h2><p>More on April 9, 2027.</p>"
        f"<h2>Section II. Award Information</h2>{award}"
        "<h2>Section III. Eligibility Information</h2></body></html>"
    )


def table(*rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS, over: str = "") -> str:
    """A table with a head of ``columns``, and ``over`` as the row above them."""
    heads = "".join(f"<th>{column}</th>" for column in columns)
    cells = ("".join(f"<td>{cell}</td>" for cell in cells) for cells in rows)
    body = "".join(f"<tr>{one}</tr>" for one in cells)
    return f"<table>{over}{f'<tr>{heads}</tr>' if heads else ''}{body}</table>"


def text(dates: str) -> str:
    """The same page saved as text, each label and value on a line."""
    lines = [line for pair in (HEAD | {"Key Dates": ""} | OPENS).items() for line in pair if line]
    body = "\n".join(lines)
    return f"URL: {ADDRESS}\n\n{body}\n{dates}\n"
