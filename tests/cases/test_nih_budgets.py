"""What announcements of the NIH pay: the pot, the number of awards, the sum of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.nih_pages import page, row
from tests.scrapers.funders.agency_pages import only, read

BUDGETS = [
    # the funds, the budget, and total, maximum and number of awards
    ("NHLBI intends to commit $4,500,000 in FY 2028 to fund 6 awards.",
     "Budgets for direct costs of up to $350,000 per year may be requested.", (4_500_000, None, 6)),
    ("How many awards there will be depends on the money of NIH.",
     "Over two years the combined budget for direct costs may not exceed $275,000.",
     (None, 275_000, None)),
    ("NCI intends to commit $2 million in FY 2028 to fund up to 4 awards.",
     "Direct costs are limited to $499,000 per year.", (2_000_000, None, 4)),
    (("NIA plans to fund an estimated four awards, corresponding to a total of $3,000,000, for "
     "fiscal year 2027."),
     ("The combined budget over two years may not exceed $275,000, with no more than $200,000 in "
     "any single year."), (3_000_000, 275_000, 4)),
    ("NIH estimates 3 to 5 new awards for a total of $1.5M.",
     "Application budgets are not limited but need to reflect the needs of the project.",
     (1_500_000, None, None)),
    ("The number of awards is contingent upon appropriations.",
     "Awards may not exceed $1,000,000 in total costs for the entire project.",
     (None, 1_000_000, None)),
    ("NHGRI expects to make two awards. About $800,000 per award.",
     "Annual direct costs of at most $400,000.", (None, None, 2)),
    ("NIBIB will commit $5,000,000 in fiscal year 2027 to support 10 grants.",
     "The R61 phase is limited to $300,000 and the R33 phase may not exceed $500,000.",
     (5_000_000, None, 10)),
    ("Intends to commit $750K to fund one award.",
     ("Requests of up to $250,000 in direct costs in each year, and not more than $750,000 over "
     "the project."), (750_000, 750_000, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("funds", "budget", "expected"), BUDGETS)
def test_a_pot_is_no_project_and_a_year_no_whole(
    funds: str, budget: str, expected: tuple[int | None, ...], tmp_path: Path
) -> None:
    award = row("Funds Available and Anticipated Number of Awards", funds)
    award += row("Award Budget", budget) + row("Award Project Period", "Five years.")
    source = page(row("Application Due Date(s)", "March 1, 2027"), award)
    pays = only(read("nih_guide", tmp_path, source, "page.html")).funding
    assert pays is not None
    total, most = pays.total, pays.maximum
    assert (total and total.amount, most and most.amount, pays.expected_awards) == expected
    assert budget in pays.text


def test_without_a_sum_there_is_no_funding(tmp_path: Path) -> None:
    award = row("Award Budget", "Budgets are not limited.")
    source = page(row("Application Due Date(s)", "March 1, 2027"), award)
    assert only(read("nih_guide", tmp_path, source, "page.html")).funding is None
