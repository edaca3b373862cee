"""Answers that several funders share."""
