// Starts the demo and a browser, and holds what every page must hold: no errors, nothing the policy blocks, no sideways scroll.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const root = new URL("../../", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = `${root}target/screenshots`;
mkdirSync(shots, { recursive: true });

/** Longest wait for the demo to have crawled its web and opened its port, in milliseconds. */
const START_MS = 180_000;

/** Starts `aigaq demo`; resolves to its address, who may sign in (id -> password), and a way to end it. */
export const startDemo = () =>
  new Promise((resolve, reject) => {
    const demo = spawn(`${root}target/debug/aigaq`, ["demo", "--port", "0"], { cwd: root });
    let said = "";
    const late = setTimeout(() => { demo.kill(); reject(new Error(`the demo did not start:\n${said}`)); }, START_MS);
    const hear = (bytes) => {
      said += bytes;
      const address = said.match(/the cases stand at (http:\/\/127\.0\.0\.1:\d+)\//)?.[1];
      const people = Object.fromEntries([...said.matchAll(/^ {2}(\w+) +([0-9a-f]{8,})$/gm)].map(([, id, password]) => [id, password]));
      if (!address || !people.officer) return;
      clearTimeout(late);
      resolve({ address, people, end: () => new Promise((ended) => { demo.once("exit", ended); demo.kill("SIGINT"); }) });
    };
    demo.stdout.on("data", hear);
    demo.stderr.on("data", hear);
    demo.once("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${said}`)));
  });

/** Chromium as root on a machine without a network. */
export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/**
 * A page in a context of its own. `faults` collects what the browser complained of; a status that a test asks for on
 * purpose is named in `expected`.
 */
export const open = async (browser, { width = 1440, dark = false, scripts = true, language = "ru", address, state } = {}) => {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: scripts,
    locale: language,
    storageState: state,
    acceptDownloads: true,
  });
  await context.addCookies([{ name: "language", value: language, url: address }]);
  const page = await context.newPage();
  const faults = [];
  page.expected = new Set();
  page.on("console", (message) => {
    const status = message.text().match(/status of (\d+)/)?.[1];
    if (message.type() === "error" && !page.expected.has(status)) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.faults = faults;
  return page;
};

/** Signs somebody in. */
export const signIn = async (page, address, id, password) => {
  await page.goto(`${address}/sign-in`);
  await page.fill("[name=id]", id);
  await page.fill("[name=password]", password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in")), page.press("[name=password]", "Enter")]);
};

/** What axe finds wrong on a page (WCAG 2.2 A and AA, and what is known to be good), and whether it scrolls sideways. */
export const examine = async (page) => {
  // The policy forbids scripts that are not the desk's; the browser's own evaluation is not subject to it.
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const faults = found.violations.map(
    (one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary ?? ""}`).join("; ")}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) faults.push(`scrolls sideways by ${overflow} px`);
  return faults;
};

/** Keeps a picture of the page beside the build. */
export const keep = (page, name) => page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });

/** A page of somebody of a demo who is signed in. */
export const signedIn = async (browser, demo, id, options = {}) => {
  const page = await open(browser, { address: demo.address, ...options });
  await signIn(page, demo.address, id, demo.people[id]);
  return page;
};

/** Ends a page that nothing may have complained of. */
export const close = async (page) => {
  assert.deepEqual(page.faults, []);
  await page.context().close();
};
