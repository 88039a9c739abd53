"""Reports that go by mail to the manager recorded for a learner, whatever feature writes them.

- `times`: the mornings on which reports go; no database, no web.
- `models`: what a consent, a report that was made and a stop hold; each feature has tables of its own.
- `standing`: who a learner's report would go to, and what stands against it. Without the learner's yes, nothing goes.
- `making`: the mail of a report, once for each occasion, always under the same Message-ID.
- `stopping`: where the secret address in such a mail leads.
- `forms`, `wording`: when reports go, as a form and in words.

Who stops the reports of one feature has stopped no other's.
"""
