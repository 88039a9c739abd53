"""The processes behind the pages: web server, letters, long work, housekeeping."""
