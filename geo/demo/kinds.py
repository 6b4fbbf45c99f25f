"""What a group can be: for each category, its names in both languages, its hours, price and size."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

DAY, EVENING, WEEKEND = "day", "evening", "weekend"


@dataclass(frozen=True)
class Kind:
    """One kind of group. ``{cy}`` and ``{en}`` stand for the quarter; ``when`` and ``venues`` say what suits it."""

    category: str
    name_cy: str
    name_en: str
    when: str = DAY
    minutes: int = 120
    cost_gbp: float = 0.0
    capacity: int = 20
    venues: str = ""  # kinds of venue that it needs; any hall if empty
    languages: str = "cy en"
    referral: str = "open"
    age_min: int | None = 18
    eligibility: str = ""


_K = Kind
KINDS: tuple[Kind, ...] = (
    _K("crafts", "Grŵp Crefftio {cy}", "{en} Craft Group", DAY, 120, 2, 16),
    _K("exercise", "Ymarfer Ysgafn {cy}", "{en} Gentle Exercise", DAY, 60, 3, 20),
    _K("food", "Te a Sgwrs {cy}", "{en} Tea and Talk", DAY, 90, 1, 30, age_min=None),
    _K("walking", "Cerdded er Lles {cy}", "{en} Wellbeing Walk", DAY, 75, 0, 20),
    _K("singing", "Côr Cymunedol {cy}", "{en} Community Choir", EVENING, 90, 2, 45),
    _K("arts", "Grŵp Celf {cy}", "{en} Art Group", DAY, 120, 4, 14, referral="social prescriber"),
    _K("gardening", "Clwb Garddio {cy}", "{en} Gardening Club", DAY, 120, 0, 12, "gardd rhandir neuadd canolfan"),
    _K("reading", "Grŵp Llyfrau {cy}", "{en} Book Group", DAY, 90, 0, 12, "llyfrgell neuadd canolfan goffa"),
    _K("advice", "Siop Gyngor {cy}", "{en} Advice Drop-in", DAY, 150, 0, 20),
    _K("dance", "Te Dawns {cy}", "{en} Tea Dance", DAY, 120, 3, 40),
    _K("volunteering", "Caffi Trwsio {cy}", "{en} Repair Café", WEEKEND, 180, 0, 25),
    _K("sport", "Pêl-droed Cerdded {cy}", "{en} Walking Football", EVENING, 60, 2, 20, "hamdden clwb canolfan", age_min=45),
    _K("carers", "Seibiant i Ofalwyr {cy}", "{en} Carers' Break", DAY, 120, 0, 15, eligibility="unpaid carers"),
    _K("dementia", "Caffi Cof {cy}", "{en} Memory Café", DAY, 120, 0, 20, eligibility="people with dementia and their carers"),
    _K("mens_group", "Grŵp i Ddynion {cy}", "{en} Men's Group", EVENING, 90, 0, 15, eligibility="men"),
    _K("food", "Banc Bwyd {cy}", "{en} Food Bank", DAY, 120, 0, 40, referral="voucher", age_min=None),
    _K("exercise", "Ioga Cadair {cy}", "{en} Chair Yoga", DAY, 60, 4, 15, age_min=50),
    _K("crafts", "Gwau a Sgwrs {cy}", "{en} Knit and Natter", DAY, 120, 1, 18),
    _K("singing", "Côr Merched {cy}", "{en} Women's Choir", EVENING, 120, 3, 40, eligibility="women"),
    _K("arts", "Clwb Ffotograffiaeth {cy}", "{en} Photography Club", EVENING, 120, 3, 16),
    _K("woodwork", "Gwaith Coed {cy}", "{en} Woodwork", EVENING, 120, 5, 8, "sied canolfan neuadd"),
    _K("dance", "Dawnsio Gwerin {cy}", "{en} Folk Dancing", EVENING, 120, 3, 30),
    _K("sport", "Tennis Bwrdd {cy}", "{en} Table Tennis", DAY, 90, 2, 16),
    _K("advice", "Cymorth Dyledion {cy}", "{en} Debt Help", DAY, 120, 0, 8, referral="self or GP"),
    _K("crafts", "Cylch Gwnïo {cy}", "{en} Sewing Circle", DAY, 120, 3, 12),
    _K("walking", "Grŵp Cerdded {cy}", "{en} Walking Group", WEEKEND, 150, 0, 25),
    _K("exercise", "Tai Chi {cy}", "{en} Tai Chi", EVENING, 60, 5, 20),
    _K("food", "Cinio Cymunedol {cy}", "{en} Community Lunch", DAY, 120, 4, 40, age_min=None),
    _K("reading", "Darllen yn Uchel {cy}", "{en} Reading Aloud", DAY, 60, 0, 12, "llyfrgell neuadd canolfan"),
    _K("gardening", "Rhandir i Bawb {cy}", "{en} Allotment for All", DAY, 150, 0, 10, "rhandir gardd"),
    _K("exercise", "Cadw'n Heini {cy}", "{en} Keep Fit", EVENING, 60, 4, 25, "hamdden neuadd canolfan"),
    _K("singing", "Côr Meibion {cy}", "{en} Male Voice Choir", EVENING, 120, 2, 50, eligibility="men"),
    _K("arts", "Gweithdy Paentio {cy}", "{en} Painting Workshop", WEEKEND, 120, 6, 12),
    _K("crafts", "Clwb Crosio {cy}", "{en} Crochet Club", DAY, 120, 2, 12),
    _K("sport", "Nofio i Bawb {cy}", "{en} Swimming for All", DAY, 60, 3, 30, "hamdden", referral="exercise referral"),
    _K("volunteering", "Gwirfoddolwyr {cy}", "{en} Volunteers", DAY, 120, 0, 30),
    _K("crafts", "Grŵp Clytwaith {cy}", "{en} Patchwork Group", DAY, 120, 3, 12),
    _K("dance", "Dawnsio Llinell {cy}", "{en} Line Dancing", EVENING, 90, 4, 30),
    _K("food", "Coginio Gyda'n Gilydd {cy}", "{en} Cooking Together", EVENING, 120, 2, 10, "canolfan hwb neuadd", referral="social prescriber"),
    _K("carers", "Fforwm Gofalwyr {cy}", "{en} Carers' Forum", DAY, 90, 0, 25, eligibility="unpaid carers"),
    _K("crafts", "Crochenwaith {cy}", "{en} Pottery", DAY, 120, 6, 8, "celf canolfan sied"),
    _K("mens_group", "Dynion yn Cerdded a Siarad {cy}", "{en} Men's Walk and Talk", WEEKEND, 90, 0, 15, eligibility="men"),
    _K("reading", "Clwb Clecs a Chlasuron {cy}", "{en} Gossip and Classics", EVENING, 90, 0, 12, "llyfrgell celf"),
    _K("advice", "Cymorth Digidol {cy}", "{en} Digital Help", DAY, 120, 0, 8, "llyfrgell canolfan hwb", age_min=50),
    _K("sport", "Bowlio Dan Do {cy}", "{en} Indoor Bowls", EVENING, 120, 3, 24, age_min=50),
)  # fmt: skip
# How many groups each quarter has, besides those planted by hand: plenty in the middle, next to none in Gwymon.
HOW_MANY: dict[str, int] = {
    "canol": 40, "dociau": 11, "elffin": 24, "bryniau": 13, "onn": 14, "mererid": 14, "cefn": 8, "heli": 11, "porth": 13,
    "allt": 4, "dderwen": 1, "tywyn": 18, "prom": 6, "graig": 6, "mor": 5, "traeth": 3, "pont-clychau": 15, "tre-clychau": 10,
    "ystrad-clychau": 7, "blaen-clychau": 6, "aber-gwymon": 4, "pont-gwymon": 2, "nant-gwymon": 1, "blaengwymon": 1,
    "marchnad": 19, "seithenyn": 4, "pawl": 4, "lan": 3, "llandonnau": 3, "bryn-heli": 3, "sarn-badrig": 1, "llanllanw": 2,
    "pentre-morfa": 3, "dol-garreg": 2, "rhos": 1, "ffynnon": 1, "capel": 1,
}  # fmt: skip
_NORTH = (
    "marchnad",
    "seithenyn",
    "pawl",
    "lan",
    "llandonnau",
    "bryn-heli",
    "sarn-badrig",
    "dol-garreg",
    "ffynnon",
    "capel",
)
# What chance may not put where a planted story is told: the crafts of the middle of town, the one carers' lunch of the north.
NOT_THERE: dict[str, tuple[str, ...]] = {"canol": ("crafts",), **dict.fromkeys(_NORTH, ("carers",))}
_ANYONE = ("Elusen Mererid", "Cyfeillion Seithenyn", "Cymdeithas Lles y Glannau", "Capeli Ynghyd")
PROVIDERS: dict[str, tuple[str, ...]] = {  # third-sector groups, all invented, by what they do
    "advice": ("Cyngor a Chymorth y Gwaelod", "Elusen Mererid"),
    "arts": ("Cymdeithas Gelf Elffin", "Merched y Môr"),
    "carers": ("Gofalwyr y Gwaelod", "Gofalwyr y Gwaelod", "Capeli Ynghyd"),
    "crafts": ("Merched y Môr", "Cymdeithas Gelf Elffin", *_ANYONE),
    "dance": ("Menter Iaith y Gwaelod", "Oed Da Gwaelod", "Cymdeithas Lles y Glannau"),
    "dementia": ("Cyfeillion y Cof", "Oed Da Gwaelod"),
    "exercise": ("Oed Da Gwaelod", "Ymddiriedolaeth Hamdden y Clychau", "Cymdeithas Lles y Glannau"),
    "food": ("Capeli Ynghyd", "Elusen Mererid", "Bwrdd Bwyd Gwyddno"),
    "gardening": ("Tir a Gardd",),
    "mens_group": ("Siediau'r Gwaelod", "Cyfeillion Seithenyn"),
    "reading": ("Menter Iaith y Gwaelod", "Cyfeillion y Llyfrgelloedd"),
    "singing": ("Menter Iaith y Gwaelod", "Capeli Ynghyd", "Lleisiau Gwyddno"),
    "sport": ("Ymddiriedolaeth Hamdden y Clychau", "Cymdeithas Lles y Glannau"),
    "volunteering": ("Gwirfoddolwyr Gwyddno", *_ANYONE),
    "walking": ("Cerddwyr y Gwaelod", "Oed Da Gwaelod"),
    "woodwork": ("Siediau'r Gwaelod",),
}
FUNDERS: tuple[tuple[str, str], ...] = (  # and until when; none stands for groups that pay their own way
    ("", ""), ("", ""), ("", ""),
    ("Cronfa'r Clychau", "2027-03-31"), ("Cronfa Gymunedol y Sarn", "2026-12-31"), ("Bwrdd Partneriaeth Rhanbarthol y Gwaelod", "2027-03-31"),
    ("Cyngor Arfordir Gwyddno", "2027-03-31"), ("Cyngor y Blaenau", "2027-09-30"),
)  # fmt: skip
DAY_STARTS = ("10:00", "10:00", "10:30", "11:00", "13:30", "14:00", "14:00", "14:30")
EVENING_STARTS = ("18:00", "18:30", "18:30", "19:00", "19:00", "19:30")
WEEKEND_STARTS = ("10:00", "10:30", "11:00", "14:00")
