"""How a mentorship ends well: a last meeting, thanks, what comes next for each, and a summary to keep."""
