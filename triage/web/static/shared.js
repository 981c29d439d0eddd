"use strict";

/** Make an element; children that are strings become text, so nothing that is stored or sent is ever read as markup. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

const SOON_MS = 2000;
const LATER_MS = 30000;

/** Say below the heading what cannot answer, in the service's words, for as long as the page is open. */
async function watchState(ready = () => {}) {
  let problems = [], isReady = false;
  try {
    const response = await access.fetch("/readyz");
    const state = await response.json();
    isReady = response.ok;
    if (isReady) {
      ready(state);
      problems = Object.entries(state.missing).map(([part, why]) => `${part}: ${why}`);
      if (state.refused) problems.push(state.refused);
    } else problems = [state.error.message];
  } catch {
    problems = ["The service does not answer. Is it still running?"];
  }
  const place = document.getElementById("problems");
  const before = Array.from(place.children, (shown) => shown.textContent);
  if (before.join("\n") !== problems.join("\n")) {
    place.replaceChildren(...problems.map((problem) => make("p", { className: "error" }, problem)));
  }
  setTimeout(() => watchState(ready), isReady ? LATER_MS : SOON_MS);
}
