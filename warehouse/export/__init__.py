"""A release as a folder of plain files: Parquet, CSV and their descriptions.

Two builds of the same inputs by the same code give the same bytes: what differs between them
(`Table.volatile`, `Column.volatile`, names of releases, the clock) is left out. `CHANGES.md`, `changes.csv`
and with them `SHA256SUMS` depend on the previous release as well.

    exporting.py      one export, from the release to the folder
    data_files.py     a table → one Parquet and one CSV file
    dataset.py        the release as a whole: version, sources, licences, citation
    datapackage.py    datapackage.json (Data Package 2.0)
    croissant.py      croissant.json (Croissant 1.1)
    readme.py         README.md and CITATION.cff, from templates/
    target_folder.py  the folder may replace an earlier export and nothing else
"""
