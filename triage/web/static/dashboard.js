"use strict";

const numbers = document.getElementById("numbers");
const choice = document.getElementById("choice");
const statusLine = document.getElementById("status");
const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const count = (number) => number.toLocaleString("en");
const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;
const part = (some, of) => (of ? percent(some / of) : "–");
const between = (found) =>
  found ? `${percent(found.estimate, 1)} (${percent(found.lower, 1)} to ${percent(found.upper, 1)})` : "–";

function tile(title, big, small, state = "") {
  return make("section", { className: `tile ${state}` },
    make("h2", {}, title), make("p", { className: "big" }, big), make("p", {}, small));
}

function panel(title, wide, ...children) {
  return make("section", { className: wide ? "panel wide" : "panel" }, make("h2", {}, title), ...children);
}

/** A table whose first column names the rows; `columns` are [heading, row => cell] pairs. */
function table(caption, rows, columns) {
  const cell = (row, [, value], place) => {
    const shown = value(row);
    const element = place ? make("td") : make("th", { scope: "row" });
    element.append(shown);
    return element;
  };
  return make("table", { ariaLabel: caption },
    make("thead", {}, make("tr", {}, ...columns.map(([name]) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...columns.map((column, at) => cell(row, column, at))))));
}

const word = (state) =>
  make("span", { className: `word ${state}` }, { kept: "kept", broken: "broken", unknown: "not yet known" }[state]);

const COUNTS = [
  ["Tickets", (row) => count(row.tickets)],
  ["Applied", (row) => part(row.apply, row.tickets)],
  ["Suggested", (row) => part(row.suggest, row.tickets)],
  ["Left alone", (row) => part(row.abstain, row.tickets)],
  ["Suggestions accepted, of those judged", (row) => part(row.suggested.right, row.suggested.judged)],
  ["Applied and corrected, of those judged",
    (row) => part(row.applied.judged - row.applied.right, row.applied.judged)],
];

/** Stacked bars, one a week, weeks without a ticket included. */
function weeksPlot(found) {
  const width = 900, height = 220, left = 46, bottom = 24;
  const known = new Map(found.by_week.map((row) => [row.name, row]));
  const first = Date.parse(found.since);
  const names = Array.from({ length: found.weeks }, (_, week) =>
    new Date(first + week * 7 * 86400000).toISOString().slice(0, 10));
  const most = Math.max(1, ...found.by_week.map((row) => row.tickets));
  const step = (width - left) / names.length;
  const scale = (height - bottom - 10) / most;
  const plot = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": "Tickets a week by what was done; the table below has the numbers" });
  for (const tick of [0, 0.5, 1]) {
    const y = height - bottom - tick * most * scale;
    plot.append(draw("line", { class: "axis", x1: left, x2: width, y1: y, y2: y }),
      draw("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, count(Math.round(tick * most))));
  }
  names.forEach((name, at) => {
    const row = known.get(name);
    let y = height - bottom;
    for (const action of row ? ["apply", "suggest", "abstain"] : []) {
      y -= row[action] * scale;
      plot.append(draw("rect", { class: `bar-${action}`, x: left + at * step + step * 0.12, y,
        width: step * 0.76, height: row[action] * scale },
      draw("title", {}, `${name}: ${count(row[action])} ${action}`)));
    }
    if (at % Math.ceil(names.length / 9) === 0) {
      plot.append(draw("text", { x: left + at * step, y: height - 6 }, name.slice(5)));
    }
  });
  return plot;
}

/** One line a field: the observed error of the bundle in use, with its interval, beside the target error. */
function guaranteePlot(fields) {
  const width = 900, line = 30, left = 150;
  const farthest = Math.max(...fields.flatMap((one) => [1.5 * one.target_error, one.in_use.error.upper]));
  const most = [0.04, 0.08, 0.2, 0.4, 0.8].find((end) => farthest <= end) ?? 1;
  const x = (share) => left + (share / most) * (width - left - 20);
  const height = fields.length * line + 26;
  const plot = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": "Observed error of each field beside its guarantee; the table below has the numbers" });
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    plot.append(draw("line", { class: "axis", x1: x(tick * most), x2: x(tick * most), y1: 0, y2: height - 20 }),
      draw("text", { x: x(tick * most), y: height - 6, "text-anchor": tick === 1 ? "end" : "middle" }, percent(tick * most)));
  }
  fields.forEach((one, at) => {
    const y = at * line + line / 2;
    plot.append(
      draw("text", { x: left - 10, y: y + 4, "text-anchor": "end" }, one.name.slice(0, 20)),
      draw("line", { class: `reach ${one.guarantee}`, x1: x(one.in_use.error.lower), x2: x(one.in_use.error.upper), y1: y, y2: y }),
      draw("circle", { class: `dot ${one.guarantee}`, cx: x(one.in_use.error.estimate), cy: y, r: 5 }),
      draw("line", { class: "target", x1: x(one.target_error), x2: x(one.target_error), y1: y - 11, y2: y + 11 }));
  });
  return plot;
}

function guaranteeTile(fields) {
  const broken = fields.filter((one) => one.guarantee === "broken");
  const kept = fields.filter((one) => one.guarantee === "kept");
  if (broken.length) return tile("Guarantee", "Broken", `by ${broken.map((one) => one.name).join(", ")}`, "bad");
  if (!kept.length) return tile("Guarantee", "Not yet known", "too few holdout tickets are judged", "unsure");
  const open = fields.length - kept.length;
  return tile("Guarantee", "Kept", `by ${kept.length} of ${counted(fields.length, "field")}` +
    (open ? "; too little is known of the others" : ""), open ? "" : "good");
}

function deflectionTile({ deflected, shown, control, discarded }) {
  const sizes = `${counted(shown.sessions, "session")}, ${count(control.sessions)} in the control group` +
    (discarded ? `, ${count(discarded)} discarded` : "");
  if (!deflected) return tile("Deflected", "–", `No comparison yet: ${sizes}.`, "unsure");
  const state = deflected.lower > 0 ? "good" : deflected.upper < 0 ? "bad" : "unsure";
  return tile("Deflected", percent(deflected.estimate, 1),
    `of sessions, ${percent(deflected.lower, 1)} to ${percent(deflected.upper, 1)}; ${sizes}`, state);
}

function show(found) {
  const total = found.total;
  const fields = found.by_field;
  const measured = fields.filter((one) => one.in_use?.error);
  const unanswered = found.unanswered_searches;
  numbers.replaceChildren(
    make("div", { className: "tiles" },
      tile("Tickets", count(total.tickets), `in ${counted(found.weeks, "week")}`),
      tile("Something applied", part(total.apply, total.tickets),
        `of tickets; ${part(total.suggest, total.tickets)} had suggestions only`),
      guaranteeTile(fields),
      deflectionTile(found.deflection),
      tile("Searches without an answer", unanswered.length ? unanswered[0].text : "none",
        unanswered.length ? `${counted(unanswered[0].count, "time")}, most of all` : "every search had an answer", "words")),
    make("div", { className: "panels" },
      panel("Tickets a week", true,
        make("ul", { className: "key" }, make("li", { className: "apply" }, "something applied"),
          make("li", { className: "suggest" }, "suggested only"), make("li", {}, "left alone")),
        weeksPlot(found),
        make("details", {}, make("summary", {}, "Numbers by week"),
          table("By week", found.by_week, [["Week of", (row) => row.name], ...COUNTS,
            ["Observed error", (row) => between(row.error)]]))),
      panel("The guarantee: observed error of values that would have been applied", true,
        make("p", { className: "soft" }, "Judged by all tickets of the bundle that answers now, whatever is chosen " +
          "above, since the last suspension of a field was lifted. Earlier bundles count as history only."),
        measured.length ? guaranteePlot(measured)
          : make("p", { className: "soft" }, "None of its holdout tickets has been judged yet."),
        table("By field", fields, [["Field", (row) => row.name],
          ["Target: at most", (row) => percent(row.target_error, 1)],
          ["Observed error (95 %)", (row) => between(row.in_use?.error)],
          ["Judged holdout tickets", (row) => count(row.in_use?.holdout.judged ?? 0)],
          ["Guarantee", (row) => word(row.guarantee)],
          ["Now", (row) => (row.suspended ? "suspended: suggested only" : "by its thresholds")],
          ["All bundles, as chosen (95 %)", (row) => between(row.error)],
          ...COUNTS.slice(1)])),
      panel("Searches without an answer", false, unanswered.length
        ? table("Searches without an answer", unanswered, [["Search", (row) => row.text],
          ["Language", (row) => row.language], ["Times", (row) => count(row.count)],
          ["Last", (row) => row.last_at.slice(0, 10)]])
        : make("p", { className: "soft" }, "Every search had an answer, or their text is not kept.")),
      panel("Deflection by language", false,
        table("Deflection by language", found.deflection_by_language, [["Language", (row) => row.language],
          ["Sessions", (row) => count(row.shown.sessions)],
          ["Ticket all the same", (row) => part(row.shown.submitted, row.shown.sessions)],
          ["In the control group", (row) => part(row.control.submitted, row.control.sessions)],
          ["Discarded", (row) => count(row.discarded)],
          ["Deflected (95 %)", (row) => between(row.deflected)]])),
      panel("By language", true, table("By language", found.by_language, [["Language", (row) => row.name], ...COUNTS])),
      panel(`By ${found.segment_field}`, true,
        table(`By ${found.segment_field}`, found.by_segment, [["Name", (row) => row.name || "none"], ...COUNTS]))),
  );
  offer(choice.language, found.by_language);
  offer(choice.segment, found.by_segment.filter((row) => row.name));
  document.getElementById("segment-name").textContent = found.segment_field;
  statusLine.textContent = `Since ${found.since}`;
}

/** Let a value be chosen; once one is, the others are kept from before. */
function offer(select, rows) {
  if (select.value) return;
  select.replaceChildren(make("option", { value: "" }, "all"),
    ...rows.map((row) => make("option", { value: row.name }, row.name)));
}

let asked = 0;

async function ask() {
  if (!access.token) {
    statusLine.textContent = "A token is needed";
    return;
  }
  const mine = (asked += 1);
  numbers.setAttribute("aria-busy", "true");
  const wanted = new URLSearchParams([...new FormData(choice)].filter(([, value]) => value));
  try {
    const response = await access.fetch(`/v1/statistics?${wanted}`);
    const found = await response.json();
    if (mine !== asked) return; // the choice has changed meanwhile, and its answer may be there already
    if (response.ok) show(found);
    else {
      statusLine.textContent = "No numbers";
      const problems = Object.values(found.error.fields).flat();
      numbers.replaceChildren(make("p", { className: "error" }, [found.error.message, ...problems].join(" ")));
    }
  } catch {
    if (mine === asked) statusLine.textContent = "The service does not answer.";
  } finally {
    if (mine === asked) numbers.setAttribute("aria-busy", "false");
  }
}

choice.addEventListener("change", ask);
access.form.addEventListener("submit", ask);
ask();
watchState();
