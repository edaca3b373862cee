"""Queries to ranked hits: signals, their fusion, calibration and what readers judged."""
