"""The front door: the server, and for each visitor the language of the page, the map's own assets, and the way to the pages.

`streamlit run` imports this file once to find ``app``, the server, and then runs it for each visitor as ``__main__``.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    from views import assets, choices
    from views.language import tell_browser, text

    page = st.navigation(
        [
            st.Page(HERE / "views" / "pages" / "explore.py", title="Cyrraedd", default=True),
            st.Page(HERE / "views" / "pages" / "gaps.py", title="Cyrraedd", url_path="gaps"),
        ],
        position="hidden",
    )
    choices.read_address(page.url_path)
    st.set_page_config(
        page_title=text(f"page.title.{page.url_path or 'explore'}"),
        page_icon=str(HERE / "views" / "icon.svg"),
        layout="wide",
        initial_sidebar_state="auto",
    )
    assets.install()
    tell_browser()
    page.run()
else:
    from views.ahead import getting_ready

    app = st.App(__file__, lifespan=getting_ready)
