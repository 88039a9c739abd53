"""Programs: the standing design of a course's mentoring, its versions, and the cohorts that run it."""
