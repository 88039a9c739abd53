"""Questions from a file, looked at before anything is taken: what was read, what is not kept, what is there already.

- `models`: a file that somebody brought, and each of its questions as it was read.
- `staging`: a question as JSON, and back.
- `looking`: the file is read, at once or by a job; nothing of the bank changes.
- `taking_over`: the chosen ones come into the bank in one transaction, and can be taken back.
- `previewing`, `views`: the pages.
- `personal`: what is given out of a person, and erased.
"""
