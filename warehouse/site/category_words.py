"""Names of the arena's categories as a reader sees them."""

from __future__ import annotations

import re

#: Names of categories that are not their codes with blanks.
CATEGORIES = {
    "3d_modeling": "3D modelling",
    "ocr": "reading text in pictures",
    "webdev": "web development",
    "webdev-html": "web development in HTML",
    "webdev-react": "web development in React",
    "image_to_webdev": "web development from a picture",
    "exclude_ties": "votes without ties",
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


def category_name(code: str) -> str:
    """The category in a sentence: "coding", "in Chinese"."""
    if code in CATEGORIES:
        return CATEGORIES[code]
    if code in LANGUAGES:
        return f"in {code.capitalize()}"
    words = re.sub(r"\bit\b", "IT", code.removeprefix("industry_").replace("_and_", ", ").replace("_", " "))
    return f"industry: {words}" if code.startswith("industry_") else words


def category_title(code: str) -> str:
    """The category at the head of a line: "Coding", "In Chinese"."""
    name = category_name(code)
    return name[:1].upper() + name[1:]
