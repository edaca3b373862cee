"""Text to values: dates, money, who may apply, languages, and the patterns that find them."""
