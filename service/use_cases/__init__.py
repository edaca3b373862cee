"""What can be done with fundscout: a function each, for API, pages, commands, mail and later doors.

A use case takes the `Context` and plain values, returns a typed record, and raises errors of
`service.errors`, whose words are fit to show. It knows no Flask and no click.

The rule of the doors:

- API and pages call use cases, never a job or a store.
- Commands call use cases; where a job of `service.jobs` is all that there is to do (collect,
  reindex, import, send, doctor), the job is the use case and the command calls it. They read no
  store.
- `service.mail` renders and hands over what it is given; it imports no store and no use case.

Import contracts in `pyproject.toml` and `tests/service/use_cases/test_doors.py` hold it.
"""
