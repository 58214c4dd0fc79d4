// A provider of OpenID Connect on loopback that signs in whoever comes, and a desk that knows it.
import { execFileSync, spawn } from "node:child_process";
import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;
/** Longest wait for the desk to open its port, in milliseconds. */
const START_MS = 60_000;

const listen = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
const base64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Starts the provider; `signedIn` says whether somebody has a session there, `left` what it was asked to end. */
export const startProvider = async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const codes = new Map();
  const tokens = new Set();
  const provider = { signedIn: false, left: [] };
  const token = (code) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.address, aud: "desk", sub: "person-1", name: "Айша Омарова", iat: now, exp: now + 300, nonce: code.nonce };
    const signed = `${base64({ alg: "RS256", kid: "one" })}.${base64(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
  };
  const server = createServer(async (request, answer) => {
    const url = new URL(request.url, provider.address);
    const json = (value, status = 200) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    const lead = (to) => answer.writeHead(302, { location: to }).end();
    if (url.pathname === "/.well-known/openid-configuration") {
      const place = (path) => `${provider.address}${path}`;
      json({
        issuer: provider.address, authorization_endpoint: place("/authorize"), token_endpoint: place("/token"), jwks_uri: place("/keys"),
        end_session_endpoint: place("/leave"), response_types_supported: ["code"], subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      });
    } else if (url.pathname === "/keys") {
      json({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" }] });
    } else if (url.pathname === "/authorize") {
      const asked = Object.fromEntries(url.searchParams);
      const code = randomUUID();
      codes.set(code, asked);
      provider.signedIn = true;
      lead(`${asked.redirect_uri}?code=${code}&state=${encodeURIComponent(asked.state)}`);
    } else if (url.pathname === "/token") {
      let body = "";
      for await (const piece of request) body += piece;
      const sent = new URLSearchParams(body);
      const code = codes.get(sent.get("code"));
      codes.delete(sent.get("code"));
      const challenge = createHash("sha256").update(sent.get("code_verifier") ?? "").digest("base64url");
      if (!code || code.code_challenge !== challenge) return json({ error: "invalid_grant" }, 400);
      const given = token(code);
      tokens.add(given);
      json({ access_token: "access", token_type: "Bearer", id_token: given });
    } else if (url.pathname === "/leave") {
      const asked = Object.fromEntries(url.searchParams);
      provider.left.push(asked);
      if (tokens.has(asked.id_token_hint)) provider.signedIn = false;
      lead(`${asked.post_logout_redirect_uri}?state=${encodeURIComponent(asked.state)}`);
    } else {
      answer.writeHead(404).end();
    }
  });
  provider.address = `http://127.0.0.1:${await listen(server)}`;
  provider.end = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return provider;
};

/** Starts a desk at which people sign in at a provider. */
export const startDesk = async (provider) => {
  const folder = mkdtempSync(join(tmpdir(), "aigaq-"));
  const free = createServer();
  const port = await listen(free);
  await new Promise((done) => free.close(done));
  const address = `http://127.0.0.1:${port}`;
  const file = join(folder, "sources.toml");
  writeFileSync(file, `
[web]
origin = "${address}"
[oidc]
issuer = "${provider.address}"
client_id = "desk"
name = { kk = "Агенттік", ru = "Агентство", en = "The Agency" }
role = "officer"
allow_private_addresses = true
[[source]]
id = "police"
name = "Police"
url = "https://police.example/"
role = "official"
languages = ["ru"]
`);
  const places = ["--config", file, "--data", join(folder, "index")];
  // A record makes the data folder, without asking any machine.
  const record = join(folder, "record.html");
  writeFileSync(record, "<title>Итоги года</title><p>За год зарегистрировано 40 краж.</p>");
  execFileSync(`${root}target/debug/aigaq`, ["import", record, "--source", "police", "--url", "https://police.example/1", ...places], { cwd: root, stdio: "pipe" });
  const desk = spawn(`${root}target/debug/aigaq`, ["serve", "--port", String(port), ...places], { cwd: root });
  let said = "";
  for (const stream of [desk.stdout, desk.stderr]) stream.on("data", (bytes) => { said += bytes; });
  const until = Date.now() + START_MS;
  while (!(await fetch(`${address}/health/live`).then((answer) => answer.ok, () => false))) {
    if (desk.exitCode !== null || Date.now() > until) throw new Error(`the desk did not start:\n${said}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const end = async () => {
    await new Promise((done) => { desk.once("exit", done); desk.kill("SIGINT"); });
    rmSync(folder, { recursive: true });
  };
  return { address, end };
};
