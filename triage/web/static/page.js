"use strict";

const form = document.getElementById("ticket");
const answer = document.getElementById("answer");
const statusLine = document.getElementById("status");
const button = form.querySelector("button");

const percent = (share) => `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;
const shown = (value) =>
  Array.isArray(value) ? value.join(", ") || "none" : (value ?? "left to a person");

/** The service counts characters as Unicode code points, JavaScript as UTF-16 units. */
function marked(text, spans) {
  const characters = Array.from(text);
  const parts = [];
  let at = 0;
  for (const { start, end, against } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    parts.push(characters.slice(at, start).join(""));
    parts.push(make("mark", { className: against ? "against" : "" }, characters.slice(start, end).join("")));
    at = end;
  }
  parts.push(characters.slice(at).join(""));
  return parts;
}

function field([name, decision]) {
  const others = decision.alternatives
    .filter((other) => other.value !== decision.value)
    .slice(0, 3)
    .map((other) => `${other.value} ${percent(other.confidence)}`);
  const reasons = decision.reasons
    .filter((reason) => !reason.deprecated) // an old kind, with the text of the reason before it
    .map((reason) => make("li", {}, reason.text));
  if (others.length) reasons.push(make("li", {}, `other values: ${others.join(", ")}`));
  return make(
    "div", { className: "field" },
    make("span", {}, name),
    make("span", {},
      make("span", { className: "value" }, shown(decision.value)),
      make("meter", { min: 0, max: 1, value: decision.confidence, title: "confidence" }),
      percent(decision.confidence)),
    make("span", { className: `action ${decision.action}` }, decision.action),
    make("details", {}, make("summary", {}, "Why"), make("ul", {}, ...reasons)),
  );
}

function article(found) {
  const title = /^https?:\/\//.test(found.url ?? "") ? make("a", { href: found.url }, found.title) : found.title;
  const notes = [percent(found.confidence) + " sure", found.language, found.visibility];
  if (found.foreign) notes.push("in another language");
  return make(
    "article", { lang: found.language },
    make("h3", {}, title),
    make("p", {}, ...marked(found.snippet, found.marks)),
    make("p", { className: "soft", lang: "en" }, notes.join(" · ")),
  );
}

function show(result) {
  const phrases = Object.values(result.fields)
    .flatMap((decision) => decision.reasons.flatMap((reason) => reason.phrases ?? []))
    .map((phrase) => ({ start: phrase.start, end: phrase.end, against: phrase.weight < 0 }));
  const strongest = phrases.filter((phrase) => !phrase.against);
  const language = result.language.code === "und" ? "unclear" : result.language.code;
  answer.replaceChildren(
    make("h2", {}, "Fields"),
    make("p", { className: "soft" },
      `Language: ${language} (${percent(result.language.confidence)})` +
      (result.novelty.is_novel ? ". Unlike all past tickets." : ".")),
    ...Object.entries(result.fields).map(field),
    make("h2", {}, "Articles"),
    ...Object.values(result.missing).map((why) => make("p", { className: "error" }, why)),
    ...result.articles.map(article),
    ...(result.articles.length || Object.keys(result.missing).length ? [] : [make("p", {}, "No article fits.")]),
    make("h2", {}, "What was read"),
    make("blockquote", { lang: result.language.code }, ...marked(result.text, strongest)),
    make("h2", {}, "Similar past tickets"),
    make("p", { className: "soft" }, result.similar.map((past) => past.id).join(", ") || "none"),
  );
}

async function send(event) {
  event.preventDefault();
  button.disabled = true;
  answer.setAttribute("aria-busy", "true");
  try {
    const response = await access.fetch("/v1/triage", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ subject: form.subject.value, body: form.body.value }),
    });
    const result = await response.json();
    if (response.ok) show(result);
    else {
      const problems = Object.values(result.error.fields).flat();
      answer.replaceChildren(make("p", { className: "error" }, [result.error.message, ...problems].join(" ")));
    }
  } catch {
    answer.replaceChildren(make("p", { className: "error" }, "The service does not answer. Is it still running?"));
  } finally {
    button.disabled = false;
    answer.setAttribute("aria-busy", "false");
    if (access.form.hidden) answer.focus({ preventScroll: true });
  }
}

form.addEventListener("submit", send);
form.body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
watchState((state) => { statusLine.textContent = `Ready, bundle ${state.bundle ?? "none"}`; });
