  // The SQL of what is shown. It gives the rows of the table, in its order and under its names.

  const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
  const boundColumns = (view) => (view.interval === "wide" ? ["gap_low_wide", "gap_high_wide"] : ["gap_low", "gap_high"]);

  // Names of the columns, and where the table and the file find each in a row.
  const columnsOf = (view) => {
    const leaders = [["a_model", "aModel"], ["a_score", "aScore"], ["b_model", "bModel"], ["b_score", "bScore"], ["source_id", "source"]];
    const start = [["series", "series"], ["month", "monthDay"]];
    if (view.measure === "lag") {
      return [...start, ["reading", "reading"], ["lag_months", "value"], ["is_censored", "isCensored"], ["since_model", "since"], ["since_on", "sinceDay"],
        ...leaders.slice(0, 4), ["measured_on", "day"], ["vintage", "vintage"], leaders[4]];
    }
    const [low, high] = boundColumns(view);
    const bounds = view.measure === "points" ? [[low, "low"], [high, "high"], ["gap_at_least", "atLeast"]] : [];
    return [...start, [MEASURES[view.measure].column, "value"], ...bounds, ...leaders.slice(0, 4), ["published_on", "day"], ["status", "status"], leaders[4]];
  };

  const NO_NUMBER = "CAST(NULL AS DOUBLE)";
  const source = (choice, view) => {
    const [low, high] = boundColumns(view);
    const us = { percent: "gap_pct_of_cn", expected: "us_win_probability", points: "gap_points" }[view.measure];
    const models = ["us_model AS a_model", "us_score AS a_score", "cn_model AS b_model", "cn_score AS b_score"];
    if (view.measure === "lag") {
      return { columns: [...models, "split_part(snapshot_id, '/', 1) AS source_id"], from: "monthly_lag" };
    }
    if (choice.weights !== "all") {
      const [a, b] = { open_us_minus_open_cn: ["us_open", "cn_open"], closed_us_minus_cn: ["us_closed", "cn"],
        closed_us_minus_open_cn: ["us_closed", "cn_open"], world_closed_minus_open: ["world_closed", "world_open"] }[choice.weights];
      const bounds = view.interval === "wide" ? [NO_NUMBER, NO_NUMBER] : [`${choice.weights}_low`, `${choice.weights}_high`];
      return { from: "open_weights_gap", value: choice.weights, bounds: [...bounds, NO_NUMBER],
        columns: [`${a}_model AS a_model`, `${a}_score AS a_score`, `${b}_model AS b_model`, `${b}_score AS b_score`, "source_id"] };
    }
    if (choice.listing !== "any") {
      return { from: "monthly_gap AS g\nJOIN core.snapshot_gaps AS s\n  ON s.snapshot_id = g.snapshot_id AND s.category = g.category AND s.country_rule = g.country_rule",
        value: `s.${us}`, bounds: [NO_NUMBER, NO_NUMBER, NO_NUMBER], of: "g.", status: "s.status", where: [`s.listing = ${quoted(choice.listing)}`],
        columns: [...models.map((column) => `s.${column}`), "g.source_id"] };
    }
    if (choice.pair === "US-CN") {
      return { from: "monthly_gap", value: us, bounds: [low, high, "gap_at_least"], columns: [...models, "source_id"] };
    }
    const pair = { percent: "gap_pct_of_b", expected: "a_win_probability", points: "gap_points" }[view.measure];
    const bounds = view.interval === "wide" ? [NO_NUMBER, NO_NUMBER] : [low, high];
    return { from: `gap_pair(${choice.pair.split("-").map(quoted).join(", ")})`, value: pair, bounds: [...bounds, NO_NUMBER],
      columns: ["a_model", "a_score", "b_model", "b_score", "source_id"] };
  };

  const named = (expression, name) => (expression === name ? name : `${expression} AS ${name}`);

  const select = (choice, view, rows) => {
    const from = source(choice, view);
    const of = from.of ?? "";
    const lag = view.measure === "lag";
    const middle = lag
      ? ["reading", "lag_months", "is_censored", "since_model", "since_on"]
      : [named(from.value, MEASURES[view.measure].column),
        ...(view.measure === "points" ? from.bounds.map((bound, at) => named(bound, [...boundColumns(view), "gap_at_least"][at])) : [])];
    const end = lag ? ["measured_on", "vintage"] : [`${of}published_on`, from.status ?? `${of}status`];
    const months = rows.map((row) => row.month);
    const where = [`${of}board = ${quoted(choice.board)}`, `${of}variant = ${quoted(choice.variant)}`, `${of}category = ${quoted(choice.category)}`,
      ...(from.where ?? []),
      ...(lag ? [`reading = ${quoted(view.reading)}`, `vintage = ${quoted(rows[0].vintage)}`] : []),
      `${lag ? "lag_months" : from.value} IS NOT NULL`,
      `${of}month BETWEEN ${quoted(`${isoMonth(Math.min(...months))}-01`)} AND ${quoted(`${isoMonth(Math.max(...months))}-01`)}`];
    return `SELECT\n  ${quoted(inWords(choice))} AS series, ${of}month, ${middle.join(", ")},\n  ${from.columns.slice(0, 4).join(", ")},\n  ${[...end, from.columns[4]].join(", ")}\nFROM ${from.from}\nWHERE ${where.join("\n  AND ")}`;
  };

  const sqlOf = (shown, view) => {
    const selects = shown.filter(({ rows }) => rows.length).map(({ choice, rows }) => select(choice, view, rows));
    return selects.length ? `${selects.join("\nUNION ALL\n")}\nORDER BY series, month DESC` : "";
  };
