  // The page: controls, chart, table, files. Everything follows from `view`; `show` draws it anew.

  const by = (id) => document.getElementById(id);
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => root.dataset.theme || (system.matches ? "dark" : "light");
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [attribute, own] of Object.entries(attributes)) if (own !== null && own !== false) made.setAttribute(attribute, own === true ? "" : own);
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const option = (text, own, chosen) => { const made = element("option", { value: own }, text); made.selected = own === chosen; return made; };

  let view;
  let drawing = 0;
  let drawn = [];

  // --- controls

  const fill = (select, groups, chosen) => {
    select.replaceChildren(...groups.flatMap(([label, options]) => {
      const made = options.map(([own, text]) => option(text, own, chosen));
      return label ? [element("optgroup", { label }, ...made)] : made;
    }));
    select.value = chosen;
  };
  const hide = (id, hidden) => { by(id).closest("label").hidden = hidden; };
  const withMonths = (text, choice) => { const months = monthsWithGap(choice); return months ? `${text} (${months})` : `${text} – no gap`; };

  const fillControls = () => {
    const choice = view.series[view.current];
    const kinds = [...new Set(EXPLORE.boards.map((board) => board.kind))];
    fill(by("x-board"), kinds.map((kind) => [KINDS[kind] ?? capital(kind), EXPLORE.boards.filter((board) => board.kind === kind)
      .map((board) => [board.board, board.name])]), choice.board);
    const categories = categoriesOf(choice.board, choice.variant).map((category) => [category, withMonths(capital(categoryName(category)), { ...choice, category })]);
    const overall = categories.filter(([category]) => category === "overall");
    fill(by("x-category"), [["", [...overall, ...categories.filter(([category]) => category !== "overall").sort((one, other) => (one[1] < other[1] ? -1 : 1))]]], choice.category);
    hide("x-category", categories.length < 2);
    const variants = variantsOf(choice.board);
    fill(by("x-variant"), [["", variants.map((variant) => [variant, capital(LOOK.variants[variant] ?? variant)])]], choice.variant);
    hide("x-variant", variants.length < 2);
    const pairs = Object.keys(EXPLORE.pairs);
    const of = (test) => pairs.filter(test).map((pair) => [pair, withMonths(pairName(pair), { ...choice, pair, weights: "all", listing: "any" })]);
    fill(by("x-pair"), [["The US against", of((pair) => pair.startsWith("US-"))], ["China against", of((pair) => pair.startsWith("CN-"))],
      ["Other countries", of((pair) => !/^(US|CN)-/.test(pair))]], choice.pair);
    fill(by("x-weights"), [["", Object.keys(WEIGHTS).filter((name) => name === "all" || EXPLORE.weights[name]).map((name) => [name, WEIGHTS[name].name])]], choice.weights);
    fill(by("x-listing"), [["", Object.keys(LISTINGS).filter((name) => name === "any" || EXPLORE.listings[name]).map((name) => [name, capital(LISTINGS[name])])]], choice.listing);
    fill(by("x-measure"), [["", Object.entries(MEASURES).map(([name, own]) => [name, own.name])]], view.measure);
    fill(by("x-reading"), [["", Object.entries(READINGS).map(([name, [text]]) => [name, text])]], view.reading);
    hide("x-reading", view.measure !== "lag");
    fill(by("x-interval"), [["", [["95", "95 %, of the two models"], ["wide", "95 %, wider: of the picked best"], ["none", "Not drawn"]]]], view.interval);
    hide("x-interval", view.measure !== "points");
    fill(by("x-layout"), [["", [["shared", "On one axis where scales agree"], ["each", "A panel each"]]]], view.layout);
    hide("x-layout", view.series.length < 2);
    const [first, last] = bounds;
    const months = Array.from({ length: last - first + 1 }, (_, at) => [String(first + at), monthName(first + at)]);
    fill(by("x-from"), [["", [["", `From the first (${monthName(first)})`], ...months]]], view.from === null ? "" : String(Math.max(view.from, first)));
    fill(by("x-to"), [["", [["", `To the last (${monthName(last)})`], ...[...months].reverse()]]], view.to === null ? "" : String(Math.min(view.to, last)));
    by("x-summary").textContent = `Choose: ${inWords(choice)}`;
  };

  // First and last month in which any of the series has a figure, whatever the range.
  let bounds = [0, 0];
  const setBounds = () => {
    const months = view.series.flatMap((choice) => figures(choice, { ...view, from: null, to: null }).rows.map((row) => row.month));
    const known = EXPLORE.series.month[seriesOf.get(key(view.series[0]))];
    bounds = months.length ? [Math.min(...months), Math.max(...months)] : [known, LAST_MONTH];
    if (view.from !== null) bounds[0] = Math.min(bounds[0], view.from);
    if (view.to !== null) bounds[1] = Math.max(bounds[1], view.to);
  };

  const PATHS = { circle: "M5 0A5 5 0 1 1-5 0A5 5 0 1 1 5 0", square: "M-4.4-4.4H4.4V4.4H-4.4Z", diamond: "M0-5.6 4.4 0 0 5.6-4.4 0Z",
    "triangle-up": "M0-5 5 4H-5Z", cross: "M-1.8-5H1.8V-1.8H5V1.8H1.8V5H-1.8V1.8H-5V-1.8H-1.8Z", "triangle-down": "M0 5 5-4H-5Z" };
  const swatch = (at) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "-7 -7 14 14");
    svg.setAttribute("class", "swatch");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", PATHS[SHAPES[at]]);
    path.setAttribute("fill", LOOK.series[theme()][at]);
    svg.append(path);
    return svg;
  };

  const fillSeries = (coloured) => {
    const several = view.series.length > 1;
    const names = several ? ownNames(view.series) : [inWords(view.series[0])];
    by("x-series").replaceChildren(...view.series.map((choice, at) => {
      const pick = element("button", { type: "button", class: "pick", "aria-pressed": String(at === view.current), "data-at": at }, coloured ? swatch(at) : null, names[at]);
      pick.addEventListener("click", () => { view.current = at; fillControls(); fillSeries(coloured); by("x-series").children[at].firstChild.focus(); });
      const remove = element("button", { type: "button", class: "remove", "aria-label": `Remove ${names[at]}` }, "×");
      remove.addEventListener("click", () => {
        view.series.splice(at, 1);
        view.current = Math.min(view.current, view.series.length - 1);
        changed();
        by("x-add").focus();
      });
      return element("li", {}, pick, several ? remove : null);
    }));
    by("x-series").hidden = !several;
    by("x-add").disabled = view.series.length >= MOST_SERIES;
    by("x-edits").hidden = !several;
  };

  // A further series starts as the nearest that is not shown yet: another category, variant or board.
  const nextSeries = () => {
    const from = view.series[view.current];
    const others = [
      ...categoriesOf(from.board, from.variant).map((category) => ({ ...from, category })),
      ...variantsOf(from.board).map((variant) => settled({ ...from, variant }).choice),
      ...EXPLORE.boards.map(({ board }) => settled({ ...from, board, variant: undefined, category: undefined }).choice),
    ].filter((choice) => !view.series.some((own) => same(own, choice)));
    return others.find((choice) => figures(choice, view).rows.length > 1) ?? others[0];
  };

  const changed = () => {
    const seen = [];
    view.series.forEach((choice, at) => { if (!seen.some((own) => same(own, choice))) seen.push(choice); else if (view.current >= at) view.current = Math.max(0, view.current - 1); });
    view.series = seen;
    write();
    show();
  };

  const write = () => {
    const address = writeAddress(view);
    try { history.replaceState(null, "", address); } catch (e) { location.replace(address); }
    by("x-link").value = location.href;
    markQuestion();
  };
  // The question whose answer is shown.
  const markQuestion = () => {
    for (const link of document.querySelectorAll(".questions a")) {
      if (writeAddress(readAddress(link.hash).view) === writeAddress(view)) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  };

  const listen = () => {
    for (const name of FIELDS) {
      by(`x-${name}`).addEventListener("change", (event) => {
        const asked = { ...view.series[view.current], [name]: event.target.value };
        view.series[view.current] = settled(asked).choice;
        changed();
      });
    }
    for (const name of ["measure", "reading", "interval", "layout"]) {
      by(`x-${name}`).addEventListener("change", (event) => { view[name] = event.target.value; changed(); });
    }
    for (const name of ["from", "to"]) {
      by(`x-${name}`).addEventListener("change", (event) => {
        view[name] = event.target.value === "" ? null : Number(event.target.value);
        if (view.from !== null && view.to !== null && view.from > view.to) view[name === "from" ? "to" : "from"] = null;
        changed();
      });
    }
    by("x-add").addEventListener("click", () => {
      const next = nextSeries();
      if (!next) return;
      view.series.push(next);
      view.current = view.series.length - 1;
      changed();
      by("x-board").focus();
    });
    by("x-form").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => open());
    by("x-month").addEventListener("input", (event) => point(Number(event.target.value)));
    by("x-month").addEventListener("focus", (event) => point(Number(event.target.value)));
    by("x-month").addEventListener("blur", () => unpoint(true));
    addEventListener("keydown", (event) => { if (event.key === "Escape") unpoint(true); });
    document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".plot, #x-month")) unpoint(true); });
    by("x-csv").addEventListener("click", () => download(`${fileName()}.csv`, new Blob([csv()], { type: "text/csv" })));
    by("x-svg").addEventListener("click", () => picture("svg"));
    by("x-png").addEventListener("click", () => picture("png"));
    by("x-copy").addEventListener("click", async () => {
      by("x-link").select();
      try { await navigator.clipboard.writeText(by("x-link").value); by("x-copied").textContent = "Copied"; } catch (e) { by("x-copied").textContent = "Selected: copy it with the keyboard"; }
      setTimeout(() => { by("x-copied").textContent = ""; }, 3000);
    });
    new MutationObserver(() => show()).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    system.addEventListener("change", () => show());
    const wide = matchMedia("(min-width: 62rem)");
    const fold = () => { by("x-choices").open = wide.matches; };
    wide.addEventListener("change", fold);
    fold();
    let waiting;
    let width = by("x-panels").clientWidth;
    new ResizeObserver(() => {
      if (by("x-panels").clientWidth === width) return;
      width = by("x-panels").clientWidth;
      clearTimeout(waiting);
      waiting = setTimeout(() => draw(), 120);
    }).observe(by("x-panels"));
    addEventListener("beforeprint", () => { by("x-table-fold").open = true; });
  };

  // --- what is shown

  let shown = [];
  const show = () => {
    setBounds();
    const names = view.series.length > 1 ? ownNames(view.series) : [inWords(view.series[0])];
    shown = view.series.map((choice, at) => ({ choice, at, name: names[at], ...figures(choice, view) }));
    const panels = panelsOf(shown, view);
    fillControls();
    fillSeries(panels.some((panel) => panel.coloured));
    by("x-title").textContent = title(view.series, view);
    by("x-subtitle").textContent = subtitle(view.series, view, shown);
    by("x-result").textContent = resultWords();
    by("x-notes").replaceChildren(...notes().map((text) => element("p", { class: "note" }, text)));
    by("x-source").textContent = sourceLine(shown);
    fillTable();
    by("x-sql").textContent = sqlOf(shown, view) || "-- nothing is shown, so there is nothing to ask for";
    document.title = `${title(view.series, view)} · Explorer · aigap`;
    return draw(panels);
  };

  const resultWords = () => {
    const found = shown.filter(({ rows }) => rows.length);
    if (!found.length) return "No figure is shown: the reason is below.";
    if (shown.length === 1) return sentence(shown[0].choice, view, shown[0].rows.at(-1));
    const without = shown.length - found.length;
    return `Newest: ${found.map((own) => `${own.name}: ${brief(own.choice, view, own.rows.at(-1))}`).join("; ")}.${without ? ` ${count(without, "series", "series")} without a figure.` : ""}`;
  };

  const notes = () => {
    const found = [];
    const rows = shown.flatMap((own) => own.rows);
    const several = shown.length > 1;
    const without = new Map();
    if (view.measure === "lag" && rows.some((row) => row.censored)) found.push("Hollow: China had matched no US record yet; the lag is at least this.");
    if (rows.some((row) => row.status === "leaders_only") && view.measure !== "lag") found.push("Hollow: only the leaders of the list are known.");
    if (rows.some((row) => row.atLeast !== null)) found.push("△ The lead is at least this: a model that is not listed could lead.");
    if (new Set(shown.map(({ choice }) => `${choice.board} ${choice.variant}`)).size > 1 && ["points", "percent"].includes(view.measure)) {
      found.push("Each board and each rating has a scale of its own: they are drawn apart, and no number may be subtracted across them.");
    }
    for (const own of shown) {
      const of = several ? `${own.name}: ` : "";
      const board = boardOf.get(own.choice.board);
      const newest = own.rows.at(-1);
      if (boardNote(board) && !shown.slice(0, own.at).some((other) => other.choice.board === board.board)) found.push(`${board.name}: ${boardNote(board)}.`);
      if (newest && view.to === null && LAST_MONTH - newest.month >= 6) found.push(`${of}the newest figure is ${LAST_MONTH - newest.month} months old.`);
      if (own.rows.length && own.missing.length) {
        const words = `${count(own.missing.length, "month")} without a figure: ${missingWords(own.missing).map((each) => `${each.when} (${each.words.split(":")[0]})`).join("; ")}.`;
        without.set(words, [...(without.get(words) ?? []), own.name]);
      }
    }
    for (const [words, names] of without) found.push(several ? `${listed(names)}: ${words}` : words);
    if (several && view.measure === "points" && view.interval !== "none" && !bandsOf(shown, view)) found.push(`With more than ${MOST_BANDS} series on one axis, intervals are in the table only.`);
    return found.map(capital);
  };

  const tableRows = () => {
    const rows = shown.flatMap(({ choice, rows: own }) => own.map((row) => ({ ...row, series: inWords(choice), choice, monthDay: `${isoMonth(row.month)}-01`, reading: view.reading,
      isCensored: row.censored === null || row.censored === undefined ? null : Boolean(row.censored) })));
    return rows.sort((one, other) => (one.series < other.series ? -1 : one.series > other.series ? 1 : other.month - one.month));
  };

  const HEADINGS = { series: "Series", month: "Month", published_on: "Published", measured_on: "At", vintage: "Vintage", reading: "Reading", status: "Known", gap_points: "Lead, points",
    gap_pct: "Lead, percent", expected_score: "Expected score", lag_months: "Months behind", is_censored: "At least", since_model: "Counted from", since_on: "of",
    gap_low: "95 % from", gap_high: "to", gap_low_wide: "95 % wide from", gap_high_wide: "to", gap_at_least: "At least", a_model: "First", a_score: "its score", b_model: "Second", b_score: "its score", source_id: "Source" };
  const headings = (name) => {
    const all = [...new Set(shown.map(({ choice }) => JSON.stringify(sides(choice))))];
    if (name === "a_model") return all.length === 1 ? capital(JSON.parse(all[0]).a.replace(/^the /, "")) : "First model";
    if (name === "b_model") return all.length === 1 ? capital(JSON.parse(all[0]).b.replace(/^the /, "")) : "Second model";
    return HEADINGS[name];
  };
  const NUMBERS = new Set(["gap_points", "gap_low", "gap_high", "gap_low_wide", "gap_high_wide", "gap_at_least", "a_score", "b_score", "gap_pct", "expected_score", "lag_months"]);

  const cell = (name, own) => {
    if (own === null || own === undefined) return "–";
    if (NUMBERS.has(name)) return name === MEASURES[view.measure].column ? MEASURES[view.measure].show(own) : rounded(own);
    if (name === "month") return monthName(monthNumber(own));
    if (["published_on", "measured_on", "vintage", "since_on"].includes(name)) return dayName(own);
    if (name === "status") return STATUSES[own] ?? own.replaceAll("_", " ");
    if (name === "reading") return READINGS[own][0];
    if (name === "is_censored") return own ? "at least" : "";
    return own;
  };

  const fillTable = () => {
    const rows = tableRows();
    const columns = columnsOf(view).filter(([name, field]) => (name !== "series" || shown.length > 1) && (name !== "reading") &&
      (!["gap_at_least", "gap_low", "gap_high", "gap_low_wide", "gap_high_wide"].includes(name) || rows.some((row) => row[field] !== null)));
    by("x-count").textContent = count(rows.length, "row");
    const head = element("thead", {}, element("tr", {}, ...columns.map(([name]) => element("th", { scope: "col", class: NUMBERS.has(name) ? "number" : null }, headings(name)))));
    const body = element("tbody", {}, ...rows.map((row) => element("tr", {}, ...columns.map(([name, field]) => {
      const text = cell(name, row[field]);
      if (name === "series") return element("th", { scope: "row", "data-label": headings(name) }, shown.find(({ choice }) => choice === row.choice).name);
      const made = NUMBERS.has(name) && row[field] !== null ? element("data", { value: String(row[field]) }, text) : text;
      return element("td", { class: NUMBERS.has(name) ? "number" : ["a_model", "b_model", "since_model"].includes(name) ? "name" : null, translate: name.endsWith("model") ? "no" : null, "data-label": headings(name) }, made);
    }))));
    by("x-table").replaceChildren(element("caption", {}, `Rows of: ${title(view.series, view)}`), head, body);
  };

  const quotedField = (own) => {
    const text = own === null || own === undefined ? "" : String(own);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const csv = () => {
    const columns = columnsOf(view);
    return [columns.map(([name]) => name), ...tableRows().map((row) => columns.map(([, field]) => row[field]))].map((line) => line.map(quotedField).join(",")).join("\n") + "\n";
  };
  const fileName = () => `aigap-${view.series.map(choiceText).join("-and-").replaceAll(".", "-").slice(0, 120)}-${view.measure}`;
  const download = (name, blob) => {
    const address = URL.createObjectURL(blob);
    const link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  const picture = async (kind) => {
    if (!shown.some(({ rows }) => rows.length)) return;
    const words = { title: title(view.series, view), subtitle: subtitle(view.series, view, shown), source: sourceLine(shown) };
    const spec = drawingOf(panelsOf(shown, view), view, words);
    const own = (await vegaEmbed(element("div"), spec, { mode: "vega-lite", renderer: "svg", actions: false })).view;
    if (kind === "svg") {
      download(`${fileName()}.svg`, new Blob([await own.toSVG()], { type: "image/svg+xml" }));
    } else {
      const canvas = await own.toCanvas(2);
      canvas.toBlob((blob) => download(`${fileName()}.png`, blob), "image/png");
    }
    own.finalize();
  };

  // --- the chart

  const emptyState = (panel) => element("div", { class: "empty" }, element("h3", {}, "No figure to draw"),
    ...panel.shown.map((own) => (own.impossible ? element("p", {}, own.impossible)
      : element("ul", {}, ...missingWords(own.missing).map((each) => element("li", {}, element("strong", {}, `${capital(each.words.split(":")[0])}`), `${each.words.includes(":") ? `:${each.words.split(":").slice(1).join(":")}` : ""}. ${each.when} (${count(each.months, "month")}).`)),
        ...(own.missing.length ? [] : [element("li", {}, element("strong", {}, "Nothing held"), " in the months that are chosen.")])))));

  // Narrower charts have no room for names at the ends of their lines, and get a legend.
  const WIDE = 620;
  const draw = async (panels = panelsOf(shown, view)) => {
    const turn = drawing += 1;
    for (const own of drawn) own.result?.finalize();
    drawn = [];
    unpoint(true);
    const places = panels.map((panel) => {
      // Vega writes roles of its own on the element it draws in: it gets one inside
      const place = element("div", { class: "plot", role: "img", "aria-label": labelOf(panel) }, element("div", { "aria-hidden": "true" }));
      const empty = !panel.shown.some(({ rows }) => rows.length);
      const named = panel.coloured && panel.shown.length > 1 && by("x-panels").clientWidth < WIDE;
      const legend = named && !empty ? element("p", { class: "legend" }, ...panel.shown.map((own) => element("span", {}, swatch(own.at), own.name))) : null;
      const section = element("div", { class: "panel" }, panel.title ? element("h3", {}, panel.title) : null, legend, empty ? emptyState(panel) : place);
      return { panel, place, section, empty };
    });
    const host = by("x-panels");
    host.className = `panels panels-${Math.min(panels.length, 3)}`;
    host.replaceChildren(...places.map(({ section }) => section));
    const palette = paletteOf(theme());
    for (const own of places.filter(({ empty }) => !empty)) {
      const width = own.place.clientWidth;
      const several = own.panel.coloured && own.panel.shown.length > 1;
      const labels = several && width >= WIDE;
      const left = 52;
      const right = labels ? Math.min(230, Math.round(width * 0.28)) : 52;
      const size = { width: width - left - right, height: panels.length > 1 ? 230 : width < 500 ? 280 : 400, labels, right };
      const spec = { ...panelLayers(own.panel, view, size, palette), config: configOf(palette), autosize: { type: "none" },
        padding: { left, right, top: 28, bottom: 40 } };
      const result = await vegaEmbed(own.place.firstChild, spec, { mode: "vega-lite", renderer: "svg", actions: false, tooltip: false });
      if (turn !== drawing) { result.finalize(); return; }
      drawn.push({ ...own, result, size, left, card: element("div", { class: "tip", hidden: true }), line: element("div", { class: "cursor", hidden: true }) });
      const made = drawn.at(-1);
      own.place.append(made.line, made.card);
      follow(made);
    }
    const [from, to] = shown.some(({ rows }) => rows.length) ? rangeOf(view, shown) : [0, 0];
    const slider = by("x-month");
    [slider.min, slider.max, slider.value] = [from, to, to];
    slider.closest("label").hidden = !drawn.length || from === to;
    slider.setAttribute("aria-valuetext", readOut(to));
    root.dataset.drawn = String(turn);
  };

  const labelOf = (panel) => {
    const rows = panel.shown.filter((own) => own.rows.length);
    const newest = rows.map((own) => `${panel.shown.length > 1 ? `${own.name}: ` : ""}${sentence(own.choice, view, own.rows.at(-1))}`).join(" ");
    const months = rows.flatMap((own) => own.rows.map((row) => row.month));
    const span = months.length ? ` ${monthName(Math.min(...months))} to ${monthName(Math.max(...months))}.` : "";
    return `Chart. ${title(view.series, view)}${panel.title ? `, ${panel.title}` : ""}.${span} Newest: ${newest} Its rows are in the table below.`;
  };

  // --- reading a month: by pointer, by tap, by the slider

  let pinned = false;
  const readOut = (month) => {
    const words = shown.flatMap((own) => own.rows.filter((row) => row.month === month).map((row) => `${shown.length > 1 ? `${own.name}: ` : ""}${sentence(own.choice, view, row)} ${facts(own.choice, row).join(". ")}.`));
    return words.length ? words.join(" ") : `${monthName(month)}: no figure`;
  };
  const facts = (choice, row) => [
    `${sides(choice).aShort}: ${row.aModel ?? "no record"}${row.aScore === null ? "" : ` ${rounded(row.aScore)}`}`,
    `${sides(choice).bShort}: ${row.bModel ?? "no record"}${row.bScore === null ? "" : ` ${rounded(row.bScore)}`}`,
    ...(row.since ? [`counted from ${row.since} of ${dayName(row.sinceDay)}`] : []),
    `${view.measure === "lag" ? "measured at" : "published"} ${dayName(row.day)}${row.status === "observed" ? "" : `, ${STATUSES[row.status] ?? row.status.replaceAll("_", " ")}`}`,
  ];
  const point = (month, only = null) => {
    const slider = by("x-month");
    slider.value = month;
    slider.setAttribute("aria-valuetext", readOut(month));
    for (const own of drawn) {
      const rows = own.panel.shown.flatMap((each) => each.rows.filter((row) => row.month === month).map((row) => ({ each, row })));
      const [from, to] = rangeOf(view, own.panel.range);
      const [start, end] = [monthStart(from), monthStart(to + 1)];
      const when = rows.length ? rows[0].row.x : monthStart(month) + 15 * DAY;
      const x = own.left + ((when - start) / (end - start)) * own.size.width;
      own.line.style.left = `${x}px`;
      own.line.hidden = false;
      own.card.replaceChildren(element("p", { class: "when" }, monthName(month)), ...(rows.length ? rows.flatMap(({ each, row }) => [
        element("p", { class: "what" }, own.panel.coloured ? swatch(each.at) : null, own.panel.shown.length > 1 ? `${each.name} ` : "", element("strong", {}, `${row.censored ? "≥ " : ""}${MEASURES[view.measure].show(row.value)}`),
          row.low === null ? "" : ` (${rounded(row.low)} to ${rounded(row.high)})`, row.atLeast === null ? "" : `, at least ${rounded(row.atLeast)}`),
        ...(own.panel.shown.length > 3 ? [] : facts(each.choice, row).map((text) => element("p", {}, text)))]) : [element("p", {}, "No figure")]));
      own.card.hidden = only !== null && only !== own;
      const width = own.place.clientWidth;
      own.card.style.left = x > width / 2 ? "" : `${Math.min(x + 14, width - 40)}px`;
      own.card.style.right = x > width / 2 ? `${Math.max(width - x + 14, 0)}px` : "";
      own.card.style.maxWidth = `${Math.max(x > width / 2 ? x - 14 : width - x - 14, 150)}px`;
    }
  };
  const unpoint = (force = false) => {
    if (pinned && !force) return;
    pinned = false;
    for (const own of drawn) { own.card.hidden = true; own.line.hidden = true; }
  };
  const follow = (own) => {
    const monthAt = (event) => {
      const rect = own.place.getBoundingClientRect();
      const [from, to] = rangeOf(view, own.panel.range);
      const [start, end] = [monthStart(from), monthStart(to + 1)];
      const when = start + ((event.clientX - rect.left - own.left) / own.size.width) * (end - start);
      const rows = own.panel.shown.flatMap((each) => each.rows);
      return rows.reduce((best, row) => (Math.abs(row.x - when) < Math.abs(best.x - when) ? row : best)).month;
    };
    own.place.addEventListener("pointermove", (event) => { if (!pinned && event.pointerType === "mouse") point(monthAt(event), own); });
    own.place.addEventListener("pointerleave", () => unpoint());
    own.place.addEventListener("click", (event) => {
      const month = monthAt(event);
      const again = pinned && Number(by("x-month").value) === month;
      unpoint(true);
      if (!again) { point(month, own); pinned = true; }
    });
  };

  // --- start

  const open = () => {
    const asked = readAddress(location.hash);
    view = asked.view;
    by("x-problem").hidden = !asked.problems.length;
    by("x-problem").textContent = asked.problems.length ? `The link asks for ${listed(asked.problems)}, which this release does not hold. What is nearest is shown.` : "";
    by("x-link").value = location.href;
    markQuestion();
    return show();
  };

  listen();
  open();
