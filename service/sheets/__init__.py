"""Lists as spreadsheets: one description of columns for each, written as CSV or XLSX."""
