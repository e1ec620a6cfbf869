"""`python -m pipelines.cli`: as `aigap`."""

from pipelines.cli.app import main

if __name__ == "__main__":
    main()
