"""Thanks that somebody may keep: from whom they mentored, or from that person's manager."""
