import { frozen, type Store, type Tables } from "./store.ts";

/** Reads return the state of this long ago. */
export interface Lag {
  readonly milliseconds: number;
  /** Only lists are late. An object that is read by its id is up to date. */
  readonly onlyLists?: boolean;
}

export interface Past {
  /** Delays reads from now on; `undefined` ends the delay. */
  lag(lag: Lag | undefined): void;
  /** Called after every change. */
  note(): void;
  /** The state that a read of this route gets. */
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
