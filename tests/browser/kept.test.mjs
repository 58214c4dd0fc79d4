// What a browser holds on to: typed text over an ended session, and a list over what changed meanwhile.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { close, examine, keep, open, signIn, signedIn, startBrowser, startDemo } from "./desk.mjs";

let demo;
let browser;

before(async () => { [demo, browser] = await Promise.all([startDemo(), startBrowser()]); });
after(async () => { await browser?.close(); await demo?.end(); });

const at = (path) => `${demo.address}${path}`;

/** A page of somebody who is signed in. */
const as = (id, options) => signedIn(browser, demo, id, options);

/** The addresses of the cases of a list, in its order. */
const rows = (page) => page.$$eval("[data-row] a.title", (links) => links.map((one) => one.getAttribute("href")));

/** Ends all other sessions of somebody, as the page of the account does. */
const endOthers = async (id) => {
  const page = await as(id);
  await page.goto(at("/account"));
  await Promise.all([page.waitForNavigation(), page.click("button[name=session][value=others]")]);
  await close(page);
};

describe("what somebody types", () => {
  const text = "сверено с записью, строка за строкой";

  it("stands in the form again for who typed it, and for nobody else", async () => {
    const page = await as("officer", { language: "ru" });
    await page.goto(at("/cases"));
    const [first] = await rows(page);
    await page.goto(at(first));
    await page.fill("#f-comment", text);
    await page.waitForSelector("#comment [data-kept]:not([hidden])");
    await page.goto(at("/overview"));
    await page.goto(at(first));
    assert.equal(await page.inputValue("#f-comment"), text);
    assert.match(await page.locator("#comment [data-unsent]").innerText(), /снова в форме/);
    // One that is left within a second of the last key is kept too.
    await page.check("#do-confirm");
    await page.fill("#f-note", "числа переставлены");
    await page.goto(at("/overview"));
    await page.goto(at(first));
    assert.equal(await page.inputValue("#f-note"), "числа переставлены");
    assert.ok(await page.isChecked("#do-confirm"));
    const other = await as("approver");
    await other.goto(at(first));
    assert.equal(await other.inputValue("#f-comment"), "");
    await close(other);
    for (const [width, dark, language] of [[390, false, "kk"], [1440, true, "kk"], [1440, false, "ru"], [390, true, "ru"]]) {
      const shown = await as("officer", { width, dark, language });
      for (const [name, path] of [["case", first], ["account", "/account"], ["queue", "/cases"]]) {
        await shown.goto(at(path));
        assert.deepEqual(await examine(shown), [], `${path} ${width} ${language}`);
        await keep(shown, `unsent-${name}-${language}-${width}${dark ? "-dark" : ""}`);
      }
      await close(shown);
    }
    // Sent, it is gone; discarded, too.
    await Promise.all([page.waitForNavigation(), page.locator("#comment button").first().click()]);
    assert.equal(await page.inputValue("#f-comment"), "");
    assert.ok(await page.getByText(text).count(), "the comment stands there");
    await Promise.all([page.waitForNavigation(), page.locator("#decision button[formaction]").click()]);
    assert.equal(await page.inputValue("#f-note"), "");
    await page.goto(at("/account"));
    assert.equal(await page.locator("#unsent").count(), 0);
    await close(page);
  });

  it("stays when the session ends, and goes on in the same page after a sign-in in another tab", async () => {
    const page = await as("officer", { language: "en" });
    page.expected.add("401");
    await page.goto(at("/check"));
    await page.fill("#text", "The number of thefts");
    await page.waitForSelector("[data-kept]:not([hidden])");
    await endOthers("officer");
    await page.locator("#text").press("End");
    await page.keyboard.type(" rose by 12%");
    await page.waitForSelector("#session-ended:not([hidden])", { timeout: 15_000 });
    await keep(page, "session-ended");
    assert.deepEqual(await examine(page), []);
    const [tab] = await Promise.all([page.waitForEvent("popup"), page.click("#session-ended a")]);
    await tab.waitForLoadState();
    await tab.fill("[name=id]", "officer");
    await tab.fill("[name=password]", demo.people.officer);
    await Promise.all([tab.waitForURL(at("/check")), tab.press("[name=password]", "Enter")]);
    assert.match(await tab.inputValue("#text"), /^The number of thefts/);
    await tab.close();
    await page.locator("#text").press("End");
    await page.keyboard.type(".");
    await page.waitForSelector("#session-ended", { state: "hidden", timeout: 15_000 });
    await Promise.all([page.waitForNavigation(), page.locator("form[action='/check'] button.primary").click()]);
    assert.equal(await page.inputValue("#text"), "The number of thefts rose by 12%.");
    await close(page);
  });

  it("is given back without scripts where nobody knows whose it was", async () => {
    const page = await as("officer", { scripts: false, language: "kk" });
    page.expected.add("401");
    await page.goto(at("/cases"));
    const [first] = await rows(page);
    await page.goto(at(first));
    await page.fill("#f-comment", text);
    await endOthers("officer");
    const [answer] = await Promise.all([page.waitForNavigation(), page.locator("#comment button").first().click()]);
    assert.equal(answer.status(), 401);
    assert.equal(await page.inputValue("textarea"), text);
    await keep(page, "signed-out");
    await Promise.all([page.waitForNavigation(), page.click("main a.btn.primary")]);
    await page.fill("[name=id]", "officer");
    await page.fill("[name=password]", demo.people.officer);
    await Promise.all([page.waitForURL(at(first)), page.press("[name=password]", "Enter")]);
    await close(page);
  });
});

describe("an open queue", () => {
  it("asks only while somebody sees it, says what changed, and moves no row", async () => {
    const page = await open(browser, { address: demo.address, language: "en" });
    await page.clock.install();
    await page.addInitScript(() => {
      let state = "visible";
      Object.defineProperty(document, "visibilityState", { get: () => state });
      window.turn = (next) => { state = next; document.dispatchEvent(new Event("visibilitychange")); };
    });
    await signIn(page, demo.address, "officer", demo.people.officer);
    const asked = [];
    page.on("request", (request) => { if (request.url().includes("/cases/news")) asked.push(request.url()); });
    await page.goto(at("/cases"));
    const before = await rows(page);
    const chosen = before.at(-1);
    const other = await as("approver", { scripts: false, language: "en" });
    await other.goto(at(chosen));
    await other.check("#do-watch");
    await Promise.all([other.waitForNavigation(), other.locator("#decision button.primary").click()]);
    await close(other);
    await page.evaluate(() => window.turn("hidden"));
    await page.clock.runFor(120_000);
    assert.deepEqual(asked, [], "nobody sees it");
    await page.evaluate(() => window.turn("visible"));
    await page.waitForFunction(() => document.querySelector("#news a"));
    assert.equal(asked.length, 1);
    assert.match(await page.locator("#news a").innerText(), /1 changed/);
    assert.deepEqual(await rows(page), before, "the rows stand where they stood");
    assert.equal(await page.locator("[data-view=new]").innerText(), String(before.length - 1));
    await page.clock.runFor(31_000);
    assert.equal(asked.length, 2);
    assert.deepEqual(await examine(page), []);
    await keep(page, "news");
    await Promise.all([page.waitForNavigation(), page.locator("#news a").click()]);
    assert.deepEqual(await rows(page), before.filter((one) => one !== chosen));
    assert.equal(await page.locator("#news").innerText(), "");
    await close(page);
  });
});
