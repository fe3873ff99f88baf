import { assert, idle, middle, openPage, until, visit } from "./harness.mjs";

async function askFor(page, text) {
  await page.locator("#ask-box").fill(text);
  await page.locator("form button.main").click();
  await until(async () => (await page.locator("#answer").getAttribute("aria-busy")) === "false" && (await page.locator("#answer").innerText()) !== "", "an answer");
  return page.locator("#answer").innerText();
}

export async function a_position_in_every_usual_form_is_answered_by_one_clear_sentence_first({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server);
  for (const text of ["45,5088 -73,5542", "45.5088, -73.5542", "45°30'31.7\"N 73°33'15.1\"O", "-73.5542;45.5088"]) {
    const answer = await askFor(page, text);
    assert(answer.startsWith("Votre CLSC est Montréal - Centre-Ville (06324)."), `${text}: ${answer.slice(0, 80)}`);
  }
  assert((await page.locator("#answer").innerText()).includes("RUISSS"), "the levels are not told");
  assert(!page.url().includes("45"), `what was asked is in the URL: ${page.url()}`);
  await idle(page);
  await page.shot("ask");
  await page.done();
}

export async function an_address_is_completed_by_post_and_its_doubt_is_said_and_drawn({ server, browser }) {
  const page = await openPage(browser, server);
  const asked = [];
  page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  await visit(page, server);
  await page.locator("#ask-box").pressSequentially("boul. saint-l", { delay: 20 });
  await until(async () => (await page.locator("#ask-list option").count()) > 0, "completions");
  const answer = await askFor(page, "1200, boul. Saint-Laurent, Montréal");
  assert(answer.length > 20, answer);
  assert(!asked.some((line) => /laurent|saint-l/i.test(decodeURIComponent(line))), "an address stands in a URL");
  await page.locator("summary", { hasText: "Précision" }).click();
  await page.locator("#ask-metres").fill("5000");
  const doubtful = await askFor(page, "45.5088, -73.5542");
  assert(doubtful.includes("pourrait aussi"), `no doubt is said: ${doubtful.slice(0, 200)}`);
  await idle(page);
  await page.shot("ask-doubt");
  await page.done();
}

export async function a_click_on_the_map_asks_and_what_is_nowhere_is_said_plainly({ server, browser }) {
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#look?map=11/45.55/-73.6");
  await page.evaluate(() => (location.hash = "#ask?map=11/45.55/-73.6"));
  const at = await middle(page);
  await page.mouse.click(at.x, at.y);
  await until(async () => (await page.locator("#answer").innerText()).startsWith("Votre CLSC"), "an answer to a click");
  const nowhere = await askFor(page, "12345 rue Qui N'Existe Pas, Nulleville");
  assert(nowhere.length > 10 && !nowhere.startsWith("Votre CLSC"), nowhere);
  const paris = await askFor(page, "48.8566 N, 2.3522 E");
  assert(!paris.startsWith("Votre CLSC"), paris);
  await page.done();
}

export async function a_municipality_of_several_clsc_shows_them({ server, browser }) {
  const page = await openPage(browser, server);
  await visit(page, server);
  const answer = await askFor(page, "Montréal");
  assert(/CLSC possibles|Plusieurs CLSC|plus qu’un lieu/.test(answer), answer.slice(0, 200));
  await page.shot("ask-municipality");
  await page.done();
}
