import { assert, equal, findings, idle, middle, openPage, until, visit } from "./harness.mjs";

const BASE = "demo-2022-04-01";

/** A unit beside another CLSC, that CLSC, and where it is. */
async function someMove(server, within = ["06"]) {
  const { moves } = await server.post("v1/revisions/moves", { base: BASE, within, most: 5 });
  const units = await server.get("v1/units");
  return moves.map((move) => ({ ...move, lon: units.points[move.number * 2], lat: units.points[move.number * 2 + 1] }));
}

async function begin(page, server, name, hash = "#draw") {
  await visit(page, server, hash);
  await page.locator("#draw-name").fill(name);
  await page.locator("#draw-base").selectOption(BASE);
  await page.getByRole("button", { name: "Commencer" }).click();
  await page.locator("#draw-target").waitFor();
  await idle(page);
}

async function steps(page) {
  const words = await page.locator("summary", { hasText: "Étapes de la révision" }).innerText();
  return Number(/\((\d+)\)/.exec(words)[1]);
}

async function drag(page, from, to, count = 12) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= count; step += 1) await page.mouse.move(from.x + ((to.x - from.x) * step) / count, from.y + ((to.y - from.y) * step) / count);
  await page.mouse.up();
}

export async function a_stroke_moves_areas_shows_what_it_does_and_is_undone_and_redone({ server, browser }) {
  const [move] = await someMove(server);
  const page = await openPage(browser, server);
  await begin(page, server, "Un trait", `#draw?map=13/${move.lat}/${move.lon}`);
  await page.locator("#draw-target").selectOption(move.to);
  await page.getByRole("button", { name: "Peindre des aires" }).click();
  await centre(page, move);
  const at = await middle(page);
  await drag(page, at, { x: at.x + 30, y: at.y + 10 });
  await until(async () => (await steps(page)) === 1, "one step");
  await until(async () => (await page.locator("#effect-title ~ table").first().innerText()).includes("CLSC"), "the effect");
  await until(async () => (await page.locator("[role=status]").allInnerTexts()).some((words) => words.includes("enregistré")), "saved");
  await page.shot("draw");
  const ms = await page.locator("#effect-ms").getAttribute("data-ms");
  console.log(`     figures and limits after ${ms} ms`);
  equal(await findings(page), [], "accessibility");
  await page.getByRole("button", { name: "Défaire" }).click();
  await until(async () => (await steps(page)) === 0, "undone");
  await page.getByRole("button", { name: "Refaire" }).click();
  await until(async () => (await steps(page)) === 1, "redone");
  const kept = await server.get("v1/revisions");
  const own = kept.find((known) => known.name === "Un trait");
  equal(own.operations[0].transfers[0].to, move.to, "the server has it");
  await page.done();
}

/** Brings the map to a place, which it follows the URL to. */
async function centre(page, { lon, lat }, zoom = 13) {
  await page.waitForTimeout(700);
  await page.evaluate((hash) => (location.hash = hash), `#draw?map=${zoom}/${lat}/${lon}`);
  await page.waitForTimeout(300);
  await idle(page);
}

export async function a_piece_that_would_detach_is_held_back_and_told_why({ server, browser }) {
  const page = await openPage(browser, server);
  await begin(page, server, "Un morceau détaché");
  const units = await server.get("v1/units");
  const assigned = await server.get(`v1/editions/${BASE}/assignments`);
  const far = assigned.clsc.findIndex((code) => code.startsWith("11"));
  const unit = assigned.clsc_of_unit.indexOf(far);
  await page.locator("#draw-target").selectOption("06122");
  await page.locator("summary", { hasText: "Déplacer sans la souris" }).click();
  await page.locator("#draw-ids").fill(units.ids[unit]);
  await page.getByRole("button", { name: "Donner au CLSC qui reçoit" }).click();
  await until(async () => (await page.locator(".alert").innerText()).includes("se détacherait"), "the step is held");
  assert((await page.locator(".alert").innerText()).includes(units.ids[unit]), "the piece is not named");
  equal(await steps(page), 0, "nothing was taken");
  await page.keyboard.press("Escape");
  await until(async () => (await page.locator(".alert").count()) === 0, "given up");
  await page.locator("#draw-ids").fill("99999999");
  await page.getByRole("button", { name: "Donner au CLSC qui reçoit" }).click();
  await until(async () => (await page.locator(".alert").innerText()).includes("99999999"), "an unknown area is named");
  await page.done();
}

export async function territories_are_renamed_merged_and_made_from_a_panel_and_locks_hold({ server, browser }) {
  const [move] = await someMove(server);
  const page = await openPage(browser, server, { expectFailures: true });
  await begin(page, server, "Des opérations");
  await page.locator("#draw-target").selectOption(move.to);
  await page.locator("summary", { hasText: "Autres opérations" }).click();
  await page.locator("#form-kind").selectOption("rename");
  await page.locator("#form-which").selectOption(`clsc ${move.to}`);
  await page.locator("#form-name").fill("Nouveau nom");
  await page.getByRole("button", { name: "Ajouter" }).click();
  await until(async () => (await steps(page)) === 1, "renamed");
  await page.locator("#form-kind").selectOption("merge");
  await page.locator("#form-which").selectOption(move.from);
  await page.getByRole("button", { name: "Ajouter" }).click();
  await until(async () => (await steps(page)) === 2, "merged");
  await page.getByRole("button", { name: "Défaire" }).click();
  await until(async () => (await steps(page)) === 1, "undone");
  await page.locator("summary", { hasText: "Verrous" }).click();
  await page.getByRole("button", { name: "Tout verrouiller" }).click();
  await page.getByRole("button", { name: "Peindre des aires" }).click();
  await centre(page, move);
  const at = await middle(page);
  await drag(page, at, { x: at.x + 20, y: at.y });
  await page.waitForTimeout(500);
  equal(await steps(page), 1, "what is locked stays");
  await page.getByRole("button", { name: "Tout déverrouiller" }).click();
  await page.locator("#draw-pick").check();
  await page.getByRole("button", { name: "Lasso" }).click();
  await drag(page, { x: at.x - 60, y: at.y - 60 }, { x: at.x + 60, y: at.y - 60 }, 4);
  const box = [[-90, -90], [90, -90], [90, 90], [-90, 90], [-90, -85]];
  await page.mouse.move(at.x + box[0][0], at.y + box[0][1]);
  await page.mouse.down();
  for (const [x, y] of box.slice(1)) await page.mouse.move(at.x + x, at.y + y, { steps: 5 });
  await page.mouse.up();
  await until(async () => (await page.locator("#draw-pick").count()) === 1 && (await page.getByText(/aires choisies/).count()) > 0, "areas are picked by the lasso");
  await page.shot("draw-lasso");
  await page.done();
}

export async function a_stopped_server_and_a_reload_lose_nothing({ server, browser }) {
  const [move] = await someMove(server);
  const page = await openPage(browser, server, { expectFailures: true });
  await begin(page, server, "Sans serveur");
  await page.locator("#draw-target").selectOption(move.to);
  await page.locator("summary", { hasText: "Déplacer sans la souris" }).click();
  await server.stop();
  await page.locator("#draw-ids").fill(move.unit);
  await page.getByRole("button", { name: "Donner au CLSC qui reçoit" }).click();
  await until(async () => (await page.locator("#panel").innerText()).includes("pas encore sur le serveur"), "the step is kept here");
  await server.start();
  await until(async () => (await page.locator("#panel").innerText()).includes("Tout est enregistré"), "the step is sent");
  await page.reload();
  await until(() => page.getByRole("button", { name: "Sans serveur" }).isVisible(), "the revision after a reload");
  await page.getByRole("button", { name: "Sans serveur" }).click();
  await until(async () => (await steps(page)) === 1, "its step");
  await page.done();
}

export async function the_second_of_two_editors_is_told_and_nothing_is_written_over({ server, browser }) {
  const [move, other] = await someMove(server);
  const page = await openPage(browser, server, { expectFailures: true });
  await begin(page, server, "À deux");
  const own = (await server.get("v1/revisions")).find((known) => known.name === "À deux");
  await page.locator("#draw-target").selectOption(move.to);
  await page.locator("summary", { hasText: "Déplacer sans la souris" }).click();
  await server.post(`v1/revisions/${own.id}/operations`, { version: 1, operations: [{ op: "move_units", transfers: [{ to: other.to, units: [other.unit] }] }] });
  await page.locator("#draw-ids").fill(move.unit);
  await page.getByRole("button", { name: "Donner au CLSC qui reçoit" }).click();
  await until(async () => (await page.locator("#panel").innerText()).match(/Quelqu’un d’autre|\(2\)/), "the other is told of", 15_000);
  if (await page.getByRole("button", { name: /remettre mes/ }).isVisible()) await page.getByRole("button", { name: /remettre mes/ }).click();
  await until(async () => (await steps(page)) === 2, "both steps stand");
  const kept = await server.get(`v1/revisions/${own.id}`);
  equal(kept.operations.length, 2, "the server has both");
  await page.done();
}

export async function suggestions_come_and_are_applied_one_by_one({ server, browser }) {
  const [move] = await someMove(server);
  const page = await openPage(browser, server);
  await begin(page, server, "Suggestions");
  await page.locator("#draw-target").selectOption(move.to);
  await page.locator("summary", { hasText: "Suggestions" }).click();
  await page.getByRole("button", { name: "Meilleurs déplacements d’une aire" }).click();
  await until(async () => (await page.locator("#suggested-moves li").count()) > 0, "moves");
  await page.locator("#suggested-moves button", { hasText: "Appliquer" }).first().click();
  await until(async () => (await steps(page)) === 1, "one is applied");
  await page.getByRole("button", { name: "Chercher de meilleures cartes" }).click();
  await until(async () => (await page.locator("#suggested-maps li").count()) > 0 || (await page.getByText("Rien de mieux").count()) > 0, "maps");
  await page.shot("draw-suggest");
  await page.done();
}

export async function a_revision_goes_from_a_comment_to_its_publication_and_its_dossier_opens({ server, browser }) {
  const [move] = await someMove(server);
  const made = await server.post("v1/revisions", { name: "Tout le chemin", base: BASE, operations: [{ op: "move_units", transfers: [{ to: move.to, units: [move.unit] }] }] });
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#draw");
  await until(() => page.getByRole("button", { name: "Tout le chemin" }).isVisible(), "the list");
  await page.getByRole("button", { name: "Tout le chemin" }).click();
  await page.locator("summary", { hasText: "Suite de la révision" }).click();
  await page.locator("#flow-comment").fill("À revoir.");
  await page.getByRole("button", { name: "Commenter" }).click();
  await until(async () => (await page.locator("#panel").innerText()).includes("À revoir."), "the comment");
  await page.locator("#flow-opinion").fill("Avis favorable.");
  await page.getByRole("button", { name: "Donner l’avis" }).click();
  await until(async () => (await page.locator("#panel").innerText()).includes("Avis favorable."), "the opinion");
  await page.locator("#flow-copy").fill("Une copie");
  await page.getByRole("button", { name: "Dupliquer" }).click();
  await until(async () => (await page.locator("#panel strong").allInnerTexts()).includes("Une copie"), "the copy");
  await page.getByRole("button", { name: "Fermer la révision" }).click();
  await page.getByRole("button", { name: "Tout le chemin" }).click();
  await until(async () => (await page.locator("#panel strong").allInnerTexts()).includes("Tout le chemin"), "the first again");
  if (!(await page.getByRole("button", { name: "Soumettre" }).isVisible())) await page.locator("summary", { hasText: "Suite de la révision" }).click();
  const [dossier] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("button", { name: "Ouvrir le dossier" }).click()]);
  assert(dossier !== null, "the dossier");
  await page.getByRole("button", { name: "Soumettre" }).click();
  await until(async () => (await page.locator("#panel").innerText()).includes("soumise"), "submitted");
  const stands = await server.get(`v1/revisions/${made.id}`);
  equal(stands.state, "submitted", "the server has it");
  await page.done();
}

export async function a_stroke_over_many_areas_stays_quick({ server, browser }) {
  const [move] = await someMove(server);
  const page = await openPage(browser, server);
  await begin(page, server, "Un grand trait");
  await page.locator("#draw-target").selectOption(move.to);
  await page.getByRole("button", { name: "Peindre des aires" }).click();
  await page.locator("#draw-brush").selectOption("34");
  await centre(page, move, 11);
  const at = await middle(page);
  await page.evaluate(() => {
    const frames = [];
    let last = performance.now();
    const tick = (now) => {
      frames.push(now - last);
      last = now;
      if (!globalThis.framesDone) requestAnimationFrame(tick);
    };
    globalThis.frames = frames;
    requestAnimationFrame(tick);
  });
  await page.mouse.move(at.x - 200, at.y - 120);
  await page.mouse.down();
  for (let row = 0; row < 4; row += 1) {
    await page.mouse.move(at.x + (row % 2 === 0 ? 200 : -200), at.y - 120 + row * 60, { steps: 25 });
    await page.mouse.move(at.x + (row % 2 === 0 ? 200 : -200), at.y - 60 + row * 60, { steps: 5 });
  }
  const frames = await page.evaluate(() => {
    globalThis.framesDone = true;
    return globalThis.frames.slice(3);
  });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  frames.sort((a, b) => a - b);
  console.log(`     frames while painting: median ${frames[Math.floor(frames.length / 2)].toFixed(0)} ms, 95 % ${frames[Math.floor(frames.length * 0.95)].toFixed(0)} ms, of ${frames.length}`);
  await page.shot("draw-stroke");
  equal(await steps(page), 0, "a stroke that was given up leaves nothing");
  await page.done();
}
