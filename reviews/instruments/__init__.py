"""What is asked in a review: competencies with statements, a scale, open questions, and what positions require."""
