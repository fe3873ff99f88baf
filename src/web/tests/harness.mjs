// A server on the demo, a browser, and pages in which nothing may go wrong unseen.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
export const SHOTS = process.env.SHOTS ?? join(tmpdir(), "rattache-map");
mkdirSync(SHOTS, { recursive: true });

export function assert(holds, words) {
  if (!holds) throw new Error(words);
}

export function equal(found, expected, words) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  assert(a === b, `${words}: ${a} is not ${b}`);
}

/** Waits until something holds: pages allow no code made of text, so the asking is done from here. */
export async function until(holds, words, most = 30_000) {
  const end = Date.now() + most;
  let last;
  for (;;) {
    try {
      last = await holds();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${words}: not within ${most} ms (${last instanceof Error ? last.message.split("\n")[0] : last})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server with a store of its own, which may be stopped and started again. */
export class Server {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "rattache-"));
  }

  async start() {
    this.port ??= await freePort();
    this.url = `http://127.0.0.1:${this.port}/`;
    const asked = ["serve", "--bind", `127.0.0.1:${this.port}`, "--store", join(this.folder, "store.db"), "--local-planner"];
    this.process = spawn(process.env.RATTACHE, asked, { stdio: ["ignore", "ignore", "pipe"] });
    let talk = "";
    this.process.stderr.on("data", (bytes) => (talk += bytes));
    await until(
      async () => {
        assert(this.process.exitCode === null, `the server ended: ${talk}`);
        return (await fetch(`${this.url}health`)).ok;
      },
      "the server answers",
      180_000,
    );
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
  }

  async get(path) {
    return (await fetch(this.url + path)).json();
  }

  async post(path, json) {
    const response = await fetch(this.url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) });
    return response.json();
  }

  async end() {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader"] });
}

/** A page that fails its test where a script errs, a policy is broken or anything of elsewhere is asked for. */
export async function openPage(browser, server, options = {}) {
  const { expectFailures = false, ...more } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true, locale: "fr-CA", ...more });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // What the server refuses, or a server that is gone, is told by the browser too.
    const network = /Failed to load resource|ERR_CONNECTION|AJAXError|NetworkError|Failed to fetch/.test(message.text());
    if (message.type() === "error" && !(expectFailures && network)) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:")) faults.push(`asked elsewhere: ${url}`);
  });
  page.check = () => assert(faults.length === 0, faults.join("\n"));
  page.shot = (name) => page.screenshot({ path: join(SHOTS, `${name}.png`) });
  page.done = async () => {
    page.check();
    await context.close();
  };
  return page;
}

/** Opens a view and waits for its map to stand still. */
export async function visit(page, server, hash = "") {
  await page.goto(`${server.url}${hash}`);
  await page.locator("#map").waitFor();
  await idle(page);
}

export async function idle(page) {
  await until(() => page.locator("#map").getAttribute("data-idle"), "the map stands still");
}

/** The middle of the map on the screen. */
export async function middle(page, id = "map") {
  const box = await page.locator(`#${id}`).boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** What automated rules of accessibility (WCAG 2.1 A and AA) find. */
export async function findings(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] });
    return found.violations.map((known) => `${known.id}: ${known.nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`);
  });
}
