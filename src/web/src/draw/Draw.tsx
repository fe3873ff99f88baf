// Draw: the list of revisions, then the one that is worked on.
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { key } from "../api";
import { editionId, editions } from "../state";
import { t } from "../texts";
import { Alert, Select } from "../ui";
import { Effect } from "./Effect";
import { Forms } from "./Forms";
import { Locks, Tools } from "./Tools";
import { Suggest } from "./Suggest";
import { Workflow } from "./Workflow";
import { giveUp } from "./map";
import { begin, canRedo, canStore, canUndo, conflict, discard, held, isDraft, keptWork, leave, loadList, openRevision, operations, problem, redo, resume, revisions, saveNew, scenario, sending, settle, step, undo, work } from "./scenario";
import { said } from "../texts";

const name = signal("");
const baseId = signal("");

export function Draw() {
  useEffect(() => {
    if (!work.value) void loadList();
  }, []);
  return (
    <section aria-labelledby="draw-title">
      <h2 id="draw-title">{t.value.draw.title}</h2>
      {work.value ? <Working /> : <List />}
    </section>
  );
}

function List() {
  const words = t.value.draw;
  const options = editions.value.map((known) => [known.id, `${known.label} (${known.id})`] as [string, string]);
  const local = keptWork.value.filter((known) => known.id.startsWith("new-") || known.pending.length > 0);
  return (
    <>
      <p>{words.intro}</p>
      {canStore.value === false && <p class="hint">{words.noStore}</p>}
      {problem.value && <Alert>{problem.value}</Alert>}
      <Key />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.value.trim()) void begin(name.value.trim(), baseId.value || editionId.value);
        }}
      >
        <h3>{words.newOne}</h3>
        <p class="field">
          <label for="draw-name">{words.nameLabel}</label>
          <input id="draw-name" required value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </p>
        <Select id="draw-base" label={words.baseLabel} value={baseId.value || editionId.value} options={options} change={(value) => (baseId.value = value)} />
        <button type="submit" class="main">
          {words.begin}
        </button>
      </form>
      {local.length > 0 && (
        <>
          <h3>{words.kept}</h3>
          <ul class="plain">
            {local.map((known) => (
              <li key={known.id} class="row">
                <span>{known.name}</span>
                <button type="button" onClick={() => void resume(known)}>
                  {words.resume}
                </button>
                <button type="button" onClick={() => void discard(known.id)}>
                  {words.discard}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {canStore.value && (
        <>
          <h3>{words.list}</h3>
          {revisions.value.length === 0 && <p class="hint">{words.listEmpty}</p>}
          <ul class="choices">
            {revisions.value.map((known) => (
              <li key={known.id}>
                <button type="button" onClick={() => void openRevision(known.id)}>
                  {known.name}
                </button>{" "}
                <small>
                  {words.states[known.state]}, {known.author}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** A key is asked for where it may be needed, and never kept. */
export function Key() {
  return (
    <details>
      <summary>{t.value.key}</summary>
      <p class="field">
        <label for="key" class="unseen">
          {t.value.key}
        </label>
        <input id="key" type="password" autocomplete="off" value={key.value} aria-describedby="key-help" onChange={(event) => {
          key.value = event.currentTarget.value.trim();
          void loadList();
        }} />
        <span class="hint" id="key-help">
          {t.value.keyHelp}
        </span>
      </p>
    </details>
  );
}

function Working() {
  const words = t.value.draw;
  const now = work.value;
  if (!now) return null;
  const state = scenario.value?.state ?? "draft";
  return (
    <>
      <p class="row">
        <strong>{now.name}</strong> <span class="hint">{words.states[state]}</span>
        <button type="button" onClick={leave}>
          {words.leave}
        </button>
      </p>
      <p class="hint" role="status">
        {!scenario.value ? words.localOnly : now.pending.length > 0 ? words.unsaved(now.pending.length) : sending.value ? t.value.loading : words.saved}
      </p>
      {!scenario.value && canStore.value && (
        <button type="button" onClick={() => void saveNew()}>
          {words.saveNow}
        </button>
      )}
      {problem.value && <Alert>{problem.value}</Alert>}
      {conflict.value && (
        <div class="alert" role="alert">
          <p>{words.conflict}</p>
          <p class="row">
            <button type="button" onClick={() => void settle(true)}>
              {words.conflictMine(now.pending.length)}
            </button>
            <button type="button" onClick={() => void settle(false)}>
              {words.conflictTheirs}
            </button>
          </p>
        </div>
      )}
      {held.value && (
        <div class="alert" role="alert">
          <p>{words.held}</p>
          <ul>
            {held.value.concerns.map((concern, place) => (
              <li key={place}>{said(concern)}</li>
            ))}
          </ul>
          <p class="row">
            <button type="button" onClick={() => held.value && void step(held.value.operations, true)}>
              {words.heldAnyway}
            </button>
            <button type="button" onClick={giveUp}>
              {t.value.cancel}
            </button>
          </p>
        </div>
      )}
      {isDraft.value && (
        <>
          <p class="row">
            <button type="button" disabled={!canUndo.value} onClick={() => void undo()}>
              {words.undo}
            </button>
            <button type="button" disabled={!canRedo.value} onClick={() => void redo()}>
              {words.redo}
            </button>
          </p>
          <Tools />
        </>
      )}
      <Effect />
      {isDraft.value && (
        <>
          <Locks />
          <Forms />
          <Suggest />
        </>
      )}
      <Workflow />
      <details>
        <summary>
          {words.operations} ({operations.value.length})
        </summary>
        <ol>
          {operations.value.map((operation, place) => (
            <li key={place}>{words.op[operation.op] ?? operation.op}</li>
          ))}
        </ol>
      </details>
    </>
  );
}
