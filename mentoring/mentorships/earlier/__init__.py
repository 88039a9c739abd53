"""What a new mentor may see of what was before they came: dates and numbers, and what the mentee lets them read."""
