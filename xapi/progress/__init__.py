"""Progress reports: who is active, who is stalled, who is done, read from the learning record store alone.

- `questions`: what is asked of the store, each question one that any consumer could send over HTTP.
- `facts`: a statement in, what a report needs of it out; no database, no web.
- `folding`: facts in, what they say of mentorships and people out; no database, no web.
- `report`: the figures of a course, a program or a cohort from that; no database, no web.
- `sparkline`: weeks as a small picture; no database, no web.
- `reading`, `keeping`: the questions put to our own store, once for each statement; and names for people.
- `views`, `tables`: pages and files.
- `mailing`: a learner's report, by mail to their manager.

Nothing is looked up beside the statements but what people are called: `docs/xapi.md` says how to compute the same from
outside, and a test does.
"""
