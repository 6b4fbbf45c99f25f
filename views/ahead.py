"""Get ready while the visitor's browser is still fetching the page: import the pages and work out the first answer, once.

Streamlit runs a page when a browser has connected. Were everything begun then, a visitor would wait for the imports, the area and the
travel times in turn, after the seconds in which the browser starts and loads its own scripts and the server has nothing to do.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator
from importlib import import_module
from threading import Thread

from geo.errors import CyrraeddError


@contextlib.asynccontextmanager
async def getting_ready(_app: object) -> AsyncIterator[None]:
    """Start :func:`get_ready` beside the server, which answers meanwhile."""
    Thread(target=get_ready, name="getting ready", daemon=True).start()
    yield


def get_ready() -> None:
    """Fill the caches with what the page asks first. A fault in it is not told here: the page does the same, and shows it."""
    gc.disable()  # what is imported stays: to look through it for garbage again and again takes a fifth of the time
    try:
        first_question = import_module("views.first_question")  # here, off the server's thread: imports take longest
        with contextlib.suppress(CyrraeddError):
            first_question.get_ready()
    finally:
        gc.freeze()
        gc.enable()
