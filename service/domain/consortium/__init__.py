"""Pilots that apply together: who fits a call, and which meet its rule as a team."""
