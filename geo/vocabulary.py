"""The words that tables may hold where only certain ones make sense."""

DOMAINS = ("income", "employment", "health", "education", "access", "housing", "safety", "environment")
PLACED_BY = ("coordinates", "postcode", "address", "none")
FREQUENCIES = ("weekly", "fortnightly", "monthly")
CATEGORIES = (
    "advice", "arts", "carers", "crafts", "dance", "dementia", "exercise", "food", "gardening", "mens_group",
    "reading", "singing", "sport", "volunteering", "walking", "woodwork",
)  # fmt: skip
