"""A Flask app that does nothing: its one view gives back bytes that it was told. What the real app is compared with.

Runs in the server that `quizapp serve` starts, with the same settings: python -m tests.bench.bare PORT FOLDER
"""

import os
import sys
from pathlib import Path

from flask import Flask, Response, request

from quizapp.operations.lanes import Lanes
from quizapp.operations.server import Place, web_server

FOLDER = "QUIZAPP_BENCH_REPLIES"
WORKERS = 2


def application() -> Lanes:
    """The app of each web worker: a reply for each file NAME.html or NAME.json of the folder, at /NAME."""
    app = Flask(__name__)
    kinds = {".html": "text/html; charset=utf-8", ".json": "application/json"}
    files = Path(os.environ[FOLDER]).iterdir()
    replies = {file.stem: (file.read_bytes(), kinds[file.suffix]) for file in files}

    @app.route("/<name>", methods=["GET", "POST", "PUT"])
    def reply(name: str) -> Response:
        request.get_data()
        body, kind = replies[name]
        return Response(body, content_type=kind)

    return Lanes(app, exam=1, others=2, prefix="", largest=1 << 20)


if __name__ == "__main__":
    os.environ[FOLDER] = sys.argv[2]
    web_server(
        "tests.bench.bare:application", Place("127.0.0.1", int(sys.argv[1]), None, None), WORKERS
    ).serve()
