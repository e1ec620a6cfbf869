"""The archive of what was received: bodies with receipts, refused bodies, failed fetches."""

from sources.ingestion.archive.store import Archive

__all__ = ["Archive"]
