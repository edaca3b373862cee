"""Lists as spreadsheets: CSV or XLSX, by what stands behind the dot of the address."""
