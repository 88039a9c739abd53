"""Campus, a small pretend LMS: for newcomers to click through, and for tests to be strict with.

It imports nothing of the tool's: it speaks HTTP, like any LMS.
"""
