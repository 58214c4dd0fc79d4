// Everything here improves a page that works without it.
(() => {
  "use strict";
  const root = document.documentElement;

  // The look changes at once; the cookie has the server write it into the next page.
  document.querySelector("[data-theme-link]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
  });

  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));

  // What helps only those who run this script is hidden until it runs, in the page and in fragments that come later.
  const unveil = (part) => part.querySelectorAll("[data-js]").forEach((one) => { one.hidden = false; });
  unveil(document);
  document.addEventListener("htmx:after:swap", () => unveil(document));

  // What stands beside a list is busy while another is fetched; what comes takes its place, or it stays as it was.
  const beBusy = (isBusy) => document.getElementById("peek")?.setAttribute("aria-busy", isBusy);
  document.addEventListener("htmx:before:request", () => beBusy(true));
  document.addEventListener("htmx:finally:request", () => beBusy(false));

  // A search that takes long says so and can be given up.
  const SLOW_AFTER_MS = 3000;
  const slow = document.querySelector("[data-slow]");
  let slowly = 0;
  const settle = () => { clearTimeout(slowly); slow.replaceChildren(); };
  const wait = () => {
    settle();
    slowly = setTimeout(() => {
      const stop = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: slow.dataset.stop });
      stop.addEventListener("click", () => { window.stop(); settle(); });
      slow.append(`${slow.dataset.slow} `, stop);
    }, SLOW_AFTER_MS);
  };
  if (slow) {
    document.addEventListener("submit", (event) => { if (new URL(event.target.action).pathname === location.pathname) wait(); });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      const isElsewhere = !link || link.pathname !== location.pathname || link.hash || event.ctrlKey || event.metaKey || event.shiftKey;
      if (!isElsewhere) wait();
    });
    addEventListener("pagehide", settle);
  }

  // A form that opens takes the cursor; one that is folded away leaves nothing behind.
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.act") && event.target.open) event.target.querySelector("textarea, select, input:not([type=hidden]), form button")?.focus();
  }, true);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    document.querySelectorAll("details.drop[open]").forEach((one) => { if (!one.contains(event.target)) one.open = false; });
  });

  // On a phone the facets start closed, so that what was found comes first.
  if (matchMedia("(max-width: 64rem)").matches) document.querySelectorAll("details.facet[open]").forEach((facet) => { facet.open = false; });

  // Keys by their place (event.code): under a Russian layout J writes "о", and a Kazakh one has letters in the row of digits.
  // <body data-keys="off"> switches single keys off (WCAG 2.1.4).
  const isTyping = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const go = (next) => {
    if (!rows[next]) return;
    rows[at]?.setAttribute("aria-selected", "false");
    at = next;
    rows[at].setAttribute("aria-selected", "true");
    rows[at].querySelector("a")?.focus();
    rows[at].dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("[data-look]")) event.preventDefault();
    else if (event.target.closest("a, button, input, label, summary")) return;
    go(rows.indexOf(row));
  });

  // Marks: one by one, from the last one to here, or all; a status says how many.
  const boxes = [...document.querySelectorAll("[data-row] input[type=checkbox]")];
  let lastMarked = -1;
  const tell = () => {
    const n = boxes.filter((box) => box.checked).length;
    document.querySelectorAll("[data-marked]").forEach((output) => { output.textContent = n; });
    const all = document.querySelector("[data-mark-all]");
    if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-mark-all]")) boxes.forEach((box) => { box.checked = event.target.checked; });
    else if (boxes.includes(event.target)) lastMarked = boxes.indexOf(event.target);
    else return;
    tell();
  });
  const markRange = () => {
    const from = lastMarked < 0 ? at : lastMarked;
    boxes.slice(Math.min(from, at), Math.max(from, at) + 1).forEach((box) => { box.checked = true; });
    lastMarked = at;
    tell();
  };
  if (boxes.length) tell();

  // Asks the server for something; a session that has ended is told on the page, and what was typed stays there.
  const ended = document.getElementById("session-ended");
  const ask = async (address, options = {}) => {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", ...options });
    const isOut = answer.type === "opaqueredirect" || answer.status === 401;
    if (ended) ended.hidden = !isOut;
    return answer.ok ? answer : null;
  };

  // What is typed is kept by the server while somebody types, at most so often, and once more when the page is left.
  const keepEveryMs = 1000 * Number(document.body.dataset.keepEvery);
  const KEEP_AFTER_MS = 1000;
  const typing = new Map();
  const keepNow = async (form, isLeaving = false) => {
    const state = typing.get(form);
    clearTimeout(state.timer);
    state.timer = 0;
    state.at = Date.now();
    // With the button that names the step, where the form has no other word for it.
    const body = new URLSearchParams(new FormData(form, form.querySelector("button[name=step]")));
    try {
      const answer = await ask(form.dataset.keep, { method: "POST", body, keepalive: isLeaving });
      const told = form.querySelector("[data-kept]");
      if (!told || !answer) return;
      told.hidden = false;
      told.querySelector("time").textContent = await answer.text();
    } catch { /* Without a network the text is still on the page; the next keystroke tries again. */ }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!keepEveryMs || !form?.dataset.keep) return;
    if (!typing.has(form)) typing.set(form, { timer: 0, at: -Infinity });
    const state = typing.get(form);
    if (!state.timer) state.timer = setTimeout(() => keepNow(form), Math.max(KEEP_AFTER_MS, state.at + keepEveryMs - Date.now()));
  });
  document.addEventListener("submit", (event) => {
    const state = typing.get(event.target);
    if (!state || event.defaultPrevented) return;
    clearTimeout(state.timer);
    typing.delete(event.target);
  });
  addEventListener("pagehide", () => typing.forEach((state, form) => { if (state.timer) keepNow(form, true); }));

  // An open list asks what came and changed, but only while somebody sees it; its rows never move by themselves.
  const news = document.getElementById("news");
  const lookEveryMs = 1000 * Number(news?.dataset.lookEvery);
  let looked = Date.now();
  const look = async () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < lookEveryMs) return;
    looked = Date.now();
    try {
      const answer = await ask(news.dataset.news);
      if (!answer) return;
      const told = await answer.json();
      document.querySelectorAll("[data-view]").forEach((count) => { count.textContent = told.counts[count.dataset.view] ?? count.textContent; });
      if (news.textContent === told.news) return;
      const link = Object.assign(document.createElement("a"), { className: "btn", href: told.href, textContent: told.news });
      news.replaceChildren(...(told.news ? [link] : []));
    } catch { /* Without a network the list stands as it was. */ }
  };
  if (lookEveryMs) {
    setInterval(look, 1000);
    document.addEventListener("visibilitychange", look);
  }

  let isGoing = false;
  const sections = { KeyQ: "/cases", KeyS: "/search", KeyO: "/overview", KeyR: "/sources" };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || isTyping(event.target)) {
      if (event.code === "Enter" && event.ctrlKey) {
        // What the button names is a part of the form: the first button that sends it is pressed.
        const button = event.target.form?.querySelector("button:not([type=button]):not([formaction])");
        if (button) event.target.form.requestSubmit(button);
      }
      if (event.code === "Escape") event.target.blur();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || document.body.dataset.keys === "off") return;
    if (isGoing) {
      isGoing = false;
      if (sections[event.code]) { event.preventDefault(); location.href = sections[event.code]; }
      return;
    }
    if (event.code === "KeyG") { isGoing = true; return; }
    if (rows.length && event.code === "KeyJ") return go(at + 1);
    if (rows.length && event.code === "KeyK") return go(Math.max(0, at - 1));
    if (event.code === "KeyX" && event.shiftKey && rows[at]) return markRange();
    if (event.code === "KeyX" && rows[at]) return rows[at].querySelector("input[type=checkbox]")?.click();
    if (event.code === "KeyO" && rows[at]) return rows[at].querySelector("a")?.click();
    const key = event.code === "Slash" ? (event.shiftKey ? "?" : "/") : event.code.replace(/^(Key|Digit)/, "").toLowerCase();
    const element = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.getClientRects().length);
    if (!element) return;
    event.preventDefault();
    if (element.matches("dialog")) element.showModal();
    else if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  });
})();
