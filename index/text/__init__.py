"""Texts as words: sentences by offsets, languages, stems, compounds, words spelled alike."""
