import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, equal, findings, openPage, until, visit } from "./harness.mjs";

const folder = mkdtempSync(join(tmpdir(), "rattache-files-"));

function made(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export async function a_file_of_rows_is_recognised_attached_reviewed_and_downloaded({ server, browser }) {
  const rows = ["No;Nom;Latitude;Longitude;Adresse"];
  for (let row = 0; row < 300; row += 1) rows.push(`${row};"Ligne; ${row}";${(45.4 + (row % 20) / 100).toFixed(4).replace(".", ",")};${(-73.7 + row / 3000).toFixed(4).replace(".", ",")};`);
  rows.push("900;Sans position;;;rue Principale");
  rows.push("901;Introuvable;;;99999 rue Zzyzx, Nulleville");
  const path = made("patients.csv", `\uFEFF${rows.join("\r\n")}\r\n`);
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#files");
  await page.locator("#files-file").setInputFiles(path);
  await until(() => page.getByRole("heading", { name: "Colonnes reconnues" }).isVisible(), "the columns");
  equal(await page.locator("#role-2").inputValue(), "lat", "latitude is recognised");
  equal(await page.locator("#role-3").inputValue(), "lon", "longitude is recognised");
  await page.locator("button.main", { hasText: "Rattacher" }).click();
  await until(() => page.getByRole("button", { name: "Télécharger le résultat (CSV)" }).isVisible(), "the result");
  assert((await page.locator("#files-done").innerText()).includes("302"), await page.locator("#files-done").innerText());
  await until(() => page.locator("#review-title").isVisible(), "rows to review");
  await page.shot("files");
  equal(await findings(page), [], "accessibility");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Télécharger le résultat (CSV)" }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  const lines = text.trim().split(/\r?\n/);
  equal(lines.length, rows.length, "every row comes back");
  assert(lines[0].includes("rattache_clsc_code") && /;0\d{4};/.test(lines[1]), lines[1]);
  await page.done();
}

export async function columns_that_were_corrected_are_the_ones_that_are_read({ server, browser }) {
  const path = made("colonnes.csv", "a,b,latitude,longitude\n45.5088,-73.5542,1,1\n46.8139,-71.2080,1,1\n");
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#files");
  await page.locator("#files-file").setInputFiles(path);
  await until(() => page.locator("#role-0").isVisible(), "the columns");
  await page.locator("#role-2").selectOption("none");
  await page.locator("#role-3").selectOption("none");
  await page.locator("#role-0").selectOption("lat");
  await page.locator("#role-1").selectOption("lon");
  await page.locator("button.main", { hasText: "Rattacher" }).click();
  await until(() => page.getByRole("button", { name: "Télécharger le résultat (CSV)" }).isVisible(), "the result");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Télécharger le résultat (CSV)" }).click()]);
  assert(readFileSync(await download.path(), "utf8").includes("06324"), "the corrected columns were not read");
  await page.done();
}

export async function what_is_no_table_is_refused_in_words_and_a_very_large_file_does_not_stop_the_page({ server, browser }) {
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#files");
  const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  await page.locator("#files-file").setInputFiles(made("photo.csv", image));
  await until(() => page.locator(".alert").isVisible(), "an image is refused");
  const large = join(folder, "large.csv");
  const file = openSync(large, "w");
  writeSync(file, "lat,lon,note\n");
  const block = "45.5088,-73.5542,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(10_000);
  for (let written = 0; written < 200e6; written += block.length) writeSync(file, block);
  closeSync(file);
  await page.locator("#files-file").setInputFiles(large);
  await until(() => page.locator("#role-0").isVisible(), "its columns");
  await page.locator("button.main", { hasText: "Rattacher" }).click();
  await until(async () => (await page.locator("#files-done").count()) > 0, "its first rows", 60_000);
  await page.getByRole("button", { name: "Arrêter" }).click();
  await until(() => page.getByRole("button", { name: "Reprendre où l’on était" }).isVisible(), "it can go on");
  await page.done();
}

export async function a_series_is_checked_drawn_filtered_and_downloaded({ server, browser }) {
  const territories = await server.get("v1/territories?level=clsc&edition=demo-2017-07-01");
  const later = await server.get("v1/territories?level=clsc&edition=demo-2022-04-01");
  const rows = ["annee,code,valeur"];
  for (let year = 2013; year <= 2024; year += 1) for (const [place, known] of (year < 2022 ? territories : later).entries()) rows.push(`${year},${known.code},${100 + place + ((year * 7 + place * 13) % 11)}`);
  const page = await openPage(browser, server, { expectFailures: true });
  await visit(page, server, "#series");
  await page.locator("#series-file").setInputFiles(made("sejours.csv", `${rows.join("\n")}\n`));
  await page.locator("#series-to").selectOption("demo-2022-04-01");
  await page.locator("button.main", { hasText: "Vérifier" }).click();
  await until(() => page.locator("#series-verdicts").isVisible(), "the verdicts", 120_000);
  await until(async () => (await page.locator(".charts svg").count()) > 3, "the charts");
  await page.shot("series");
  equal(await findings(page), [], "accessibility");
  await page.locator("#series-filter").fill("16311");
  await until(async () => /^\s*12/.test(await page.locator("section p[role=status]").last().innerText()), "the filter");
  for (const name of ["Télécharger les verdicts (CSV)", "Télécharger la série ramenée (CSV)"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    assert(readFileSync(await download.path(), "utf8").includes("16311"), name);
  }
  await page.locator("#series-file").setInputFiles(made("rien.csv", "a,b\n1,2\n"));
  await page.locator("button.main", { hasText: "Vérifier" }).click();
  await until(() => page.locator(".alert").isVisible(), "a table without values is refused");
  await page.done();
}
