"""A notebook: what somebody learned, in their own words; theirs in every course, and private unless they share it."""
