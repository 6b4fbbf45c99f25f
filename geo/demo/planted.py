"""The activities that are planted by hand because each tells a story: what a planner should find in this area."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

from geo.demo.kinds import EVENING, Kind


@dataclass(frozen=True)
class Session:
    """One weekly, fortnightly or monthly meeting; times as HH:MM."""

    weekday: str
    start: str
    end: str
    freq: str = "weekly"


_K, _S = Kind, Session
# Quarter, kind of venue, kind of group (names in full), sessions.
PLANTED: tuple[tuple[str, str, Kind, tuple[Session, ...]], ...] = (
    # Ends ten minutes after the last bus back to Marchnad Seithenyn has gone (line 62, 14:20): the one to find, and to move
    ("sarn-badrig", "goffa", _K("carers", "Cinio Gofalwyr Sarn Badrig", "Sarn Badrig Carers' Lunch", cost_gbp=3, capacity=30, eligibility="unpaid carers"), (_S("thursday", "12:00", "14:30"),)),
    # Six craft groups within a mile on one afternoon
    ("canol", "llyfrgell", _K("crafts", "Crefftau'r Llyfrgell", "Library Crafts", capacity=14), (_S("wednesday", "14:00", "16:00"),)),
    ("canol", "canolfan", _K("crafts", "Clwb Crefftau Canol y Dref", "Town Centre Crafters", cost_gbp=2, capacity=20), (_S("wednesday", "13:30", "15:30"),)),
    ("canol", "festri", _K("crafts", "Crefft a Phaned", "Craft and a Cuppa", cost_gbp=1, capacity=16), (_S("wednesday", "14:00", "16:00"),)),
    ("canol", "eglwys", _K("crafts", "Nodwyddau Prysur", "Busy Needles", cost_gbp=1, capacity=12), (_S("wednesday", "14:00", "16:00"),)),
    ("canol", "celf", _K("crafts", "Stiwdio Agored", "Open Studio", cost_gbp=4, capacity=12), (_S("wednesday", "13:00", "16:00"),)),
    ("canol", "neuadd", _K("crafts", "Crefftwyr y Cei", "Quay Crafters", capacity=15), (_S("wednesday", "14:00", "16:00"),)),
    # Men's sheds: three, none in Gwymon
    ("canol", "sied", _K("mens_group", "Sied Dynion Caer Wyddno", "Caer Wyddno Men's Shed", capacity=18, eligibility="men"), (_S("tuesday", "10:00", "13:00"), _S("thursday", "10:00", "13:00"))),
    ("tre-clychau", "sied", _K("mens_group", "Sied Dynion Tre Clychau", "Tre Clychau Men's Shed", capacity=14, eligibility="men"), (_S("monday", "10:00", "12:30"), _S("friday", "10:00", "12:30"))),
    ("tywyn", "canolfan", _K("woodwork", "Sied Goed Tywyn Mawr", "Tywyn Mawr Wood Shed", cost_gbp=2, capacity=10), (_S("wednesday", "09:30", "12:00"),)),
    ("porth", "canolfan", _K("woodwork", "Gweithdy'r Harbwr", "Harbour Woodshop", EVENING, capacity=8), (_S("wednesday", "18:30", "20:30"),)),
    ("marchnad", "canolfan", _K("woodwork", "Gwaith Coed Seithenyn", "Seithenyn Woodwork", cost_gbp=3, capacity=8), (_S("tuesday", "10:00", "12:00"),)),
    # Welsh-language choirs
    ("canol", "festri", _K("singing", "Côr Cymraeg Caer Wyddno", "Caer Wyddno Welsh-language Choir", cost_gbp=2, capacity=50, languages="cy"), (_S("tuesday", "19:00", "21:00"),)),
    ("marchnad", "festri", _K("singing", "Côr Cymraeg Seithenyn", "Seithenyn Welsh-language Choir", cost_gbp=2, capacity=40, languages="cy"), (_S("thursday", "19:30", "21:00"),)),
    # Singing for people with dementia
    ("canol", "hwb", _K("dementia", "Canu i Gofio Caer Wyddno", "Caer Wyddno Singing to Remember", capacity=24, referral="memory clinic or self", eligibility="people with dementia and their carers"), (_S("monday", "14:00", "15:30"),)),
    ("tywyn", "eglwys", _K("dementia", "Canu i Gofio Tywyn", "Tywyn Singing to Remember", capacity=24, referral="memory clinic or self", eligibility="people with dementia and their carers"), (_S("thursday", "14:00", "15:30"),)),
    ("marchnad", "eglwys", _K("dementia", "Canu i Gofio Seithenyn", "Seithenyn Singing to Remember", capacity=20, referral="memory clinic or self", eligibility="people with dementia and their carers"), (_S("friday", "10:30", "12:00", "fortnightly"),)),
    # Walks that start where no bus goes
    ("bwlch", "maes parcio", _K("walking", "Cerddwyr Bwlch yr Halen", "Salt Pass Walkers", capacity=20), (_S("tuesday", "10:30", "13:00"),)),
    ("traethell", "maes parcio", _K("walking", "Cerddwyr y Gorllewin", "West Coast Walkers", capacity=20), (_S("friday", "10:30", "12:30"),)),
    ("coed", "maes parcio", _K("walking", "Cerdded yn y Coed", "Walking in the Wood", capacity=15), (_S("sunday", "11:00", "13:00"),)),
    # Evenings for people in work, out of reach of a valley whose last bus leaves at five past six
    ("canol", "hwb", _K("advice", "Cyngor ar ôl Gwaith", "Advice After Work", EVENING, capacity=12), (_S("tuesday", "17:30", "20:00"),)),
    ("elffin", "hamdden", _K("exercise", "Rhedeg o'r Soffa", "Off the Sofa Running", EVENING, capacity=30), (_S("monday", "18:30", "19:45"), _S("wednesday", "18:30", "19:45"))),
    ("canol", "celf", _K("arts", "Celf ar ôl Gwaith", "Art After Work", EVENING, cost_gbp=5, capacity=14), (_S("wednesday", "18:30", "20:30"),)),
    # On Sunday: Traeth Gwyn has no bus, Gwymon three
    ("tywyn", "eglwys", _K("food", "Cinio Sul Tywyn", "Tywyn Sunday Lunch", cost_gbp=5, capacity=40, age_min=None), (_S("sunday", "12:30", "14:30"),)),
    # A group that many older people look for, in the town where they live; and one for the market town
    ("tywyn", "canolfan", _K("carers", "Gofalwyr y Glannau", "Coast Carers", capacity=25, eligibility="unpaid carers"), (_S("wednesday", "10:30", "12:30"),)),
    ("marchnad", "canolfan", _K("volunteering", "Gwirfoddolwyr Seithenyn", "Seithenyn Volunteers", capacity=20), (_S("tuesday", "13:30", "15:30"),)),
    # A night out that needs the bus after midnight
    ("canol", "canolfan", _K("dance", "Twmpath y Dref", "Town Barn Dance", EVENING, cost_gbp=6, capacity=80), (_S("saturday", "20:00", "23:30", "monthly"),)),
)  # fmt: skip
