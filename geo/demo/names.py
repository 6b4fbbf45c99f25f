"""The stock of Welsh names for streets and farms, each with its English form."""

from __future__ import annotations

import random

# "Heol", "Stryd", "Lôn", "Ffordd" and "Rhodfa" are feminine: the adjectives after them are softened (Fawr, Fach, Las).
_ROADS = (("Heol", "Road"), ("Stryd", "Street"), ("Ffordd", "Way"))
_LANES = (("Lôn", "Lane"), ("Rhiw", "Hill"))
_AFTER = (
    ("y Bont", "Bridge"), ("yr Eglwys", "Church"), ("y Capel", "Chapel"), ("y Farchnad", "Market"), ("y Felin", "Mill"),
    ("yr Ysgol", "School"), ("y Castell", "Castle"), ("y Parc", "Park"), ("y Môr", "Sea"), ("y Traeth", "Beach"),
    ("yr Afon", "River"), ("y Dderwen", "Oak"), ("yr Onnen", "Ash Tree"), ("y Gelynnen", "Holly"), ("y Fedwen", "Birch"),
    ("yr Angor", "Anchor"), ("y Cei", "Quay"), ("y Gloch", "Bell"), ("yr Hafan", "Haven"), ("y Goleudy", "Lighthouse"),
    ("yr Halen", "Salt"), ("y Llyn", "Lake"), ("y Ffynnon", "Well"), ("y Graig", "Rock"), ("yr Efail", "Smithy"),
    ("y Berllan", "Orchard"), ("yr Ardd", "Garden"), ("y Ddôl", "Meadow"), ("y Rhos", "Moor"), ("y Llan", "Parish"),
    ("yr Ogof", "Cave"), ("y Gwynt", "Wind"), ("y Wawr", "Dawn"), ("yr Haul", "Sun"), ("y Lleuad", "Moon"), ("y Sarn", "Causeway"),
    ("yr Wylan", "Gull"), ("y Crëyr", "Heron"), ("yr Eos", "Nightingale"), ("y Fronfraith", "Thrush"), ("y Wennol", "Swallow"),
    ("Elffin", "Elffin"), ("Taliesin", "Taliesin"), ("Mererid", "Mererid"), ("Seithenyn", "Seithenyn"), ("Rhiannon", "Rhiannon"),
    ("Olwen", "Olwen"), ("Heledd", "Heledd"), ("Arianrhod", "Arianrhod"), ("Aneirin", "Aneirin"),
    ("Non", "Non"), ("Teilo", "Teilo"), ("Ceridwen", "Ceridwen"), ("Nefydd", "Nefydd"), ("Idwal", "Idwal"), ("Urien", "Urien"),
)  # fmt: skip
_CLOSES = (
    ("Clos y Dryw", "Wren Close"), ("Clos yr Eithin", "Gorse Close"), ("Maes y Meillion", "Clover Field"),
    ("Clos y Wiwer", "Squirrel Close"), ("Llys Derw", "Oak Court"), ("Clos Briallu", "Primrose Close"),
    ("Maes Helyg", "Willow Field"), ("Clos Rhedyn", "Fern Close"), ("Llys Celyn", "Holly Court"), ("Clos y Barcud", "Kite Close"),
    ("Cwrt y Gollen", "Hazel Court"), ("Maes yr Ŷd", "Corn Field"), ("Clos Clychau'r Gog", "Bluebell Close"),
    ("Clos y Gwenith", "Wheat Close"), ("Llwyn Bedw", "Birch Grove"), ("Maes y Grug", "Heather Field"),
    ("Clos y Llwynog", "Fox Close"), ("Clos yr Ehedydd", "Lark Close"), ("Llys y Ddraig", "Dragon Court"),
    ("Clos Pen y Cae", "Field Head Close"), ("Maes Meugan", "Maes Meugan"), ("Clos y Draenog", "Hedgehog Close"),
)  # fmt: skip
_FARMS = (
    "Hendre Isaf", "Hendre Uchaf", "Tŷ'n y Coed", "Tŷ'n y Rhos", "Pen y Bryn", "Pant Glas", "Cae'r Gors", "Bryn Eithin",
    "Nant y Gwcw", "Cefn Coch", "Maes y Llan", "Pen yr Heol", "Rhyd y Meirch", "Gelli Aur", "Llwyn Celyn", "Garth Wen",
    "Blaen y Cwm", "Esgair Hir", "Ffos y Wern", "Hafod Las", "Hafod y Nant", "Penlan", "Tan y Graig", "Tŷ Hen", "Waun Fawr",
    "Waun Lwyd", "Cwm Bychan", "Dolau Gwyn", "Bwlch y Groes", "Bwlch y Gwynt", "Cil y Wennol", "Cnwc y Barcud", "Erw Las",
    "Felin Newydd", "Ffridd Arw", "Glan yr Afon", "Gwern y Brain", "Llety'r Bugail", "Moel y Gaer", "Nyth y Frân",
    "Ochr y Foel", "Pant y Ddafad", "Penrhiw", "Rhos Goch", "Rhyd Ddu", "Talar Deg", "Tir y Dail", "Troed y Rhiw",
)  # fmt: skip
_TAILS = ("", " Isaf", " Uchaf", " Ganol")


def street_names(rng: random.Random) -> list[tuple[str, str]]:
    """Return a settlement's stock of street names (Welsh, English), shuffled; none twice."""
    found = [(f"{cy} {after_cy}", f"{after_en} {en}") for cy, en in (*_ROADS, *_LANES) for after_cy, after_en in _AFTER]
    rng.shuffle(found)
    return found


def close_names(rng: random.Random) -> list[tuple[str, str]]:
    """Return a stock of names for the closes of an estate, shuffled."""
    found = list(_CLOSES)
    rng.shuffle(found)
    return found


def farm_names(rng: random.Random) -> list[str]:
    """Return a stock of names for hamlets and farms, shuffled; none twice."""
    found = [name + tail for name in _FARMS for tail in _TAILS if not (tail and name.endswith(("Isaf", "Uchaf")))]
    rng.shuffle(found)
    return found
