"""What can be done with fundscout: a function each, for the API, pages, commands and later doors.

A use case takes the `Context` and plain values, returns a typed record, and raises service errors
with words for people. It knows no Flask and no click. Where a job of `service.jobs` is all that
there is to do (collect, reindex, import, merge, mailing, doctor), the job is the use case, and
commands call it directly; the API and the pages call nothing but what is here.
"""
