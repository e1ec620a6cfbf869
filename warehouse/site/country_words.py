"""Names of countries as a reader sees them."""

from __future__ import annotations

#: As in "the best French model".
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
COUNTRIES = {
    "US": "US",
    "CN": "China",
    "AE": "Emirates",
    "AU": "Australia",
    "CA": "Canada",
    "DE": "Germany",
    "FR": "France",
    "GB": "Britain",
    "HK": "Hong Kong",
    "IL": "Israel",
    "IN": "India",
    "JP": "Japan",
    "KR": "South Korea",
    "RU": "Russia",
    "SA": "Saudi Arabia",
    "SG": "Singapore",
}
WITH_ARTICLE = ("US", "AE")


def country(code: str) -> str:
    """The name of a country; one that is not listed is named by its code."""
    return COUNTRIES.get(code, code)


def the_country(code: str) -> str:
    """The same in a sentence."""
    return f"the {country(code)}" if code in WITH_ARTICLE else country(code)


def adjective(code: str) -> str:
    """What stands before "model"."""
    return ADJECTIVES.get(code, code)
