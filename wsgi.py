"""The application object for any WSGI server."""

from quizapp import create_app

app = create_app()
