"""Mentorships: the standing relationship of a mentor and a mentee, its states and its history."""
