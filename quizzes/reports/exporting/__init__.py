"""Tables of a quiz to take along: the class, its attempts, the questions, every answer; for Excel or as CSV."""
