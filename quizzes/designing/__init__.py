"""How a quiz is put together and published: its plan, its settings, what learners see when, and the pages for it."""
