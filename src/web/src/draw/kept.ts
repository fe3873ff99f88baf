// Work kept in this browser until the server has it: a reload, a crash or a stopped server loses nothing.
import type { Operation } from "./scenario";

export interface Work {
  /** Identifier of the revision on the server; `new` for one that is not there. */
  id: string;
  name: string;
  base: string;
  /** The version that was seen, of one on the server. */
  version: number;
  /** Operations that the server had then. */
  saved: Operation[];
  /** Steps that it does not have yet, in order. */
  pending: Operation[][];
  /** Local steps that were taken back. */
  undone: Operation[][];
  at: string;
}

const NAME = "rattache";
const STORE = "work";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Keeps work; nothing to do where the browser keeps nothing, as in a private window. */
export async function keep(work: Work): Promise<boolean> {
  try {
    await run("readwrite", (store) => store.put(work));
    return true;
  } catch {
    return false;
  }
}

export async function forget(id: string): Promise<void> {
  try {
    await run("readwrite", (store) => store.delete(id) as IDBRequest<undefined>);
  } catch {
    // There is nothing to forget then.
  }
}

export async function listKept(): Promise<Work[]> {
  try {
    return await run("readonly", (store) => store.getAll() as IDBRequest<Work[]>);
  } catch {
    return [];
  }
}
