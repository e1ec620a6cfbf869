"""The frames of printed names, models, organizations and countries of a build."""

from __future__ import annotations

import polars as pl

from warehouse.builder.context import BuildContext
from warehouse.compute import model_countries as by_rule
from warehouse.compute import models as identities
from warehouse.compute import name_resolution
from warehouse.compute import proposals as by_spelling


def organizations(build: BuildContext) -> pl.DataFrame:
    """``core.organizations``."""
    return identities.organizations(build.reference)


def model_names(build: BuildContext) -> pl.DataFrame:
    """``core.model_names``: the printed names, resolved."""
    printed = build.con.sql(
        "SELECT DISTINCT l.source_id, p.model_name, coalesce(p.organization_name, '') "
        "FROM printed_name AS p JOIN listing AS l USING (key)"
    ).fetchall()
    return name_resolution.model_names(
        build.reference, [name_resolution.PrintedName(*row) for row in printed]
    )


def printed_makers(build: BuildContext) -> pl.DataFrame:
    """``staged_maker``: each printed name of an organization, with its ``organization_id``, null if it is unknown."""
    printed = build.con.sql(
        "SELECT DISTINCT organization_name FROM printed_name WHERE organization_name IS NOT NULL"
    ).fetchall()
    resolver = name_resolution.Resolver(build.reference)
    rows = [(name, resolver.organization(name)) for (name,) in printed]
    schema = {"organization_name": pl.String(), "organization_id": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def models(build: BuildContext) -> pl.DataFrame:
    """``core.models``, from the filled ``core.model_names`` and ``core.model_weights``."""
    newest = build.con.sql(
        "SELECT model_id, weights FROM core.model_weights WHERE valid_to = DATE '9999-12-31'"
    )
    return identities.models(
        build.reference, build.con.table("core.model_names").pl(), dict(newest.fetchall())
    )


def model_countries(build: BuildContext) -> pl.DataFrame:
    """``core.model_countries``, from the filled ``core.organizations`` and ``core.models``."""
    organizations, models = (build.con.table(f"core.{name}").pl() for name in ("organizations", "models"))
    return by_rule.model_countries(organizations, models, build.reference.attributions)


def proposals(build: BuildContext) -> pl.DataFrame:
    """What to do about each printed name that is not in models.csv, from the filled ``core.model_names``."""
    names = build.con.sql(
        "SELECT source_id, model_name, organization_name, any_value(organization_id) FROM core.model_names "
        "WHERE resolution <> 'name' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return by_spelling.proposals(
        build.reference, [(name_resolution.PrintedName(*name), maker) for *name, maker in names]
    )


def country_lines(build: BuildContext) -> pl.DataFrame:
    """The staged relation ``staged_country_line``."""
    return by_spelling.country_lines(build.reference)
