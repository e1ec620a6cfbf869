"""Printed names resolved to models, organizations and countries (`warehouse.compute.identity`), as frames."""

from __future__ import annotations

import polars as pl

from warehouse.builder.context import BuildContext
from warehouse.compute import identity


def organizations(build: BuildContext) -> pl.DataFrame:
    return identity.organizations(build.reference)


def model_names(build: BuildContext) -> pl.DataFrame:
    printed = build.con.sql(
        "SELECT DISTINCT i.source_id, o.model_name, coalesce(o.organization_name, '') "
        "FROM parsed_observation AS o JOIN meta.inputs AS i USING (input_id)"
    ).fetchall()
    return identity.model_names(build.reference, [identity.Printed(*row) for row in printed])


def models(build: BuildContext) -> pl.DataFrame:
    return identity.models(build.reference, build.con.table("core.model_names").pl())


def model_countries(build: BuildContext) -> pl.DataFrame:
    organizations, models = (build.con.table(f"core.{name}").pl() for name in ("organizations", "models"))
    return identity.model_countries(organizations, models, build.reference.attributions)
