"""Why a document was found: sentence pairs, shared words, and what each sentence adds."""
