"use strict";

/**
 * The token lives as long as the tab does; no cookie carries it, so no other page can make use of it. The link that
 * the service prints carries it in the fragment, which browsers send to nobody.
 */
const access = {
  form: document.getElementById("access"),

  get token() {
    return sessionStorage.getItem("token");
  },

  /** Take the token out of the link, if it has one, and show what needs a token only to those who have one. */
  signIn() {
    const linked = /^#token=(trg_[0-9a-f]{12}_[0-9a-f]{64})$/.exec(location.hash);
    if (linked) {
      sessionStorage.setItem("token", linked[1]);
      history.replaceState(null, "", location.pathname + location.search);
    }
    access.form.hidden = Boolean(access.token);
    for (const part of document.querySelectorAll("main > :not(#access)")) part.hidden = !access.token;
    if (!access.token) access.form.token.focus();
    return Boolean(linked);
  },

  /** Fetch with the token; where it is not known or lacks a scope, ask for another one. */
  async fetch(address, options = {}) {
    const headers = { ...options.headers, ...(access.token ? { Authorization: `Bearer ${access.token}` } : {}) };
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
    access.signIn();
  },
};

access.form.addEventListener("submit", access.remember);
addEventListener("hashchange", () => { if (access.signIn()) location.reload(); });
access.signIn();
