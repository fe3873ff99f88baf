// Operations that are no stroke: split, merge, create, close, rename, recode, re-parent.
import { signal } from "@preact/signals";
import { type Level, territories } from "../state";
import { t } from "../texts";
import { Select } from "../ui";
import { clscNow } from "./Tools";
import { clscOf, moveTo, picked, repaint, setPicked, target } from "./map";
import { type Operation, step, units } from "./scenario";

type Kind = "merge" | "close" | "rename" | "recode" | "move_clsc_to_rls" | "move_rls_to_rts" | "move_rts_to_rss" | "move_clsc_to_ruisss";

const kind = signal<Kind>("merge");
const which = signal("");
const into = signal("");
const text = signal("");
const code = signal("");
const fresh = signal("");

function listOf(level: Level): [string, string][] {
  if (level === "clsc") return clscNow().map(([known, name]) => [known, `${known} ${name}`]);
  return territories.value.filter((known) => known.level === level).map((known) => [known.code, `${known.code} ${known.name}`]);
}

/** The levels that a kind names: what changes, and what it goes into. */
const LEVELS: Record<Kind, [Level | null, Level | null]> = {
  merge: ["clsc", null],
  close: ["clsc", null],
  rename: [null, null],
  recode: [null, null],
  move_clsc_to_rls: [null, "rls"],
  move_rls_to_rts: ["rls", "rts"],
  move_rts_to_rss: ["rts", "rss"],
  move_clsc_to_ruisss: [null, "ruisss"],
};

function operation(): Operation | null {
  const [named, parent, words, codeNow] = [which.value, into.value, text.value.trim(), code.value.trim()];
  const [level, own] = named.split(" ") as [Level, string | undefined];
  switch (kind.value) {
    case "merge":
      return named && target.value && named !== target.value ? { op: "merge", into: target.value, from: [named] } : null;
    case "close": {
      const inside = (units.value?.ids ?? []).map((_, unit) => unit).filter((unit) => clscOf(unit) === named);
      const move = moveTo(target.value, inside);
      return named && target.value && move.op === "move_units" ? { op: "close", clsc: named, homes: move.transfers } : null;
    }
    case "rename":
      return own && words ? { op: "rename", level, code: own, name: words } : null;
    case "recode":
      return own && codeNow ? { op: "recode", level, code: own, new_code: codeNow } : null;
    case "move_clsc_to_rls":
      return target.value && parent ? { op: "move_clsc_to_rls", clsc: target.value, rls: parent } : null;
    case "move_rls_to_rts":
      return named && parent ? { op: "move_rls_to_rts", rls: named, rts: parent } : null;
    case "move_rts_to_rss":
      return named && parent ? { op: "move_rts_to_rss", rts: named, rss: parent } : null;
    case "move_clsc_to_ruisss":
      return target.value && parent ? { op: "move_clsc_to_ruisss", clsc: target.value, ruisss: parent } : null;
  }
}

export function Forms() {
  const words = t.value.draw;
  const [subject, parent] = LEVELS[kind.value];
  const anyTerritory = kind.value === "rename" || kind.value === "recode";
  const choices: [string, string][] = anyTerritory
    ? territories.value.map((known) => [`${known.level} ${known.code}`, `${t.value.short[known.level]} ${known.code} ${known.name}`])
    : subject
      ? listOf(subject)
      : [];
  const ready = operation();
  return (
    <details>
      <summary>{words.more}</summary>
      {picked.value.size > 0 && <NewClsc />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const asked = operation();
          if (asked) void step([asked]).then(repaint);
        }}
      >
        <Select
          id="form-kind"
          label={words.form}
          value={kind.value}
          options={Object.entries(words.forms)}
          change={(value) => {
            kind.value = value as Kind;
            which.value = "";
            into.value = "";
          }}
        />
        {choices.length > 0 && <Select id="form-which" label={words.which} value={which.value} options={[["", "—"], ...choices]} change={(value) => (which.value = value)} />}
        {parent && <Select id="form-into" label={words.into} value={into.value} options={[["", "—"], ...listOf(parent)]} change={(value) => (into.value = value)} />}
        {kind.value === "rename" && (
          <p class="field">
            <label for="form-name">{words.newName}</label>
            <input id="form-name" value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
          </p>
        )}
        {kind.value === "recode" && (
          <p class="field">
            <label for="form-code">{words.newCode}</label>
            <input id="form-code" inputMode="numeric" value={code.value} onInput={(event) => (code.value = event.currentTarget.value)} />
          </p>
        )}
        <button type="submit" disabled={!ready}>
          {words.add}
        </button>
      </form>
    </details>
  );
}

/** Units that are picked become a CLSC: a split where they come from one, a creation where from several. */
function NewClsc() {
  const words = t.value.draw;
  const make = async () => {
    const list = [...picked.value];
    const ids = list.map((unit) => units.value?.ids[unit] ?? "");
    const homes = new Set(list.map(clscOf));
    const [home] = homes;
    const clsc = { code: code.value.trim(), name: fresh.value.trim(), units: ids };
    const asked: Operation = homes.size === 1 && home ? { op: "split", clsc: home, parts: [clsc] } : { op: "create", clsc };
    if (await step([asked])) {
      setPicked(new Set());
      target.value = clsc.code;
    }
    repaint();
  };
  return (
    <fieldset>
      <legend>{words.newClsc}</legend>
      <p class="hint">{words.splitNote}</p>
      <p class="field">
        <label for="new-code">{words.newCode}</label>
        <input id="new-code" inputMode="numeric" value={code.value} onInput={(event) => (code.value = event.currentTarget.value)} />
      </p>
      <p class="field">
        <label for="new-name">{words.newName}</label>
        <input id="new-name" value={fresh.value} onInput={(event) => (fresh.value = event.currentTarget.value)} />
      </p>
      <button type="button" disabled={!code.value.trim() || !fresh.value.trim()} onClick={() => void make()}>
        {words.pickedNew}
      </button>
    </fieldset>
  );
}
