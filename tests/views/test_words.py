"""What the pages say: complete in both languages, used, spelt, and nowhere written into the code."""

from __future__ import annotations

import ast
import re
import shutil
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from access.counted import hours_said, minutes_in_full
from geo.words import CATALOGUES, LANGUAGES, Language, Message, catalogue, cy_plural, say

PROJECT = Path(__file__).resolve().parents[2]
CODE = [
    PROJECT / "dashboard.py",
    *(path for layer in ("geo", "access", "views") for path in sorted(PROJECT.glob(f"{layer}/**/*.py"))),
]
PAGES = [PROJECT / "dashboard.py", *sorted(PROJECT.glob("views/**/*.py"))]
SAYING = {"say", "text", "Message"}
DICTIONARIES: dict[Language, str] = {"en": "en_GB", "cy": "cy"}
FORMS: dict[Language, int] = {"en": 2, "cy": 6}


SHOWING = {
    *(
        "write",
        "markdown",
        "html",
        "caption",
        "header",
        "subheader",
        "title",
        "text",
        "error",
        "warning",
        "info",
        "success",
        "button",
    ),
    *(
        "selectbox",
        "pills",
        "segmented_control",
        "slider",
        "number_input",
        "radio",
        "checkbox",
        "expander",
        "tabs",
        "spinner",
        "status",
    ),
    *(
        "download_button",
        "dataframe",
        "table",
        "metric",
        "toast",
        "TextColumn",
        "NumberColumn",
        "ProgressColumn",
        "Page",
        "set_page_config",
    ),
}


def forms(entry: str | tuple[str, ...]) -> tuple[str, ...]:
    return entry if isinstance(entry, tuple) else (entry,)


def placeholders(said: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(said) if name}


def strings_in(tree: ast.AST) -> Iterator[str]:
    """Yield every literal text; an f-string as its beginning up to the first value, marked with ``*``."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield f"{node.values[0].value}*"


def said_keys(tree: ast.AST) -> Iterator[str]:
    """Yield the keys in ``say("…")``, ``text("…")`` and ``Message("…")`` of a module that takes these from our words."""
    taken = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"geo.words", "views.language"}
    )
    if not SAYING & {name.name for node in taken for name in node.names}:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                yield f"{first.values[0].value}*"


def keys_of_pages() -> set[str]:
    found = set()
    for domain in ("pages.po", "gaps_page.po"):
        with (CATALOGUES / "en" / "LC_MESSAGES" / domain).open("rb") as file:
            found |= {entry.id[0] if isinstance(entry.id, tuple) else entry.id for entry in read_po(file) if entry.id}
    return found


def test_both_languages_say_the_same_things() -> None:
    assert catalogue("en").keys() == catalogue("cy").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_and_no_text_is_empty(language: Language) -> None:
    seen: dict[str, str] = {}
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
        for key in re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert key not in seen, f"{key} stands in {seen[key]} and {path.name}"
            seen[key] = path.name
    for key, entry in catalogue(language).items():
        assert all(form.strip() for form in forms(entry)), key
        assert not isinstance(entry, tuple) or len(entry) == FORMS[language], key


def test_both_languages_have_the_same_places_to_fill() -> None:
    for key, english in catalogue("en").items():
        welsh = catalogue("cy")[key]
        assert isinstance(english, tuple) == isinstance(welsh, tuple), key
        wanted = set.union(*map(placeholders, forms(english)))
        # A form for one number may do without the number, and the two languages may name different fields of the same thing.
        neutral = {re.sub(r"_(en|cy)$", "", name) for name in wanted} - {"count"}
        for form in forms(welsh):
            assert {re.sub(r"_(en|cy)$", "", name) for name in placeholders(form)} - {"count"} == neutral, key


def test_every_key_that_the_code_says_exists() -> None:
    known = catalogue("en").keys()
    for path in CODE:
        for key in said_keys(ast.parse(path.read_text(encoding="utf-8"))):
            found = any(name.startswith(key[:-1]) for name in known) if key.endswith("*") else key in known
            assert found, f"{path.name} says '{key}', which no catalogue has"


def test_every_key_of_the_pages_is_used() -> None:
    used = {words for path in PAGES for words in strings_in(ast.parse(path.read_text(encoding="utf-8")))}
    prefixes = tuple(words[:-1] for words in used if words.endswith("*") and "." in words)
    unused = {key for key in keys_of_pages() if key not in used and not key.startswith(prefixes)}
    assert not unused, " ".join(sorted(unused))


def test_pages_write_no_words_of_their_own() -> None:
    """A literal handed to Streamlit may be markup, a key or an option, but no words."""
    prose = re.compile(r"[A-Za-zÀ-ÿŵŷ]{2,} +[A-Za-zÀ-ÿŵŷ]{2,}")
    found = []
    for path in PAGES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            shown = [
                *node.args,
                *(k.value for k in node.keywords if k.arg in {"label", "help", "placeholder", "body", "alt", "title"}),
            ]
            for literal in (
                part for argument in shown for part in ast.walk(argument) if isinstance(part, ast.Constant)
            ):
                bare = re.sub(r"<[^>]*>?|[^<]*>", "", literal.value) if isinstance(literal.value, str) else ""
                if node.func.attr in SHOWING and prose.search(bare):
                    found.append(f"{path.name}:{literal.lineno} {literal.value!r}")
    assert not found


def test_welsh_plurals_follow_the_six_forms_of_cldr() -> None:
    assert [cy_plural(n) for n in (0, 1, 2, 3, 4, 5, 6, 7, 100)] == [0, 1, 2, 3, 5, 5, 4, 5, 5]
    # lleoliad takes a soft mutation after two only; rhagdybiaeth (feminine) likewise.
    assert "2 leoliad" in say("map.not_placed", "cy", 2) and "3 lleoliad" in say("map.not_placed", "cy", 3)
    assert "2 ragdybiaeth" in say("figures.title", "cy", 2) and "6 rhagdybiaeth" in say("figures.title", "cy", 6)


def test_things_of_one_kind_are_counted_as_each_language_does() -> None:
    def kind(language: Language, *counts: int) -> str:
        names = ("activities", "clusters", "providers")
        counted = {name: Message(f"count.{name}", count=n) for name, n in zip(names, counts, strict=True)}
        return say("similar.kind", language, category="", words="", words_cy="", persons="7", **counted)

    assert "2 activities of one kind" in kind("en", 2, 1, 1) and "in 1 cluster, by 1 provider;" in kind("en", 2, 1, 1)
    assert "in 2 clusters, by 2 providers;" in kind("en", 2, 2, 2)
    # gweithgaredd, clwstwr and darparwr are masculine: two softens each, three and six give only the c a breath.
    assert "2 weithgaredd" in kind("cy", 2, 2, 2) and "2 glwstwr, gan 2 ddarparwr;" in kind("cy", 2, 2, 2)
    assert "3 gweithgaredd" in kind("cy", 3, 3, 3) and "3 chlwstwr, gan 3 darparwr;" in kind("cy", 3, 3, 3)
    assert (
        "1 gweithgaredd" in kind("cy", 1, 1, 1)
        and "6 chlwstwr" in kind("cy", 6, 6, 6)
        and "5 clwstwr" in kind("cy", 5, 5, 5)
    )


# How a counted noun begins after two (soft), and after three or six (with breath). The soft form of ll and rh is right for both
# genders here: only after yn and un do they keep their sound.
SOFT = {"p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f", "ll": "l", "rh": "r"}
BREATH = {"p": "ph", "t": "th", "c": "ch"}
KEEPS_ITS_SOUND = {"grŵp"}  # a short word taken from English: dau grŵp
NO_NOUNS = {"am", "cyntaf", "i", "o", "o'r", "ohonynt", "yn"}  # y chwech cyntaf: a number that is itself the noun
COUNTED = re.compile(r"(?<=\{count\} )[\w']+")


def mutated(noun: str, sounds: dict[str, str]) -> str:
    """Return a noun with its first sound changed; ch, dd, ff, ph and th are sounds of their own and never change."""
    first = next((sound for sound in ("ch", "dd", "ff", "ll", "ph", "rh", "th", noun[0]) if noun.startswith(sound)), "")
    return noun if noun in KEEPS_ITS_SOUND else sounds.get(first, first) + noun.removeprefix(first)


def counted_nouns() -> dict[str, list[str]]:
    """Return the nouns that stand behind a count in the Welsh plural texts, in the form without a mutation, by key."""
    plural = {key: entry[5] for key, entry in catalogue("cy").items() if isinstance(entry, tuple)}
    return {key: [noun for noun in COUNTED.findall(text) if noun not in NO_NOUNS] for key, text in plural.items()}


def test_how_welsh_nouns_begin_after_two_three_and_six() -> None:
    nouns = ["munud", "gweithgaredd", "lleoliad", "dewis", "math", "clwstwr", "grŵp", "sesiwn", "awr", "rhagdybiaeth"]
    two = ["funud", "weithgaredd", "leoliad", "ddewis", "fath", "glwstwr", "grŵp", "sesiwn", "awr", "ragdybiaeth"]
    assert [mutated(noun, SOFT) for noun in nouns] == two
    assert [mutated(noun, BREATH) for noun in ("person", "clwstwr", "taith", "munud")] == [
        *("pherson", "chlwstwr", "thaith", "munud")
    ]


def test_nouns_are_mutated_as_their_number_asks() -> None:
    for key, nouns in counted_nouns().items():
        two, three, six = (COUNTED.findall(catalogue("cy")[key][form]) for form in (2, 3, 4))
        for noun in nouns:
            assert mutated(noun, SOFT) in two, f"{key}: {noun} after two"
            # Three (tri) breathes on a masculine noun, and (tair) on no feminine one.
            assert {noun, mutated(noun, BREATH)} & set(three), f"{key}: {noun} after three"
            assert mutated(noun, BREATH) in six, f"{key}: {noun} after six"


def test_no_number_stands_before_a_noun_but_where_its_plural_is_chosen() -> None:
    """``{minutes} munud`` would say 2 munud: a number comes into a sentence together with its noun, as a Message with a count."""
    nouns = {noun for found in counted_nouns().values() for noun in found}
    assert {"munud", "awr", "lleoliad", "math", "gweithgaredd"} <= nouns
    forms_of = {form for noun in nouns for form in (noun, mutated(noun, SOFT), mutated(noun, BREATH))}
    found = [
        f"{key}: {words}"
        for key, entry in catalogue("cy").items()
        for form in forms(entry)
        for name, words in re.findall(r"\{(\w+)\} ([\w']+)", form)
        if words in forms_of and not (isinstance(entry, tuple) and name == "count")
    ]
    assert not found


def test_minutes_and_hours_in_a_sentence_follow_their_number() -> None:
    said = [say(minutes_in_full(minutes), language) for language in LANGUAGES for minutes in (1, 2.0, 7.5, 30)]
    assert said == [
        *("1 minute", "2 minutes", "7.5 minutes", "30 minutes"),
        *("1 munud", "2 funud", "7.5 munud", "30 munud"),
    ]
    assert [say(hours_said(hours), "en") for hours in (1.0, 24)] == ["1 hour", "24 hours"]
    standard = {"category": "Canu", "sessions": "o leiaf 1 sesiwn yr wythnos", "modes": "ar droed"}
    assert "o fewn 2 funud bob ffordd" in say("headline.standard", "cy", minutes=minutes_in_full(2), **standard)


def test_the_first_of_many_are_counted_too() -> None:
    assert [say("reliance.caption", "cy", count=n, all=9)[:14].split(" o ")[0] for n in (1, 2, 3)] == [
        *("Y cyntaf", "Y 2 gyntaf", "Y 3 cyntaf")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_area_has_one_name(language: Language) -> None:
    zone = {"en": r"\bzones?\b", "cy": r"\b(?:pob|rhai o'r|eu|y|o) [pb]h?arth(?:au)?\b(?! mynediad)"}[language]
    assert not [key for key, entry in catalogue(language).items() for form in forms(entry) if re.search(zone, form)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_spelt(language: Language) -> None:
    dictionary = DICTIONARIES[language]
    if shutil.which("aspell") is None or dictionary not in aspell(["dicts"]).split():
        pytest.skip(f"aspell with its dictionary {dictionary} is not installed")
    allowed = (Path(__file__).parent / f"words-{language}.txt").read_text(encoding="utf-8").split()
    texts = [re.sub(r"\{[^}]*\}", " ", form) for entry in catalogue(language).values() for form in forms(entry)]
    told = re.sub(r"(?<=\w)['’](r|n|i|u|w)\b", " ", "\n".join(texts)).replace("%d", " ")  # Welsh: sy'n, i'w, a'u
    wrong = set(aspell(["list", f"--lang={dictionary}", "--encoding=utf-8"], told).split()) - set(allowed)
    assert not wrong, " ".join(sorted(wrong))


def aspell(arguments: list[str], told: str = "") -> str:
    return subprocess.run(
        ["aspell", *arguments], input=told, capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
