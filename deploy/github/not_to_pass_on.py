"""The sources whose figures a public copy may not pass on, for ``AIGAP_EXCEPT``."""

import sys

from sources.registry import all_sources

sys.stdout.write(" ".join(source.id for source in all_sources() if not source.origin.redistributable) + "\n")
