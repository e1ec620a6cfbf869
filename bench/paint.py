"""Time to the first paint of the front page, from disk, in Chromium: prints milliseconds.

python bench/paint.py FILE
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
PAINTED = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0]"


def first_paint(page: Path) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        try:
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.goto(page.resolve().as_uri())
            tab.wait_for_function(f"{PAINTED} > 0")
            return float(tab.evaluate(PAINTED))
        finally:
            browser.close()


if __name__ == "__main__":
    print(f"{first_paint(Path(sys.argv[1])):.0f}")
