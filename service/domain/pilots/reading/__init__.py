"""How a text is read before it is ranked: what it spells short, and what it does not want."""
