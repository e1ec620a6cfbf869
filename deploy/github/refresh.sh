#!/usr/bin/env bash
# Fetch, build and check. What a public copy may not pass on is left out, unless AIGAP_EXCEPT says otherwise.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")

AIGAP_EXCEPT=${AIGAP_EXCEPT:-$(python "$here/not_to_pass_on.py")}
export AIGAP_EXCEPT
# Options are words: --source lmarena_hf
# shellcheck disable=SC2086
aigap refresh --live ${AIGAP_OPTIONS:-}
aigap check
