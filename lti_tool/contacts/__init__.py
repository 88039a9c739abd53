"""People outside the course, and who somebody's manager is, which no LMS tells."""
