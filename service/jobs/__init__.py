"""Jobs: work that commands and timers start, and that can be repeated without harm.

A job is a use case as it stands, so commands call it directly; `service.use_cases` holds what is
answered at once. Two kinds of module are here:

- Jobs that change the store, an index or a mailbox keep a row of each run (`service.store.runs`):
  `collect`, `collect_awards`, `imports.files`, `load_examples`, `reindex`, `mail.send_mails`,
  `mail.bounces` and the retention of `mail.personal_data` always; `find_duplicates` and `reparse`
  only when there was something to do.
- The others keep none: `doctor` and `export_ground_truth` change nothing that is stored, a
  person's decision on two calls and an erasure are kept as what they are.

`lock` lets one process at a time do each kind of work. The remaining modules are parts of jobs:
`imports.rows`, `health_checks`, `mail.digest_composer` and `mail.digest_setup`.
"""
