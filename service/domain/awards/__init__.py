"""Projects that were paid: like a pilot, on a subject, and the organisations behind them."""
