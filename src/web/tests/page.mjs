import { assert, equal, findings, idle, openPage, until, visit } from "./harness.mjs";

export async function the_page_shows_a_map_soon_after_the_server_answers_and_its_policy_is_strict({ server, browser }) {
  const page = await openPage(browser, server);
  const response = await page.goto(server.url);
  const policy = response.headers()["content-security-policy"];
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data: blob:", "worker-src 'self'"]) assert(policy.includes(part), `${part} is not in ${policy}`);
  await idle(page);
  const ms = await page.evaluate(() => Math.round(performance.now()));
  console.log(`     first map after ${ms} ms`);
  const bytes = await page.evaluate(() => performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/app/")).reduce((sum, entry) => sum + entry.encodedBodySize, 0));
  assert(bytes > 100_000 && bytes < 600_000, `${bytes} bytes of script and style`);
  console.log(`     ${Math.round(bytes / 1000)} kB of script and style, compressed`);
  await page.shot("first");
  await page.done();
}

export async function the_page_is_french_first_english_by_one_click_and_says_that_it_is_the_demo({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server);
  equal(await page.locator("html").getAttribute("lang"), "fr-CA", "language");
  assert((await page.locator(".warning").innerText()).includes("Démonstration"), "the demo is not named");
  await page.getByRole("button", { name: "English" }).click();
  equal(await page.locator("html").getAttribute("lang"), "en-CA", "language");
  assert((await page.locator(".warning").innerText()).includes("Demonstration"), "the demo is not named");
  await page.reload();
  await idle(page);
  assert(await page.getByRole("heading", { name: "Which is my CLSC?" }).isVisible(), "the language is not kept");
  await page.done();
}

export async function no_part_has_a_finding_of_accessibility_in_either_language({ server, browser }) {
  for (const language of ["fr", "en"]) {
    const page = await openPage(browser, server);
    await visit(page, server, `?lang=${language}#ask`);
    for (const part of ["ask", "look", "draw", "files", "series"]) {
      await page.evaluate((hash) => (location.hash = hash), `#${part}`);
      await until(() => page.locator(`#${part}-title`).isVisible(), part);
      equal(await findings(page), [], `${part}, ${language}`);
    }
    await page.done();
  }
}

export async function everything_is_reached_by_the_keyboard({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server);
  const seen = new Set();
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.className || document.activeElement?.textContent?.slice(0, 20)));
  }
  for (const id of ["edition", "ask-box"]) assert(seen.has(id), `${id} is not reached: ${[...seen].join(", ")}`);
  assert([...seen].some((name) => String(name).includes("maplibregl-canvas")), "the map is not reached");
  await page.locator("#ask-box").fill("45,5088 -73,5542");
  await page.keyboard.press("Enter");
  await until(() => page.locator("#ask-sentence").isVisible(), "an answer by the keyboard");
  await page.done();
}

export async function a_phone_shows_it_without_a_scroll_to_the_side({ server, browser }) {
  const page = await openPage(browser, server, { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true });
  await visit(page, server);
  for (const part of ["ask", "look", "draw", "files", "series"]) {
    await page.evaluate((hash) => (location.hash = hash), `#${part}`);
    await until(() => page.locator(`#${part}-title`).isVisible(), part);
    const [width, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(width <= seen + 1, `${part}: ${width} wide on a screen of ${seen}`);
  }
  await page.shot("phone");
  await page.done();
}

export async function a_link_to_an_edition_that_is_gone_shows_the_one_in_force({ server, browser }) {
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#look?edition=nope&level=rls&code=99999");
  assert((await page.locator("#edition").inputValue()).startsWith("demo-"), "no edition is chosen");
  await until(() => page.locator(".alert").isVisible(), "an unknown territory is told");
  await page.done();
}

export async function without_a_script_asking_still_works({ server, browser }) {
  const page = await openPage(browser, server, { javaScriptEnabled: false });
  await page.goto(server.url);
  await page.locator("#place").fill("45,5088 -73,5542");
  await page.locator("form .ask button").click();
  assert((await page.locator("#answer").innerText()).includes("CLSC"), "no answer");
  assert(!page.url().includes("45"), `what was asked is in the URL: ${page.url()}`);
  await page.done();
}
