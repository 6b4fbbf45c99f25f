"""Parts that a reader folds away, and that stay as they were when the page turns into the other language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def folded(label: str, name: str, *, is_open: bool = False) -> Iterator[None]:
    """Fold what follows away under ``label``. Named apart from the label, so that another language does not shut it."""
    key = f"part-{name}"
    if key not in st.session_state:
        st.session_state[key] = is_open
    else:
        st.session_state[key] = st.session_state[key]  # set anew, or a new label is drawn shut
    with st.expander(label, key=key, on_change="rerun"):
        yield
