import { statSync } from "node:fs";
import { assert, idle, middle, openPage, until, visit } from "./harness.mjs";

export async function territories_are_coloured_found_by_name_and_told_in_a_panel_and_the_view_stands_in_the_url({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server, "#look");
  await page.locator("#look-colour").selectOption("people");
  await until(async () => (await page.locator(".legend li").count()) === 4, "the legend of people");
  await page.locator("#look-search").fill("limoilou");
  await page.locator(".choices button").first().click();
  await until(() => page.locator("#territory-name").isVisible(), "the panel");
  const panel = await page.locator(".territory").innerText();
  for (const words of ["Personnes", "Fait partie de", "Voisins"]) assert(panel.includes(words), `${words} is not in ${panel}`);
  await idle(page);
  await page.shot("look");
  const url = page.url();
  assert(url.includes("code=") && url.includes("colour=people") && url.includes("map="), url);
  await page.reload();
  await until(() => page.locator("#territory-name").isVisible(), "the same view after a reload");
  assert(page.url() === url, `${page.url()} is not ${url}`);
  await page.done();
}

export async function a_click_chooses_a_territory_and_every_level_is_shown({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server, "#look?map=9/46.8/-71.2");
  for (const level of ["clsc", "rls", "rts", "rss", "ruisss"]) {
    await page.locator("#look-level").selectOption(level);
    await page.waitForTimeout(300);
    await idle(page);
    const at = await middle(page);
    await page.mouse.click(at.x, at.y);
    await until(async () => (await page.locator("#territory-name").innerText()).startsWith(level.toUpperCase()), `a territory of ${level}`);
  }
  await page.done();
}

export async function two_editions_are_compared_by_swipe_and_side_by_side({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server, "#look");
  const other = (await page.locator("#look-compare option").allTextContents()).length;
  assert(other > 1, "there is nothing to compare with");
  await page.locator("#look-compare").selectOption({ index: 1 });
  await page.locator("#other-map canvas").waitFor();
  await until(async () => (await page.locator(".legend li").count()) >= 3, "what became of territories");
  await until(() => page.locator("#other-map").getAttribute("data-idle"), "the other map");
  await page.shot("look-swipe");
  await page.locator(".divider input").fill("20");
  await page.locator("#look-mode").selectOption("side");
  await until(async () => {
    const [a, b] = [await page.locator("#map").boundingBox(), await page.locator("#other-map").boundingBox()];
    return Math.abs(a.width - b.width) < 10 && b.x + b.width <= a.x + 5;
  }, "side by side");
  await idle(page);
  await page.shot("look-side");
  await page.locator("#look-compare").selectOption("");
  await until(async () => (await page.locator("#other-map").count()) === 0, "one map again");
  await page.done();
}

export async function what_is_seen_is_handed_out_in_four_kinds_of_file({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server, "#look?map=8/46.8/-71.2");
  await page.locator("summary", { hasText: "Exporter" }).click();
  for (const [name, ending] of [["Image PNG", "png"], ["GeoJSON", "geojson"], ["GeoPackage", "gpkg"], ["CSV", "csv"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
    assert(download.suggestedFilename().endsWith(`.${ending}`), download.suggestedFilename());
    assert(statSync(await download.path()).size > 500, `${ending} is empty`);
  }
  await page.done();
}
