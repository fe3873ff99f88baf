// Small pieces that every part uses.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Refused, Unreachable, isGivenUp } from "./api";
import { t } from "./texts";

/** What a person is told of what went wrong. */
export function told(error: unknown): string {
  if (error instanceof Refused) return error.detail;
  if (error instanceof Unreachable) return t.value.offline;
  return t.value.unexpected;
}

/** Said aloud by screen readers, seen by nobody. */
export const announced = signal("");

export function Alert({ children }: { children: ComponentChildren }) {
  return (
    <p class="alert" role="alert">
      {children}
    </p>
  );
}

/** Rows of a name and what it has; a row without anything is left out. */
export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  const full = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl class="facts">
      {full.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Select(props: {
  id: string;
  label: string;
  value: string;
  options: [string, string][];
  change: (value: string) => void;
  hideLabel?: boolean;
}) {
  return (
    <p class="field">
      <label for={props.id} class={props.hideLabel ? "unseen" : ""}>
        {props.label}
      </label>
      <select id={props.id} value={props.value} onChange={(event) => props.change(event.currentTarget.value)}>
        {props.options.map(([value, name]) => (
          <option key={value} value={value} selected={value === props.value}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}

/** Hands a file to the person. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Runs work and tells what goes wrong; what was given up for something newer is nothing wrong. */
export async function attempt<T>(work: () => Promise<T>, fail: (words: string) => void): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isGivenUp(error)) {
      if (!(error instanceof Refused || error instanceof Unreachable)) console.warn(error);
      fail(told(error));
    }
    return undefined;
  }
}
