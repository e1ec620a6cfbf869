  // Vega-Lite of one panel: series of one scale over the months of the view. Sizes are of the plot, in pixels.

  const SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"];

  // Round numbers that cover `low` to `high` in at most `most` steps.
  const niceTicks = (low, high, most) => {
    const rough = (high - low || 1) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough - 1e-12);
    const ticks = [];
    for (let at = Math.floor(low / step + 1e-9); at <= Math.ceil(high / step - 1e-9); at += 1) ticks.push(Number((at * step).toPrecision(12)));
    return ticks;
  };

  const numbers = (shown, view) => shown.flatMap(({ rows }) =>
    rows.flatMap((row) => [row.value, ...(bandsOf(shown, view) ? [row.low, row.high] : []), row.atLeast])).filter((number) => number !== null);

  // With more series in a chart, bands would hide each other.
  const MOST_BANDS = 3;
  const bandsOf = (shown, view) => view.measure === "points" && view.interval !== "none" && (view.layout === "each" || shown.length <= MOST_BANDS
    || new Set(shown.map(({ choice }) => `${choice.board} ${choice.variant}`)).size === shown.length);

  // Ticks and domain of the values: from the level line, a little beyond the figures.
  const valueAxis = (shown, view) => {
    const { base } = MEASURES[view.measure];
    const found = numbers(shown, view);
    const [low, high] = [Math.min(base, ...found), Math.max(base, ...found)];
    const ticks = niceTicks(low, high, 5);
    const rim = 0.04 * (high - low || 1);
    const domain = [low < base ? Math.max(ticks[0], low - rim) : base, high > base ? Math.min(ticks.at(-1), high + rim) : base];
    if (domain[0] === domain[1]) domain[1] = ticks.at(-1) > base ? ticks.at(-1) : base + 1;
    return { domain, ticks: ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]) };
  };

  const monthTicks = (from, to, width) => {
    const most = Math.max(2, Math.floor(width / 50));
    const step = [1, 2, 3, 6, 12, 24].find((months) => (to - from) / months <= most) ?? 24;
    const ticks = [];
    for (let month = from; month <= to; month += 1) if (month % step === 0) ticks.push(monthStart(month));
    return ticks.length ? ticks : [monthStart(from)];
  };

  // Rows numbered so that a line joins months next to each other only.
  const inRuns = (rows) => rows.map((row, at) => ({ ...row, run: row.month - at }));

  const wrap = (text, length) => text.split(" ").reduce((lines, word) => {
    if (lines.length && `${lines.at(-1)} ${word}`.length <= length) lines[lines.length - 1] += ` ${word}`; else lines.push(word);
    return lines;
  }, []);

  // Labels of line ends, moved apart where they would touch.
  const dodged = (labels, perPixel) => {
    const sorted = [...labels].sort((one, other) => one.y - other.y);
    for (let pass = 0; pass < 60; pass += 1) {
      let moved = false;
      for (let at = 1; at < sorted.length; at += 1) {
        const gap = 7.5 * (sorted[at].text.length + sorted[at - 1].text.length);
        const short = gap * perPixel - (sorted[at].y - sorted[at - 1].y);
        if (short > 1e-9) { sorted[at].y += short / 2; sorted[at - 1].y -= short / 2; moved = true; }
      }
      if (!moved) break;
    }
    return sorted;
  };

  const rangeOf = (view, shown) => {
    const months = shown.flatMap(({ rows }) => rows.map((row) => row.month));
    return [view.from ?? Math.min(...months), view.to ?? Math.max(...months)];
  };

  const panelLayers = (panel, view, size, palette) => {
    const { shown, axis: { ticks, domain } } = panel;
    const coloured = panel.coloured;
    const { base, show } = MEASURES[view.measure];
    const [from, to] = rangeOf(view, panel.range ?? shown);
    const x = {
      field: "x", type: "temporal", title: null,
      scale: { type: "utc", nice: false, domain: [monthStart(from), monthStart(to + 1)] },
    };
    const timeTicks = monthTicks(from, to, size.width);
    const axis = { values: timeTicks, labelFlush: false, labelAngle: 0, grid: false,
      labelExpr: `[utcFormat(datum.value, '%b'), utcmonth(datum.value) == 0 || time(datum.value) == ${timeTicks[0]} ? utcFormat(datum.value, '%Y') : '']` };
    const suffix = view.measure === "percent" || view.measure === "expected" ? " %" : "";
    const scaled = view.measure === "expected" ? "100 * datum.value" : "datum.value";
    const y = (field) => ({ field, type: "quantitative", title: null, scale: { domain, nice: false, zero: false } });
    const yAxis = { values: ticks, domain: false, ticks: false, labelPadding: 6, labelExpr: `replace(format(${scaled}, ',.12~g'), '-', '−') + '${suffix}'` };
    const layers = [
      { data: { values: [{ base }] }, mark: { type: "rule", color: palette.ink, strokeWidth: 1 }, encoding: { y: { ...y("base"), axis: yAxis } } },
    ];
    const [low, high] = domain;
    const perPixel = (high - low) / size.height;
    const ends = [];
    const dots = (values, colour, shape) => ({
      data: { values },
      name: "points",
      mark: { type: "point", size: size.width < 420 ? 26 : 46, strokeWidth: 1.75, opacity: 1, fillOpacity: 1, filled: false },
      encoding: {
        x: { ...x, axis },
        y: y("value"),
        shape: coloured ? { value: shape } : { condition: { test: `datum.value < ${base}`, value: "triangle-down" }, value: "circle" },
        stroke: coloured ? { value: colour } : { condition: { test: `datum.value < ${base}`, value: palette.cn }, value: palette.us },
        fill: { condition: [{ test: "datum.status == 'leaders_only' || datum.censored", value: palette.paper },
          ...(coloured ? [] : [{ test: `datum.value < ${base}`, value: palette.cn }])], value: coloured ? colour : palette.us },
      },
    });
    shown.forEach(({ rows, at }) => {
      const colour = coloured ? palette.series[at] : palette.ink;
      const measured = inRuns(rows.filter((row) => row.low !== null && panel.bands));
      if (measured.length) {
        layers.push({ data: { values: measured }, mark: { type: "area", color: colour, opacity: coloured ? 0.13 : 0.1 },
          encoding: { x: { ...x, axis }, y: y("low"), y2: { field: "high" }, detail: { field: "run" } } });
        if (!coloured) layers.push({ data: { values: measured }, name: "intervals", mark: { type: "rule", color: colour, opacity: 0.55, strokeWidth: 1.5 },
          encoding: { x: { ...x, axis }, y: y("low"), y2: { field: "high" } } });
      }
    });
    shown.forEach(({ rows, at, name }) => {
      const colour = coloured ? palette.series[at] : palette.ink;
      layers.push({ data: { values: inRuns(rows) }, mark: { type: "line", color: colour, strokeWidth: coloured ? 2.25 : 1.75 },
        encoding: { x: { ...x, axis }, y: y("value"), detail: { field: "run" } } });
      const bounds = rows.filter((row) => row.atLeast !== null);
      if (bounds.length) {
        layers.push({ data: { values: bounds }, name: "bounds", mark: { type: "point", shape: "triangle-up", size: 50, strokeWidth: 1.5, filled: false, opacity: 1, stroke: palette.muted },
          encoding: { x: { ...x, axis }, y: y("atLeast") } });
      }
      layers.push({ ...dots(rows, colour, SHAPES[at]), name: coloured ? `points_${at}` : "points" });
      const last = rows.at(-1);
      const words = size.labels && coloured ? wrap(`${show(last?.value ?? 0)} ${name}`, Math.floor(size.right / 7.2)).slice(0, 3) : [show(last?.value ?? 0)];
      if (last) ends.push({ x: last.x, y: last.value, colour, text: words });
    });
    dodged(ends, perPixel).forEach((end) => {
      layers.push({ data: { values: [end] }, mark: { type: "text", align: "left", dx: 9, dy: coloured ? -7 * (end.text.length - 1) : -10, baseline: "middle", fontSize: coloured ? 12 : 13, lineHeight: 14, fontWeight: 600,
        color: coloured ? end.colour : palette.ink, clip: false }, encoding: { x: coloured ? { value: size.width } : { ...x, axis }, y: y("y"), text: { field: "text" } } });
    });
    // with a rim of paper, so that a line below does not cross it
    const caption = (text, dy, atBottom) => [{ stroke: palette.paper, strokeWidth: 4, opacity: 0.85 }, {}].map((rim) => ({
      data: { values: [{}] }, mark: { type: "text", align: "left", baseline: atBottom ? "bottom" : "top", fontSize: 12, color: palette.muted, dx: atBottom ? 3 : 0, dy, clip: false, ...rim },
      encoding: { x: { value: 0 }, y: { value: atBottom ? size.height : 0 }, text: { value: text } } }));
    const [up, down] = directions(shown, view);
    if (high > base) layers.push(...caption(`▲ ${up}`, -19, false));
    if ((base - low) / perPixel > 20) layers.push(...caption(`▼ ${down}`, -4, true));
    return { width: size.width, height: size.height, layer: layers };
  };

  const directions = (shown, view) => {
    const words = [...new Set(shown.map(({ choice }) => JSON.stringify(sides(choice))))];
    if (words.length > 1) return ["first named ahead", "second named ahead"];
    const { aShort, bShort } = JSON.parse(words[0]);
    return view.measure === "lag" ? [`${bShort} behind`, `${bShort} ahead`] : [`${aShort} ahead`, `${bShort} ahead`];
  };

  const paletteOf = (theme) => ({ ...LOOK.palettes[theme], series: LOOK.series[theme] });
  const configOf = (palette) => JSON.parse(JSON.stringify(LOOK.config), (name, own) => (typeof own === "string" && own.startsWith("@") ? palette[own.slice(1)] : own));

  // Axes of one unit are of equal length unless that would squeeze a panel to less than a part of its height.
  const MOST_SQUEEZED = 2.5;

  // Series that may share an axis, in panels. Points of two boards or variants never do.
  const panelsOf = (figured, view) => {
    const scale = ({ choice }) => (view.layout === "each" ? inWords(choice)
      : view.measure === "expected" || view.measure === "lag" ? "one" : `${choice.board} ${choice.variant}${view.measure === "percent" ? ` ${choice.pair}` : ""}`);
    const groups = new Map();
    for (const own of figured) groups.set(scale(own), [...(groups.get(scale(own)) ?? []), own]);
    const panels = [...groups.values()];
    const coloured = panels.some((own) => own.length > 1);
    return panels.map((own) => {
      const unit = unitOf(own[0].choice, view);
      const same = figured.filter(({ choice }) => unitOf(choice, view) === unit);
      const [shared, alone] = [valueAxis(same, view), valueAxis(own, view)];
      const length = ({ domain }) => domain[1] - domain[0];
      const names = own.length > 1 && panels.length > 1 ? ownNames(own.map(({ choice }) => choice)) : own.map(({ name }) => name);
      return { shown: own.map((each, at) => ({ ...each, name: names[at] })), coloured, bands: bandsOf(figured, view), range: figured,
        axis: length(shared) > MOST_SQUEEZED * length(alone) ? alone : shared,
        title: panels.length === 1 ? "" : panelTitle(own, panels) };
    });
  };
  const panelTitle = (own, panels) => {
    if (own.length === 1) return own[0].name;
    const first = panels.map((each) => each[0].choice);
    return ownNames(first)[panels.indexOf(own)];
  };

  // Layers of one name share their rows, in whatever panel they are: each panel has names of its own.
  const apart = (spec, panel) => ({ ...spec, layer: spec.layer.map((layer) => (layer.name ? { ...layer, name: `${layer.name}_of_${panel}` } : layer)) });

  // The same for a file: all panels above one another on white, with the words around them.
  const drawingOf = (panels, view, words) => {
    const palette = paletteOf("light");
    const wide = panels.some((panel) => panel.coloured && panel.shown.length > 1);
    const width = 860;
    return {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      vconcat: panels.filter(({ shown }) => shown.some(({ rows }) => rows.length)).map((panel, at) => ({
        ...apart(panelLayers(panel, view, { width: wide ? width - 190 : width, height: panels.length > 2 ? 230 : 340, labels: wide, right: 230 }, palette), at),
        ...(panel.title ? { title: { text: panel.title, fontSize: 14, offset: 26 } } : {}),
      })),
      spacing: 28,
      padding: 20,
      title: { text: wrap(words.title, 82), subtitle: [...wrap(words.subtitle, 130), ...wrap(words.source, 130)] },
      config: configOf(palette),
    };
  };
