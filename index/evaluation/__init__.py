"""How well the index ranks: data with known answers, metrics and reports."""
