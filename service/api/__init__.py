"""The JSON API: the same matches that every other reader gets, and an OpenAPI that is true."""
