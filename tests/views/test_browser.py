"""The dashboard in a real browser, on the demonstration area, with every way out of this machine shut."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page, Route, expect, sync_playwright
from playwright.sync_api import TimeoutError as WaitedInVain

from geo.words import Language, say
from views.choices import SECTIONS

PROJECT = Path(__file__).resolve().parents[2]
RESULTS = PROJECT / "test-results"
CHROMIUM = os.environ.get("CYRRAEDD_CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LOCAL = {"127.0.0.1", "localhost"}
ROW_PX = 35  # of a grid, its header included
LABEL_COLUMN, MIDDLE_COLUMN = 0, 2  # of the grid of figures
DAYS_COLUMN, FACTOR_COLUMN = 1, 4  # of the grid of busy hours, after the boxes that choose rows
NARROW_PX = (820, 400)  # a tablet held upright with the side bar open, and a phone
SETTLED_MS = 3_000
SLOW_MS = 120_000  # the first answer may have to compile and to build the area
expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: install it, or name it in CYRRAEDD_CHROMIUM"),
]

# A pixel of the window at which a click meets the zone, and not a circle or a label above it.
PIXEL = """code => {
  const layer = Object.values(window.map._layers).find(l => l.feature && l.feature.properties.zone_code === code);
  const path = layer.getElement(), box = path.getBoundingClientRect();
  for (let i = 1; i < 12; i++) for (let j = 1; j < 12; j++) {
    const x = box.left + box.width * i / 12, y = box.top + box.height * j / 12;
    if (document.elementFromPoint(x, y) === path) return {x, y};
  }
  return null;
}"""
ZONES = "Object.values(window.map._layers).filter(l => l.feature && l.feature.properties.zone_code)"
FILLS = f"() => {ZONES}.map(l => l.options.fillColor).join()"

# What does not fit into a window: a document, a page or a side bar (while it is open) that scrolls sideways; what stands beyond the page
# and not in a box of its own that scrolls; a heading that is larger than its own box, or cut off by a box around it.
UNFIT = """() => {
  const part = name => document.querySelector(`[data-testid=${name}]`);
  const main = part('stMain'), page = main.getBoundingClientRect(), side = part('stSidebarContent');
  const isShown = e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 1;
  const around = function* (e) { for (let a = e.parentElement; a && a !== main && a !== side; a = a.parentElement) yield a; };
  const isOutside = (a, b) => a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1;
  const parts = [document.scrollingElement, main, ...side && side.getBoundingClientRect().right > 1 ? [side] : []];
  const wide = parts.filter(e => e.scrollWidth > e.clientWidth).map(e => `${e.dataset.testid}: ${e.scrollWidth} > ${e.clientWidth}`);
  const beyond = [...main.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    if (box.left >= page.left - 1 && box.right <= page.left + main.clientWidth + 1 || !isShown(e)) return false;
    return ![...around(e)].some(a => ['auto', 'scroll'].includes(getComputedStyle(a).overflowX));
  });
  const isCutBy = (e, a) => getComputedStyle(a).overflow !== 'visible' && isOutside(e.getBoundingClientRect(), a.getBoundingClientRect());
  const cut = parts.slice(1).flatMap(e => [...e.querySelectorAll('h1, h2, h3, h4')]).filter(e => isShown(e) && (
    e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2 || [...around(e)].some(a => isCutBy(e, a))));
  return [...wide, ...[...beyond, ...cut].map(e => e.outerHTML.slice(0, 160))];
}"""


@dataclass
class Visit:
    """A page, what it asked of other machines, and what went wrong in it."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def frame(self) -> Frame:
        """Return the map's frame once its zones are painted."""
        handle = self.page.wait_for_selector('iframe[title="streamlit_folium.st_folium"]', timeout=SLOW_MS)
        assert handle is not None
        frame = handle.content_frame()
        assert frame is not None
        frame.wait_for_function("() => window.cyrraedd && window.cyrraedd.painted !== null", timeout=SLOW_MS)
        return frame


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "dashboard.py",
        "--server.port",
        str(port),
        "--server.fileWatcherType",
        "none",
    ]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(health: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(health, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the dashboard did not start within a minute")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB")
    made = Visit(context.new_page())

    def judge(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOCAL:
            route.continue_()
        else:
            made.foreign.append(route.request.url)
            route.abort()

    context.route(lambda url: not url.startswith(("data:", "blob:")), judge)
    made.page.on("pageerror", lambda error: made.faults.append(str(error)))
    made.page.on("websocket", lambda opened: urlsplit(opened.url).hostname in LOCAL or made.foreign.append(opened.url))
    yield made
    context.close()


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of the select box with that key."""
    page.locator(f".st-key-{key} input").click()
    page.get_by_role("option", name=option, exact=True).click()


def test_the_whole_way_without_the_internet(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/?area=cantrer-gwaelod&category=singing")
    frame = visit.frame()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".remark")).to_contain_text("Fictional area")
    frame.evaluate("() => { window.mounted = 'once'; }")

    greatest = page.locator("[class*='st-key-open-']").first
    zone = next(
        name for name in (greatest.get_attribute("class") or "").split() if name.startswith("st-key-open-")
    ).removeprefix("st-key-open-")
    pixel = frame.evaluate(PIXEL, zone)
    box = page.locator('iframe[title="streamlit_folium.st_folium"]').bounding_box()
    assert pixel is not None and box is not None
    page.mouse.click(box["x"] + pixel["x"], box["y"] + pixel["y"])

    expect(page.locator("h2.zone small")).to_have_text(zone, timeout=SLOW_MS)
    expect(page.get_by_role("table", name=re.compile("^A row.s minutes"))).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("heading", name="What would help")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("rowheader", name="A new session near by")).to_be_visible(timeout=SLOW_MS)
    picture(page, "explore-en")

    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.get_by_role("heading", name="Beth fyddai o gymorth")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("h2.zone small")).to_have_text(zone)
    expect(page.locator(".st-key-category input")).to_have_attribute("value", "Canu")
    frame.wait_for_function("() => document.documentElement.lang === 'cy'")
    picture(page, "explore-cy")

    before = frame.evaluate(FILLS)
    choose(page, "category", "Garddio")
    expect(page.locator(".headline .standard")).to_contain_text("Garddio", timeout=SLOW_MS)
    frame.wait_for_function(f"before => ({FILLS})() !== before", arg=before, timeout=SLOW_MS)
    assert frame.evaluate("() => window.mounted") == "once"  # recoloured in place, not mounted anew
    expect(page).to_have_url(re.compile(f"lang=cy.*category=gardening.*zone={zone}"))

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".st-key-category input")).to_have_attribute("value", "Gardening")
    expect(page.locator(".headline .standard")).to_contain_text("Gardening")

    assert not visit.foreign
    assert not visit.faults


def test_an_address_brings_its_choices_back_in_either_language(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(
        f"{address}/?lang=cy&area=cantrer-gwaelod&category=crafts&modes=walk&modes=transit&within=30&sessions=2&layer=need&level=la"
    )
    visit.frame()
    expect(page.locator(".headline .standard")).to_have_text(
        "Crefftau: o leiaf 2 sesiwn yr wythnos, yno ac yn ôl o fewn 30 munud bob ffordd, ar droed neu ar drafnidiaeth gyhoeddus.",
        timeout=SLOW_MS,
    )
    expect(page.locator(".st-key-level input")).to_have_attribute("value", "Awdurdodau lleol")
    expect(page.locator(".legend p")).to_contain_text("Angen")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".headline .standard")).to_have_text(
        "Crafts: at least 2 sessions a week, there and back within 30 minutes each way, on foot or by public transport."
    )


def test_an_address_that_makes_no_sense_is_no_harm(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/?area=atlantis&category=<script>&within=9999&modes=fly&zone=nowhere&layer=x&fare=-1")
    visit.frame()
    expect(page.locator(".headline .standard")).to_contain_text("45 minutes each way, by public transport")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_axe_finds_nothing(visit: Visit, address: str, language: str) -> None:
    page = visit.page
    page.goto(f"{address}/?lang={language}&area=cantrer-gwaelod&category=singing")
    frame = visit.frame()
    page.locator("[class*='st-key-open-'] button").first.click()
    expect(page.locator("ul.notes").first).to_be_visible(timeout=SLOW_MS)
    assert not [fault for part in (page.main_frame, frame) for fault in violations(part)]


def test_figures_of_ones_own_are_typed_in_and_taken_back(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/?area=cantrer-gwaelod&category=singing&footprint=gwymon")
    expect(page.get_by_role("rowheader", name="Taxi or mileage payment")).to_be_visible(timeout=SLOW_MS)
    row = page.locator("tr", has=page.get_by_role("rowheader", name="A new session near by"))
    before = row.text_content() or ""  # the words, not their layout: a row half drawn has other line breaks
    page.get_by_text("Work with your own figures").click()
    grid = page.locator("[class*='st-key-figures-'] canvas").first
    expect(grid).to_be_visible()
    table = page.locator("[class*='st-key-figures-'] table")  # the grid's own description of itself, for screen readers
    line = table.locator("tr", has_text="One session").first
    place = int(line.get_attribute("aria-rowindex") or "0")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None and place > 1
    page.mouse.click(box["x"] + 40, box["y"] + (place - 0.5) * ROW_PX)
    label = table.locator(f"#glide-cell-{LABEL_COLUMN}-{place - 2}")
    expect(label).to_have_attribute("aria-selected", "true")
    for column in range(
        LABEL_COLUMN + 1, MIDDLE_COLUMN + 1
    ):  # a key pressed before the last one has been drawn is lost
        page.keyboard.press("ArrowRight")
        expect(table.locator(f"#glide-cell-{column}-{place - 2}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    typed = page.locator("#portal input")
    typed.fill("150")
    expect(typed).to_have_value("150")
    page.keyboard.press("Enter")
    expect(typed).to_have_count(0)
    expect(page.locator("p.own")).to_contain_text("One session", timeout=SLOW_MS)
    expect(row).not_to_have_text(before)
    page.get_by_role("button", name="Back to the figures of the table").click()
    expect(page.locator("p.own")).to_have_count(0, timeout=SLOW_MS)
    expect(row).to_have_text(before, timeout=SLOW_MS)
    assert not visit.foreign
    assert not visit.faults


def test_minutes_to_park_and_busy_hours_are_typed_in_and_taken_back(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/?area=cantrer-gwaelod&category=crafts&modes=drive&within=15")
    note, finding = page.locator("p", has_text="By car:"), page.locator(".headline .finding")
    expect(note).to_contain_text("0 minutes to park each way", timeout=SLOW_MS)
    before = finding.text_content() or ""
    page.get_by_text("Parking and busy hours").click()
    minutes = page.locator(".st-key-park input")
    minutes.fill("5")
    minutes.press("Enter")
    expect(note).to_contain_text("5 minutes to park each way", timeout=SLOW_MS)
    expect(finding).not_to_have_text(before)
    expect(page).to_have_url(re.compile("park=5"))
    grid = page.locator("[class*='st-key-hours-'] canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    table = page.locator("[class*='st-key-hours-'] table")  # the grid's own description of itself, for screen readers
    page.mouse.click(box["x"] + 60, box["y"] + 1.5 * ROW_PX)  # the days of the first row
    for column in range(DAYS_COLUMN, FACTOR_COLUMN + 1):  # a key pressed before the last one has been drawn is lost
        expect(table.locator(f"#glide-cell-{column}-0")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowRight" if column < FACTOR_COLUMN else "Enter")
    typed = page.locator("#portal input")
    typed.fill("1.6")
    expect(typed).to_have_value("1.6")
    page.keyboard.press("Enter")
    expect(note).to_contain_text("07:30–09:30 × 1.6", timeout=SLOW_MS)
    expect(page).to_have_url(re.compile("peaks=12345-0730-0930-1.6&peaks=12345-1600-1830-1.3"))
    assert not violations(page.main_frame)
    page.get_by_role("button", name="Back to the figures of the table").click()
    expect(finding).to_have_text(before, timeout=SLOW_MS)
    expect(page).not_to_have_url(re.compile("park=|peaks="))
    assert not visit.foreign
    assert not visit.faults


def test_a_click_on_the_map_of_the_gaps_page_leads_to_why(visit: Visit, address: str) -> None:
    page = visit.page
    page.goto(f"{address}/gaps?area=cantrer-gwaelod&category=singing&section=list")
    frame = visit.frame()
    zone = "D01000157"
    wait_until_drawn(page)
    page.locator('iframe[title="streamlit_folium.st_folium"]').scroll_into_view_if_needed()
    pixel = frame.evaluate(PIXEL, zone)
    box = page.locator('iframe[title="streamlit_folium.st_folium"]').bounding_box()
    assert pixel is not None and box is not None
    page.mouse.click(box["x"] + pixel["x"], box["y"] + pixel["y"])
    expect(page.locator("h2.zone small")).to_have_text(zone, timeout=SLOW_MS)
    expect(page).to_have_url(re.compile(f"zone={zone}"))
    wait_until_drawn(page)
    page.get_by_role("button", name="Why is it so here?").click()
    expect(page.get_by_role("heading", name="Why", exact=True)).to_be_visible(timeout=SLOW_MS)
    expect(page.locator(".st-key-zone input")).to_have_count(1, timeout=SLOW_MS)
    expect(page.locator(".st-key-zone input")).to_have_attribute("value", re.compile("Capel y Graig: 2,162"))
    expect(page).to_have_url(re.compile(f"zone={zone}.*section=why"))
    assert not visit.foreign
    assert not visit.faults


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_gaps_page_section_by_section(visit: Visit, address: str, language: Language) -> None:
    page = visit.page
    page.goto(f"{address}/?lang={language}&area=cantrer-gwaelod&category=singing&within=40")
    page.get_by_role("link", name=say("nav.gaps", language), exact=True).click(timeout=SLOW_MS)
    faults = []
    for name in SECTIONS:
        page.get_by_test_id("stMain").get_by_role("radio", name=say(f"section.{name}", language), exact=True).click(
            timeout=SLOW_MS
        )
        expect(page.get_by_role("heading", name=say(f"section.{name}", language), exact=True)).to_be_visible(
            timeout=SLOW_MS
        )
        last = (
            "p.digest" if name != "notes" else ".st-key-note-form, [class*='st-key-note-save']"
        )  # no note, no figures
        expect(page.locator(last).last).to_be_visible(timeout=SLOW_MS)
        picture(page, f"gaps-{name}-{language}", window=False)
        faults += violations(page.main_frame)
    expect(page.locator(".headline .standard")).to_contain_text("40")
    assert not faults
    assert not visit.foreign
    assert not visit.faults


@pytest.mark.parametrize("language", ["en", "cy"])
def test_everything_fits_into_narrow_windows(visit: Visit, address: str, language: Language) -> None:
    page = visit.page
    page.set_viewport_size({"width": NARROW_PX[0], "height": 1000})
    page.goto(f"{address}/?lang={language}&area=cantrer-gwaelod&category=singing&zone=D01000157")
    visit.frame()
    expect(page.get_by_role("heading", name=say("options.title", language))).to_be_visible(timeout=SLOW_MS)
    faults = {"explore": unfit(page)}
    page.get_by_role("link", name=say("nav.gaps", language), exact=True).click()
    for name in SECTIONS:
        section = page.get_by_test_id("stMain").get_by_role("radio", name=say(f"section.{name}", language), exact=True)
        section.click(timeout=SLOW_MS)
        expect(section).to_be_checked()
        expect(page.get_by_role("heading", name=say(f"section.{name}", language), exact=True)).to_be_visible(
            timeout=SLOW_MS
        )
        faults[name] = unfit(page)
    assert not {name: found for name, found in faults.items() if found}
    page.get_by_role("heading", name=say(f"section.{SECTIONS[-1]}", language), exact=True).evaluate(
        "heading => { heading.style.width = '500px'; }"
    )
    assert any("500px" in found for found in page.evaluate(UNFIT))  # it does look
    assert not visit.foreign
    assert not visit.faults


def wait_until_drawn(page: Page) -> None:
    """Wait until the page has been drawn to its end: until then parts move, and a click may be lost."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW_MS)


def unfit(page: Page) -> list[str]:
    """Return what does not fit at each narrow width, the narrowest last, and what axe-core finds there."""
    wait_until_drawn(page)
    found = []
    for width in NARROW_PX:
        page.set_viewport_size({"width": width, "height": 1000})
        try:  # what is drawn anew at another width is wide for a moment
            page.wait_for_function(f"() => ({UNFIT})().length === 0", timeout=SETTLED_MS)
        except WaitedInVain:
            found += [f"{width} px: {what}" for what in page.evaluate(UNFIT)]
    return found + violations(page.main_frame, leave_out="color-contrast")  # colours are the same at any width


def violations(frame: Frame, leave_out: str | None = None) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA in a frame, as ``rule: element``; but for one rule, if it is named.

    WCAG 2.2 has withdrawn 4.1.1 (Parsing), which is all that ``duplicate-id-active`` is about: two of Streamlit's grids on a page number
    their cells alike. What names an element for screen readers must still be one alone (``duplicate-id-aria``).
    """
    spec = find_spec("axe_core_python")
    assert spec is not None and spec.submodule_search_locations
    frame.evaluate((Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    asked = {"runOnly": {"type": "tag", "values": tags}, "iframes": False}
    left_out = ["duplicate-id-active", *([leave_out] if leave_out else [])]
    asked |= {"rules": {rule: {"enabled": False} for rule in left_out}}
    found = frame.evaluate("asked => axe.run(document, asked)", asked)
    assert len(found["passes"]) > 10  # it did look
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def picture(page: Page, name: str, *, window: bool = True) -> None:
    """Keep a picture of the window, and one of the whole page."""
    RESULTS.mkdir(exist_ok=True)
    expect(page.locator("[data-stale='true']")).to_have_count(0)
    if window:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=RESULTS / f"{name}.png")
    height = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": 1440, "height": height + 20})
    page.screenshot(path=RESULTS / f"{name}-whole.png")
    page.set_viewport_size({"width": 1440, "height": 1000})
