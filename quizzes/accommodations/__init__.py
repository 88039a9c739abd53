"""What single learners are granted beyond the others: more time, more attempts, a later close; standing or once."""
