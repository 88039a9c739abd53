"""Reports by mail: of the class to those who teach it, and of each learner to the manager recorded for them.

- `times`: when a report falls due; no database, no web.
- `models`, `scheduling`, `falling_due`: what was arranged, as letters of which each names the moment that counts.
- `hearing`: somebody became ready, or has used up their attempts.
- `whole_class`, `saying`: what the class report says, and what a manager reads: topics, and *ready* or *not yet*.
- `standing`, `agreeing`: which manager a learner's report would go to, and what stands against it. Without the
  learner's yes, nothing goes.
- `sending`: the report on its way to a manager, once for each occasion.
"""
