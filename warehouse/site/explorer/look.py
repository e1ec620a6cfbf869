"""Words and colours of the explorer that other pages do not need."""

from __future__ import annotations

#: What the explorer opens with, where it is held.
FIRST = {"board": "arena_text", "variant": "style_control"}
#: As in "the best French model"; a country that is not here is named after it: "the best model of Chile".
ADJECTIVES = {
    "US": "US",
    "CN": "Chinese",
    "AE": "Emirati",
    "AU": "Australian",
    "CA": "Canadian",
    "DE": "German",
    "FR": "French",
    "GB": "British",
    "HK": "Hong Kong",
    "IL": "Israeli",
    "IN": "Indian",
    "JP": "Japanese",
    "KR": "South Korean",
    "RU": "Russian",
    "SA": "Saudi",
    "SG": "Singaporean",
}
#: Names that are longer as printed, or need an article.
NAMES = {"US": "US", "AE": "Emirates", "GB": "UK", "RU": "Russia"}
#: Names of categories that are not their codes with blanks.
CATEGORIES = {
    "3d_modeling": "3D modeling",
    "ocr": "reading text in pictures",
    "webdev": "web development",
    "webdev-html": "web development in HTML",
    "webdev-react": "web development in React",
    "image_to_webdev": "web development from a picture",
    "exclude_ties": "without ties",
    "no_refusal": "without refusals",
    "no_short": "without short prompts",
    "hard_prompts_english": "hard prompts in English",
    "creative_writing_vision": "creative writing on pictures",
    "non_english": "not in English",
    "multi_image_edit": "several pictures",
    "multi_turn": "several turns",
    "longer_query": "longer prompts",
}
LANGUAGES = ("chinese", "english", "french", "german", "japanese", "korean", "polish", "russian", "spanish")
#: Lines that are compared with each other, in the order in which they are added. Not those of the US and China, which
#: say who leads. Text of these colours can be read on the paper of its theme.
SERIES = {
    "light": ["#00706b", "#7b3fa0", "#b3204d", "#7a5c00", "#2f5fb3", "#5b5b5b"],
    "dark": ["#4fc4ba", "#c9a0ec", "#ff8aa5", "#e0b84c", "#8fb4ff", "#c2c5cb"],
}


def country_words(code: str, name: str) -> dict[str, str]:
    """The country as a name, and as what stands before "model"."""
    return {"name": NAMES.get(code, name), "adjective": ADJECTIVES.get(code, "")}


def category_name(code: str) -> str:
    """A category of an arena as a reader sees it."""
    if code in CATEGORIES:
        return CATEGORIES[code]
    if code in LANGUAGES:
        return f"in {code.capitalize()}"
    if code.startswith("industry_"):
        return f"industry: {code.removeprefix('industry_').replace('_', ' ').replace(' and ', ', ')}"
    return code.replace("_", " ")
