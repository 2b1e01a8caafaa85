import { frozen, type Store, type Tables } from "./store.ts";

/** Reads return the state of this long ago. */
export interface Lag {
  readonly milliseconds: number;
  /** Only listings are late; an object that is read by its id is up to date. */
  readonly onlyLists?: boolean;
}

export interface Past {
  /** From now on reads are late; `undefined` ends it. */
  lag(lag: Lag | undefined): void;
  /** Called after every change. */
  note(): void;
  /** What a read of this route sees. */
  seen(path: string): Store;
}

const LISTS = /\/(?:assistants|versions|tests|mcp_servers|tools)$/;

export function createPast(store: Store, now: () => number): Past {
  let lag: Lag | undefined;
  let moments: { readonly at: number; readonly tables: Tables }[] = [];
  return {
    lag(next) {
      lag = next;
      moments = next === undefined ? [] : [{ at: Number.NEGATIVE_INFINITY, tables: frozen(store) }];
    },
    note() {
      if (lag !== undefined) moments.push({ at: now(), tables: frozen(store) });
    },
    seen(path) {
      if (lag === undefined || (lag.onlyLists === true && !LISTS.test(path))) return store;
      const until = now() - lag.milliseconds;
      const moment = moments.findLast(({ at }) => at <= until);
      return moment === undefined ? store : { ...store, ...moment.tables };
    },
  };
}
