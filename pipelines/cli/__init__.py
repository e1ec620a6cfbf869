"""The command line, `aigap`. Imports are inside the commands: `query`, `status` and `--help` never load Dagster."""

from pipelines.cli.app import application, main

__all__ = ["application", "main"]
