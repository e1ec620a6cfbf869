"""The export and the pages of the published release, for readers without SQL.

They have a job of their own: a release is published as soon as it is checked, even if a page cannot be drawn.
"""

import dagster as dg

from pipelines.defs.resources import CODE, OWNERS, DataFolder
from pipelines.runtime.executors import executor
from pipelines.runtime.progress import report_step

GROUP = "for_readers"


@dg.asset(
    group_name=GROUP,
    kinds={"parquet", "csv"},
    owners=OWNERS,
    code_version=CODE,
    deps=["release"],
    description="The published release as plain files: Parquet and CSV of each table, Data Package, Croissant, "
    "checksums and changes. As `aigap export` writes it.",
)
def export(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    """Write the export to ``export/`` in the data folder."""
    from warehouse.export.exporting import export_release

    with report_step(context, "export") as summary:
        workspace = data.workspace()
        done = export_release(workspace, workspace.export)
        summary.append(f"{done.tables} tables, {done.rows:,} rows, {done.size / 1e6:.1f} MB")
    return dg.MaterializeResult(
        metadata={
            "release": done.release,
            "path": dg.MetadataValue.path(str(done.folder)),
            "tables": done.tables,
            "dagster/row_count": done.rows,
            "megabytes": round(done.size / 1e6, 1),
        }
    )


@dg.asset(
    group_name=GROUP,
    kinds={"html", "vegalite"},
    owners=OWNERS,
    code_version=CODE,
    deps=["release"],
    description="The published release as a folder of pages that needs no server. As `aigap site` writes it.",
)
def site(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult[None]:
    """Write the pages to ``site/`` in the data folder."""
    from warehouse.site.addresses import addresses
    from warehouse.site.renewal import renew

    with report_step(context, "site") as summary:
        workspace = data.workspace()
        written = renew(workspace, workspace.site, addresses=addresses(workspace, workspace.site))
        summary.append(f"{written.files} files, {written.size / 1e6:.1f} MB")
    return dg.MaterializeResult(
        metadata={
            "release": written.release.name,
            "page": dg.MetadataValue.path(str(written.folder / "index.html")),
            "files": written.files,
            "megabytes": round(written.size / 1e6, 1),
        }
    )


present = dg.define_asset_job(
    "present",
    selection=dg.AssetSelection.groups(GROUP),
    executor_def=executor(),
    description="Write the export and the pages of the published release.",
)
