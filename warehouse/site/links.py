"""Which names on the pages lead to a page of their own."""

from __future__ import annotations

from warehouse.site.page_files import model_file
from warehouse.site.queries import Results


def model_pages(results: Results) -> dict[str, str]:
    """Printed name of each model that ever led → its page; not of a name that two models have."""
    holders: dict[str, set[str]] = {}
    for name, model_id in results["led_names"].rows:
        holders.setdefault(name, set()).add(model_id)
    return {name: model_file(*found) for name, found in holders.items() if len(found) == 1}
