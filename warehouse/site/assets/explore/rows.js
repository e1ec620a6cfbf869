  // The rows of a choice. They are picked from EXPLORE; no figure is computed here.

  const DAY = 86400000;
  const FIRST_DAY = Date.UTC(2020, 0, 1);
  const time = (day) => (day === null || day === undefined ? null : FIRST_DAY + day * DAY);
  const isoDay = (day) => (time(day) === null ? null : new Date(time(day)).toISOString().slice(0, 10));
  const isoMonth = (month) => `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
  const monthNumber = (iso) => 12 * (Number(iso.slice(0, 4)) - 2020) + Number(iso.slice(5, 7)) - 1;
  const monthStart = (month) => Date.UTC(2020, month, 1);

  const key = (choice) => [choice.board, choice.variant, choice.category].join(".");
  const seriesOf = new Map(EXPLORE.series.board.map((board, at) =>
    [key({ board, variant: EXPLORE.series.variant[at], category: EXPLORE.series.category[at] }), at]));
  const boardOf = new Map(EXPLORE.boards.map((board) => [board.board, board]));
  const value = (table, name, at) => (table[name] ? table[name][at] : null);

  // Where the rows of a table are that belong to the row numbers from `first`, as many as `length`: rows are sorted.
  const within = (numbers, first, length) => {
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] < first) low = middle + 1; else high = middle;
    }
    const found = new Map();
    for (let at = low; at < numbers.length && numbers[at] < first + length; at += 1) found.set(numbers[at], at);
    return found;
  };
  const extent = (series) => [EXPLORE.series.row[series], EXPLORE.series.length[series]];

  const tableOf = (choice) => {
    if (choice.weights !== "all") return EXPLORE.weights[choice.weights];
    return choice.listing === "any" ? EXPLORE.pairs[choice.pair] : EXPLORE.listings[choice.listing];
  };

  // The model and score of a side: a listing and open weights have their own, all else the leader of the country.
  const leader = (table, at, side, choice, row) => {
    if (table.row && table[`${side}_score`]) {
      return [EXPLORE.models[table[`${side}_model`][at]], table[`${side}_score`][at]];
    }
    const own = EXPLORE.leaders[choice.pair.split("-")[side === "a" ? 0 : 1]];
    const place = within(own.row, row, 1).get(row);
    return place === undefined ? [null, null] : [EXPLORE.models[own.model[place]], own.score[place]];
  };

  // The country without a model in a list; null where a listing or weights leave none of one that has some.
  const absentSide = (choice, row) => choice.pair.split("-").find((country) =>
    choice.weights !== "world_closed_minus_open" && !within(EXPLORE.leaders[country].row, row, 1).size) ?? null;

  const FIGURE = { points: "gap", percent: "pct", expected: "win" };
  // Without a band, the table still has the interval.
  const BOUNDS = { 95: ["low", "high"], wide: ["low_wide", "high_wide"], none: ["low", "high"] };

  // Months with a figure as `rows`, months without one as `missing`, each with its reason.
  const monthly = (choice, view) => {
    const series = seriesOf.get(key(choice));
    const [first, length] = extent(series);
    const table = tableOf(choice);
    const found = within(table.row, first, length);
    const bounds = view.measure === "points" ? BOUNDS[view.interval] : [];
    const rows = [];
    const missing = [];
    for (let row = first; row < first + length; row += 1) {
      const month = EXPLORE.series.month[series] + row - first;
      const at = found.get(row);
      const figure = at === undefined ? null : value(table, FIGURE[view.measure], at);
      if (figure === null) {
        const reason = EXPLORE.months.reason[row];
        const oneSide = reason === null || reason === "no_cn_model" || reason === "no_us_model";
        const cut = EXPLORE.months.status[row] === "leaders_only" ? "truncated" : "one_side_only";
        const why = at !== undefined ? "not_defined" : oneSide ? cut : reason;
        missing.push({ month, reason: why, absent: why === "one_side_only" ? absentSide(choice, row) : null });
        continue;
      }
      const [aModel, aScore] = leader(table, at, "a", choice, row);
      const [bModel, bScore] = leader(table, at, "b", choice, row);
      rows.push({
        month, x: time(EXPLORE.months.day[row]), day: isoDay(EXPLORE.months.day[row]),
        open: EXPLORE.months.open.includes(row), status: value(table, "status", at) ?? EXPLORE.months.status[row],
        value: figure, low: bounds.length ? value(table, bounds[0], at) : null,
        high: bounds.length ? value(table, bounds[1], at) : null,
        atLeast: isHeadline(choice) && view.measure === "points" ? EXPLORE.months.at_least[row] ?? null : null,
        aModel, aScore, bModel, bScore, source: EXPLORE.months.source[row],
      });
    }
    return { rows, missing };
  };

  const lagged = (choice, view) => {
    const series = seriesOf.get(key(choice));
    const table = EXPLORE.lags[view.reading];
    const rows = [];
    table.series.forEach((own, at) => {
      if (own !== series) return;
      rows.push({
        month: table.month[at], x: time(table.measured_on[at]), day: isoDay(table.measured_on[at]), status: "observed",
        value: table.lag[at], low: null, high: null, atLeast: null, censored: table.censored[at],
        since: EXPLORE.models[table.since_model[at]] ?? null, sinceDay: isoDay(table.since_on[at]),
        vintage: isoDay(table.vintage[at]), source: table.source[at],
        aModel: EXPLORE.models[table.a_model[at]] ?? null, aScore: table.a_score[at],
        bModel: EXPLORE.models[table.b_model[at]], bScore: table.b_score[at],
      });
    });
    const missing = [];
    for (let month = rows.length ? rows[rows.length - 1].month + 1 : 0; rows.length && month <= LAST_MONTH; month += 1) {
      missing.push({ month, reason: "no_vintage" });
    }
    return { rows, missing };
  };

  const LAST_MONTH = Math.max(...EXPLORE.series.month.map((month, at) => month + EXPLORE.series.length[at] - 1));
  const isHeadline = (choice) => choice.pair === "US-CN" && choice.weights === "all" && choice.listing === "any";

  // Why a choice has no figure in any month, in words; null where it may have some.
  const impossible = (choice, view) => {
    const board = boardOf.get(choice.board);
    if (choice.weights !== "all" && choice.pair !== "US-CN") return "Open and closed weights are compared for the US and China, and for the world.";
    if (choice.weights !== "all" && choice.listing !== "any") return "Open and closed weights are compared as listed only.";
    if (choice.listing !== "any" && choice.pair !== "US-CN") return "Public models alone are compared for the US and China only.";
    if (view.measure === "lag") {
      if (!isHeadline(choice)) return "The lag is measured for the US and China, all models as listed.";
      const series = seriesOf.get(key(choice));
      if (!EXPLORE.lags[view.reading]?.series.includes(series)) return "No lag is measured here: it needs a board of many models with known days, category overall.";
      return null;
    }
    if (view.measure === "expected" && board.unit !== "elo") return "An expected score is defined on Elo scales, those of the arena, only.";
    if (view.measure !== "points" && choice.weights !== "all") return "Gaps between open and closed weights are measured in points only.";
    return null;
  };

  // { rows, missing, impossible } of a choice in the time range of the view, whose ends may be open.
  const figures = (choice, view) => {
    const why = impossible(choice, view);
    if (why) return { rows: [], missing: [], impossible: why };
    const all = view.measure === "lag" ? lagged(choice, view) : monthly(choice, view);
    const shown = ({ month }) => (view.from === null || month >= view.from) && (view.to === null || month <= view.to);
    return { rows: all.rows.filter(shown), missing: all.missing.filter(shown), impossible: null };
  };

  // How many months of a choice have a gap, for the lists of choices.
  const monthsWithGap = (choice) => {
    const series = seriesOf.get(key(choice));
    const table = tableOf(choice);
    return series === undefined || !table ? 0 : within(table.row, ...extent(series)).size;
  };
