// The desk in a real browser: what people do all day, and what every page must hold. `node --test` runs it; ./test starts it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { close, examine, keep, open, signIn, signedIn, startBrowser, startDemo } from "./desk.mjs";

const LANGUAGES = ["kk", "ru", "en"];
let demo;
let browser;

before(async () => { [demo, browser] = await Promise.all([startDemo(), startBrowser()]); });
after(async () => { await browser?.close(); await demo?.end(); });

const at = (path) => `${demo.address}${path}`;

/** A page of somebody who is signed in. */
const as = (id, options) => signedIn(browser, demo, id, options);

/** The first link of a page that leads to a place of that form. */
const link = async (page, path, wanted) => {
  await page.goto(at(path));
  const all = await page.$$eval("a[href]", (links) => links.map((one) => one.getAttribute("href")));
  const found = all.find((href) => wanted.test(href));
  assert.ok(found, `${path} leads to no ${wanted}`);
  return found;
};

/** Addresses of one page of each kind, found as a reader finds them: by following links. */
const places = async (page) => {
  const found = {
    cases: "/cases",
    views: "/cases/views?query=view%3Dall%26q%3Dport",
    all: "/cases?view=all",
    case: await link(page, "/cases?view=all", /^\/cases\/[^/?#]+$/),
    nothing: "/cases?q=zzzzzz",
    search: "/search",
    hits: "/search?q=%D0%BE%D0%B1%D0%BB%D0%B0%D1%81%D1%82%D1%8C",
    none: "/search?q=zzzzzz",
    saved: "/saved",
    overview: "/overview",
    sources: "/sources",
    source: await link(page, "/sources", /^\/sources\/[^/?#]+$/),
    check: "/check",
    letters: "/letters",
    deadlines: "/deadlines",
    account: "/account",
  };
  found.publication = await link(page, found.case, /^\/publications\?/);
  found.record = await link(page, found.case, /^\/records\?/);
  found.draft = `${found.case}/letters/new`;
  found.reading = `${found.case}?read=value`;
  return found;
};

describe("what every page holds", () => {
  it("is clean for axe, the policy and the console at both widths, in both looks and all languages", async () => {
    const guide = await as("officer");
    const all = await places(guide);
    await close(guide);
    const admin = { users: "/admin", roles: "/admin/roles", tokens: "/admin/tokens", audit: "/admin/audit", files: "/admin/files", template: "/admin/files/letter.kk.txt", holidays: "/admin/files/holidays-2026.toml" };
    for (const width of [390, 1440]) {
      for (const dark of [false, true]) {
        for (const language of LANGUAGES) {
          for (const [who, those] of [["officer", all], ["administrator", admin]]) {
            const page = await as(who, { width, dark, language });
            for (const [name, path] of Object.entries(those)) {
              const answer = await page.goto(at(path));
              assert.equal(answer.status(), 200, path);
              assert.equal(await page.getAttribute("html", "lang"), language, path);
              assert.equal(await page.locator("h1").count(), 1, `${path} has one heading of the first rank`);
              const title = `${name}-${language}-${width}${dark ? "-dark" : ""}`;
              await keep(page, title);
              assert.deepEqual(await examine(page), [], `${title}: ${path}`);
            }
            await close(page);
          }
        }
      }
    }
  });

  it("shows what stands nowhere, and what is not allowed, as pages of the desk", async () => {
    const page = await as("officer");
    for (const [path, status] of [["/cases/none", 404], ["/nowhere", 404], ["/sources/none", 404], ["/admin", 403]]) {
      page.expected.add(String(status));
      const answer = await page.goto(at(path));
      assert.equal(answer.status(), status, path);
      assert.deepEqual(await examine(page), [], path);
    }
    await close(page);
  });
});

describe("who is let in", () => {
  it("leads to the sign-in, tells nothing about a wrong one, and back to where one wanted to go", async () => {
    const page = await open(browser, { address: demo.address, language: "en" });
    page.expected.add("401");
    await page.goto(at("/overview"));
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    for (const [id, password] of [["officer", "not the password"], ["nobody", "not the password"]]) {
      await page.fill("[name=id]", id);
      await page.fill("[name=password]", password);
      await Promise.all([page.waitForNavigation(), page.press("[name=password]", "Enter")]);
      assert.match(await page.textContent("[role=alert]"), /not right/);
      assert.equal(await page.inputValue("[name=password]"), "");
    }
    await page.fill("[name=id]", "officer");
    await page.fill("[name=password]", demo.people.officer);
    await Promise.all([page.waitForURL(at("/overview")), page.press("[name=password]", "Enter")]);
    await page.goto(at("/account"));
    await Promise.all([page.waitForURL(/\/sign-in/), page.click("form[action='/sign-out'] button")]);
    await page.goto(at("/cases"));
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await close(page);
  });
});

describe("a day of work", () => {
  it("decides a case by keys alone, under a layout of other letters", async () => {
    const page = await as("officer");
    await page.goto(at("/cases"));
    const rows = await page.locator("[data-row]").count();
    assert.ok(rows > 2, `${rows} cases`);
    // The place of the key counts: this one writes "о" on a Russian keyboard.
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyJ", key: "о", bubbles: true })));
    await page.waitForFunction(() => document.querySelectorAll("[data-row]")[1].getAttribute("aria-selected") === "true");
    const chosen = await page.locator("[data-row][aria-selected=true] a").first().getAttribute("href");
    await page.waitForFunction((href) => document.querySelector(`#peek a[href="${href}"]`), chosen.split("?")[0]);
    await page.keyboard.press("1");
    await page.waitForFunction(() => document.activeElement?.id === "p-confirm");
    await page.keyboard.type("сверено с записью");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Control+Enter")]);
    await page.goto(at("/cases?view=confirmed"));
    assert.equal(await page.locator(`[data-row] a[href="${chosen.split("?")[0]}"]`).count() > 0, true, "it stands among the confirmed");
    await page.keyboard.press("Shift+Slash");
    await page.waitForSelector("dialog[open]");
    await close(page);
  });

  it("corrects a slot that the program read wrong, without a script, and shows both readings", async () => {
    for (const [scripts, width] of [[false, 390], [true, 1440]]) {
      const page = await as("officer", { scripts, width });
      const id = await link(page, "/cases?view=new", /^\/cases\/[^/?#]+$/);
      await page.goto(at(id));
      await Promise.all([page.waitForURL(/read=\w+/), page.locator(".slots tr.diff a.correct").first().click()]);
      const slot = new URL(page.url()).searchParams.get("read");
      assert.equal(new URL(page.url()).hash, "#reading");
      await page.fill("#reading [name=claimed]", "как в записи");
      await page.selectOption("#reading [name=result]", "same");
      await page.fill("#reading [name=note]", "сверено по тексту");
      await Promise.all([page.waitForNavigation(), page.click("#reading [value=correct-reading]")]);
      assert.equal(new URL(page.url()).pathname, id);
      const row = page.locator(`.slots tr:has(a[href*="read=${slot}"])`);
      assert.match(await row.textContent(), /как в записи/);
      assert.match(await row.textContent(), /совпадает/);
      const read = page.locator(".slots tr.read");
      assert.match(await read.textContent(), /сверено по тексту/);
      assert.match(await read.textContent(), /Программа читает так/);
      assert.match(await page.textContent("#h-line ~ *, section:has(#h-line)"), /Прочтение исправлено вручную/);
      await keep(page, `read-by-hand-${width}`);
      if (scripts) assert.deepEqual(await examine(page), []);
      await Promise.all([page.waitForNavigation(), read.locator("[value=drop-reading]").click()]);
      assert.equal(await page.locator(".slots tr.read").count(), 0);
      await close(page);
    }
  });

  it("says what it is busy with, and that a search is slow", async () => {
    const page = await as("officer");
    let answer;
    const held = new Promise((resolve) => { answer = resolve; });
    await page.route(/[?&]selected=/, async (route) => { await held; await route.continue(); });
    await page.goto(at("/cases"));
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyJ", bubbles: true })));
    await page.waitForSelector("#peek[aria-busy=true]");
    answer();
    await page.waitForSelector("#peek:not([aria-busy=true])");
    await page.goto(at("/search"));
    await page.route(/\/search\?/, () => {});
    await page.fill("#q", "область");
    // Nothing can be asked of a page while its next one is held back, so it is told beforehand to give up when it can.
    await page.evaluate(() => {
      const slow = document.querySelector("[data-slow]");
      new MutationObserver(() => {
        if (slow.textContent) sessionStorage.setItem("slow", slow.textContent);
        slow.querySelector("button")?.click();
      }).observe(slow, { childList: true });
    });
    await page.press("#q", "Enter", { noWaitAfter: true });
    await page.waitForFunction(() => sessionStorage.getItem("slow") && !document.querySelector("[data-slow]").textContent, null, { timeout: 15_000 });
    assert.equal(await page.evaluate(() => sessionStorage.getItem("slow")), "Ещё ищем. Прекратить");
    assert.equal(await page.inputValue("#q"), "область");
    await close(page);
  });

  it("writes a letter that a second person approves, and marks it as sent", async () => {
    const officer = await as("officer");
    await officer.goto(at("/cases?view=confirmed"));
    const id = await link(officer, "/cases?view=confirmed", /^\/cases\/[^/?#]+$/);
    await officer.goto(at(id));
    await Promise.all([officer.waitForURL(/letters\/new/), officer.keyboard.press("l")]);
    await officer.locator("[name=route]").first().check();
    // A text of one's own: for a passage that is too short for any proposed one the program asks for it.
    await officer.fill("[name=proposed]", "Верно то, что в записи.");
    const [made] = await Promise.all([officer.waitForNavigation(), officer.locator("form[method=post] button.primary").first().click()]);
    assert.equal(made.status(), 200, officer.url());
    const letter = new URL(officer.url()).pathname;
    assert.match(letter, /^\/letters\/\d{4}-\d+$/);
    await Promise.all([officer.waitForNavigation(), officer.click("[name=step][value=propose]")]);
    assert.equal(await officer.locator("[name=step][value=approve]").count(), 0, "nobody approves what is their own");
    const approver = await as("approver");
    await approver.goto(at(letter));
    await Promise.all([approver.waitForNavigation(), approver.click("[name=step][value=approve]")]);
    await officer.reload();
    await officer.fill("[name=how]", "почтой");
    await Promise.all([officer.waitForNavigation(), officer.locator("form:has([name=step][value=sent]) button").click()]);
    await officer.goto(at("/cases?view=sent"));
    assert.ok(await officer.locator(`a[href="${id}"]`).count(), "the case waits for an answer");
    await keep(officer, "sent");
    await close(approver);
    await close(officer);
  });

  it("sees that an outlet corrected its text, word by word", async () => {
    const page = await as("officer", { language: "en" });
    const id = await link(page, "/cases?view=closed", /^\/cases\/[^/?#]+$/);
    await page.goto(at(id));
    const publication = await link(page, id, /^\/publications\?/);
    await page.goto(at(publication));
    assert.ok(await page.locator("del").count() && await page.locator("ins").count(), "what went and what came is marked");
    await keep(page, "corrected");
    await close(page);
  });

  it("searches, saves the search with an alert's preview, and exports what the page counted", async () => {
    const page = await as("officer", { language: "en" });
    await page.goto(at("/cases"));
    await page.keyboard.press("/");
    await page.keyboard.type("область");
    await Promise.all([page.waitForURL(/\/search\?/), page.keyboard.press("Enter")]);
    assert.ok(await page.locator("mark").count(), "hits are marked");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("e")]);
    const rows = readFileSync(await download.path(), "utf8").trim().split("\n").length;
    const found = Number((await page.locator(".hits-head").first().innerText()).match(/\d+/)[0]);
    assert.equal(rows, found + 1, "a head and what the page counted");
    await Promise.all([page.waitForURL(/\/saved/), page.keyboard.press("s")]);
    await page.fill("#name", "regions");
    await Promise.all([page.waitForNavigation(), page.click("[name=do][value=try]")]);
    assert.match(await page.locator("[role=status]").first().innerText(), /\d/, "it says how many it would have told");
    await Promise.all([page.waitForNavigation(), page.click("[name=do][value=save]")]);
    assert.ok(await page.getByText("regions").count(), "it stands in the list");
    await close(page);
  });

  it("checks a draft before it is published", async () => {
    const page = await as("officer", { language: "en" });
    // A publication of an outlet: what an agency says in one language of its pages would be borne out by itself.
    const id = await link(page, "/cases?view=all&slot=place", /^\/cases\/[^/?#]+$/);
    await page.goto(at(id));
    const sentence = await page.locator(".side.pub blockquote").first().innerText();
    await page.goto(at("/check"));
    await page.fill("#text", sentence.replace(/\s+/g, " "));
    await page.fill("#published", "2025-08-01");
    await Promise.all([page.waitForNavigation(), page.locator("form[action='/check'] button.primary").click()]);
    assert.ok((await page.inputValue("#text")).length > 10, "the draft stays");
    assert.ok(await page.locator(".d-pub").count() && await page.locator(".d-off").count(), "what differs is marked beside the record");
    assert.deepEqual(await examine(page), []);
    await keep(page, "checked");
    await close(page);
  });

  it("adds a person, who sets a password by a link that works once", async () => {
    const page = await as("administrator", { language: "en" });
    await page.goto(at("/admin"));
    await page.fill("[name=id]", "newcomer");
    await Promise.all([page.waitForNavigation(), page.locator("form[action='/admin/users'] button.primary").click()]);
    const shown = await page.content();
    const address = shown.match(/http:\/\/127\.0\.0\.1:\d+\/link\?token=[0-9a-f]+/)?.[0];
    assert.ok(address, "a link is shown once");
    const newcomer = await open(browser, { address: demo.address, language: "en" });
    await newcomer.goto(address);
    for (const name of ["password", "again"]) await newcomer.fill(`[name=${name}]`, "a long and quiet river");
    await Promise.all([newcomer.waitForURL(/\/sign-in/), newcomer.locator("main button.primary").click()]);
    await signIn(newcomer, demo.address, "newcomer", "a long and quiet river");
    newcomer.expected.add("404");
    assert.equal((await newcomer.goto(address)).status(), 404);
    await close(newcomer);
    await page.goto(at("/admin/audit"));
    assert.ok(await page.getByText("newcomer").count(), "the log tells of it");
    await close(page);
  });

  it("leads from case to case by keys, shows all keys on any page, and exports a list as it is filtered", async () => {
    const page = await as("officer", { language: "ru" });
    await page.goto(at("/cases?view=all&lang=ru"));
    const shown = await page.locator("[data-row]").count();
    await page.keyboard.press("e");
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator("a[href^='/cases/export/cases.csv']").click()]);
    assert.equal(readFileSync(await file.path(), "utf8").trim().split("\n").length, shown + 1, "a head and what the list shows");
    await page.goto(at("/cases"));
    const [first, second] = await page.$$eval("[data-row] a.title", (links) => links.map((one) => one.getAttribute("href")));
    await page.goto(at(first));
    // By the place of the key, as under a Russian layout.
    const press = (code, key) => page.evaluate(([code, key]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true })), [code, key]);
    await Promise.all([page.waitForURL(at(second)), press("KeyJ", "о")]);
    await Promise.all([page.waitForURL(at(first)), press("KeyK", "л")]);
    await page.keyboard.press("Shift+Slash");
    await page.waitForSelector("dialog[open]");
    await keep(page, "keys");
    assert.deepEqual(await examine(page), []);
    await page.keyboard.press("Escape");
    await Promise.all([page.waitForURL(/\/publications\?/), press("KeyT", "е")]);
    const pdf = await page.goto(at(first)).then(() => page.pdf({ format: "A4" }));
    const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
    assert.ok(sheets <= 3, `a case prints on ${sheets} pages`);
    await close(page);
  });

  it("goes without scripts from sign-in to a decision and a search", async () => {
    const page = await as("officer", { scripts: false, language: "ru" });
    const id = await link(page, "/cases", /^\/cases\/[^/?#]+$/);
    await page.goto(at(id));
    await page.locator("[name=step][value=watch]").first().check();
    await Promise.all([page.waitForNavigation(), page.locator("#decision button.primary, form button.primary").last().click()]);
    await page.goto(at("/cases?view=watching"));
    assert.ok(await page.locator(`a[href="${id}"]`).count(), "the case is watched");
    await page.goto(at("/search?q=%D0%BE%D0%B1%D0%BB%D0%B0%D1%81%D1%82%D1%8C"));
    assert.ok(await page.locator("mark").count());
    await keep(page, "without-scripts");
    await close(page);
  });
});
