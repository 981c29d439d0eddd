"use strict";

/** The token lives as long as the tab does; no cookie carries it, so no other page can make use of it. */
const access = {
  form: document.getElementById("access"),

  /** Fetch with the token that was entered, if any; where one is missing or lacks a scope, ask for it. */
  async fetch(address, options = {}) {
    const token = sessionStorage.getItem("token");
    const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const response = await fetch(address, { ...options, headers });
    if (response.status === 401 || response.status === 403) {
      access.form.hidden = false;
      access.form.token.focus();
    }
    return response;
  },

  remember(event) {
    event.preventDefault();
    const token = access.form.token.value.trim();
    if (token) sessionStorage.setItem("token", token);
    else sessionStorage.removeItem("token");
    access.form.token.value = "";
    access.form.hidden = Boolean(token);
  },
};

access.form.addEventListener("submit", access.remember);
