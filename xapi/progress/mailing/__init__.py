"""Progress reports by mail, of each learner to the manager recorded for them, as an instructor of the course arranged.

- `times`: when reports fall due; no database, no web.
- `models`, `scheduling`, `falling_due`: what was arranged, as letters of which each names the moment that counts.
- `standing`, `agreeing`: which manager a learner's report would go to, and what stands against it. Without the
  learner's yes, nothing goes.
- `saying`: what a manager reads: figures of what statements say, nothing that anybody typed, nothing of reviews.
- `sending`: the report on its way, once for each occasion.

What reports of other features do in the same way stands in `lti_tool.manager_mail`.
"""
