// Signing in at a provider and out again, there too, in a real browser with the policy of the pages in force.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { close, examine, keep, open, startBrowser } from "./desk.mjs";
import { startDesk, startProvider } from "./provider.mjs";

let provider;
let desk;
let browser;

before(async () => {
  [provider, browser] = await Promise.all([startProvider(), startBrowser()]);
  desk = await startDesk(provider);
});
after(async () => { await browser?.close(); await desk?.end(); await provider?.end(); });

for (const scripts of [true, false]) {
  it(`ends the session at the provider with the one here, ${scripts ? "with" : "without"} scripts`, async () => {
    const page = await open(browser, { address: desk.address, language: "en", scripts });
    await page.goto(`${desk.address}/account`);
    await Promise.all([page.waitForURL(`${desk.address}/account`), page.click("a[href^='/sign-in/provider']")]);
    assert.ok(provider.signedIn);
    await Promise.all([page.waitForURL(/done=out-there/), page.click("form[action='/sign-out'] button")]);
    assert.match(await page.locator("[role=status]").innerText(), /with the provider/);
    if (scripts) {
      assert.deepEqual(await examine(page), []);
      await keep(page, "signed-out-there");
    }
    assert.equal(provider.signedIn, false, "nobody is signed in there any more");
    const asked = provider.left.at(-1);
    assert.equal(asked.post_logout_redirect_uri, `${desk.address}/sign-out/return`);
    await page.goto(`${desk.address}/account`);
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await close(page);
  });
}
