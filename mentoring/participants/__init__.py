"""Participants: who takes part in a cohort, who mentors, and how many places they have."""
