// The page: its parts, the panel of the one that is chosen, the map.
import { useErrorBoundary } from "preact/hooks";
import { reachable } from "./api";
import { Ask } from "./ask/Ask";
import { Draw } from "./draw/Draw";
import { Files } from "./files/Files";
import { Look } from "./look/Look";
import { Maps } from "./map/Maps";
import { Series } from "./series/Series";
import { PARTS, type Part, edition, editionId, editions, isDemo, part } from "./state";
import { language, setLanguage, t } from "./texts";
import { Alert, Select, announced } from "./ui";

export function App() {
  const [broken] = useErrorBoundary((error) => console.warn(error));
  const words = t.value;
  document.documentElement.lang = language.value === "fr" ? "fr-CA" : "en-CA";
  document.title = `${words.title} – ${words.parts[part.value]}`;
  const options = editions.value.map((known) => {
    const when = known.in_force ? ` – ${words.inForce}` : known.not_yet_in_force ? ` – ${words.notYet}` : "";
    return [known.id, `${known.label}${when}`] as [string, string];
  });
  // A revision answers as an edition does, and is in no list of editions.
  if (editionId.value && !edition.value) options.push([editionId.value, editionId.value]);
  return (
    <>
      <a class="skip" href="#panel" onClick={(event) => {
        event.preventDefault();
        document.getElementById("panel")?.focus();
      }}>
        {words.skip}
      </a>
      <header>
        <h1>{words.title}</h1>
        <nav aria-label={words.partsLabel}>
          {PARTS.map((known) => (
            <PartButton key={known} own={known} />
          ))}
        </nav>
        <Select id="edition" label={words.edition} value={editionId.value} options={options} change={(value) => (editionId.value = value)} hideLabel />
        <button type="button" class="language" lang={language.value === "fr" ? "en-CA" : "fr-CA"} aria-label={words.otherLanguageLabel} onClick={() => setLanguage(language.value === "fr" ? "en" : "fr")}>
          {words.otherLanguage}
        </button>
      </header>
      <main>
        <div class={`panel ${part.value === "files" || part.value === "series" ? "wide" : ""}`} id="panel" tabIndex={-1} role="region" aria-label={words.panelLabel}>
          {isDemo.value && (
            <p class="warning">
              <strong>{words.demo}</strong> {words.demoWords}
            </p>
          )}
          {!isDemo.value && edition.value && !edition.value.official && <p class="warning">{words.notOfficial}</p>}
          {!reachable.value && <Alert>{words.offline}</Alert>}
          {broken ? <Alert>{words.unexpected}</Alert> : <Chosen own={part.value} />}
        </div>
        <Maps />
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {announced.value}
      </p>
    </>
  );
}

function PartButton({ own }: { own: Part }) {
  return (
    <button type="button" aria-current={part.value === own ? "page" : undefined} onClick={() => (part.value = own)}>
      {t.value.parts[own]}
    </button>
  );
}

function Chosen({ own }: { own: Part }) {
  switch (own) {
    case "ask":
      return <Ask />;
    case "look":
      return <Look />;
    case "draw":
      return <Draw />;
    case "files":
      return <Files />;
    case "series":
      return <Series />;
  }
}
