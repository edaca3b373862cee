"""What American agencies share: dates, sums and key dates of their announcements."""
