// The desk in a real browser: what people do all day, and what every page must hold. `node --test` runs it; ./test starts it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { examine, keep, open, signIn, startBrowser, startDemo } from "./desk.mjs";

const LANGUAGES = ["kk", "ru", "en"];
let demo;
let browser;

before(async () => { [demo, browser] = await Promise.all([startDemo(), startBrowser()]); });
after(async () => { await browser?.close(); await demo?.end(); });

/** A page of somebody who is signed in. */
const as = async (id, options = {}) => {
  const page = await open(browser, { address: demo.address, ...options });
  await signIn(page, demo.address, id, demo.people[id]);
  return page;
};
const at = (path) => `${demo.address}${path}`;
const close = async (page) => { assert.deepEqual(page.faults, []); await page.context().close(); };

/** Addresses of one page of each kind, found as a reader finds them: by following links. */
const places = async (page) => {
  const links = async (path, wanted) => {
    await page.goto(at(path));
    return page.$$eval("a[href]", (all) => all.map((one) => one.getAttribute("href"))).then((all) => all.find((href) => wanted.test(href)));
  };
  const found = {
    cases: "/cases",
    all: "/cases?view=all",
    case: await links("/cases?view=all", /^\/cases\/[^/?]+$/),
    nothing: "/cases?q=zzzzzz",
    search: "/search",
    hits: "/search?q=%D0%BE",
    none: "/search?q=zzzzzz",
    saved: "/saved",
    overview: "/overview",
    sources: "/sources",
    source: await links("/sources", /^\/sources\/[^/?]+$/),
    check: "/check",
    letters: "/letters",
    profile: "/profile",
  };
  found.publication = await links(found.case, /^\/publications\?/);
  found.record = await links(found.case, /^\/records\?/);
  found.draft = `${found.case}/letters/new`;
  return found;
};

describe("what every page holds", () => {
  it("is clean for axe, the policy and the console at both widths, in both looks and all languages", async () => {
    const guide = await as("officer");
    const all = await places(guide);
    await close(guide);
    for (const [name, path] of Object.entries(all)) assert.ok(path, `no link leads to a page of the kind ${name}`);
    for (const width of [390, 1440]) {
      for (const dark of [false, true]) {
        for (const language of LANGUAGES) {
          const page = await as("officer", { width, dark, language });
          for (const [name, path] of Object.entries(all)) {
            await page.goto(at(path));
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
  });

  it("shows an error as a page of the desk", async () => {
    const page = await as("officer");
    page.expected.add("404");
    for (const path of ["/cases/none", "/nowhere", "/sources/none"]) {
      const answer = await page.goto(at(path));
      assert.equal(answer.status(), 404, path);
      assert.deepEqual(await examine(page), [], path);
    }
    await close(page);
  });
});
