"""360-degree reviews, evaluations and surveys: what is asked, of whom, and what may be shown of the answers."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang the pages, the activity, the home cards and the clocks of campaigns on the application."""
    # `import reviews.disclosure` should need neither the web nor the database.
    from reviews import feature

    feature.init_app(app)
