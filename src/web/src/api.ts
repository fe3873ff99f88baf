// The server, asked: everything goes through here. Nothing that a person types stands in a URL: questions go as bodies.
import { signal } from "@preact/signals";
import type { components } from "./api-types";
import { language } from "./texts";

export type Schema = components["schemas"];

/** The page's own folder, whatever prefix a proxy gives it. */
export const BASE = document.baseURI.replace(/[?#].*$/, "").replace(/[^/]*$/, "");

/** A key, where the server asks for one: in memory only. */
export const key = signal("");

/** Whether the last request reached the server. */
export const reachable = signal(true);

/** What the server refuses, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** The server does not answer. */
export class Unreachable extends Error {}

type Body = Blob | ArrayBuffer | string;

export interface Asked {
  method?: "GET" | "POST";
  json?: unknown;
  body?: Body;
  type?: string;
  accept?: string;
  signal?: AbortSignal;
}

/** A response that is not a refusal. */
export async function ask(path: string, asked: Asked = {}): Promise<Response> {
  const headers: Record<string, string> = { "accept-language": language.value };
  if (asked.accept) headers.accept = asked.accept;
  if (key.value) headers.authorization = `Bearer ${key.value}`;
  let body: Body | undefined = asked.body;
  if (asked.json !== undefined) {
    body = JSON.stringify(asked.json);
    headers["content-type"] = "application/json";
  } else if (asked.type) {
    headers["content-type"] = asked.type;
  }
  let response: Response;
  try {
    const method = asked.method ?? (body === undefined ? "GET" : "POST");
    response = await fetch(BASE + path, { method, headers, body, signal: asked.signal });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    reachable.value = false;
    throw new Unreachable();
  }
  reachable.value = true;
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as { code?: string; detail?: string } | null;
  throw new Refused(response.status, problem?.code ?? "unknown", problem?.detail ?? `${response.status}`);
}

/** What a path answers, as JSON. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, { signal })).json()) as T;
}

/** What a body is answered, as JSON. */
export async function post<T>(path: string, json: unknown, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, { json, signal })).json()) as T;
}

/** A path with a query of what is given. */
export function query(path: string, values: Record<string, string | number | boolean | undefined | null>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const pairs = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `${path}?${pairs.join("&")}` : path;
}

/** Whether an error is only that something else was asked meanwhile. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
