"""Whether figures are plausible after those known before: pure functions of parsed rows. None refuses anything.

Each returns `Suspicion`s. What is suspicious is held back alone (`sources.ingestion.archive.decisions`).
"""

from sources.ingestion.plausibility.suspicion import Suspicion

__all__ = ["Suspicion"]
