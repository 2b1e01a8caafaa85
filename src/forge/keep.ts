import type { Board, ClosableBoard, Post } from "./forge.ts";

export interface Kept {
  readonly outcome: "created" | "updated" | "unchanged";
  readonly post: Post;
}

/** The text that begins with `key` is there once: made the first time, and changed in place from then on. */
export async function keep(board: Board, key: string, text: string, title: string): Promise<Kept> {
  const post = await find(board, key);
  if (post === undefined) return { outcome: "created", post: await board.create(text, title) };
  if (post.text === text) return { outcome: "unchanged", post };
  return { outcome: "updated", post: await board.update(post, text) };
}

/** Undefined where there is nothing to close. */
export async function close(board: ClosableBoard, key: string, why: string): Promise<Post | undefined> {
  const post = await find(board, key);
  if (post !== undefined) await board.close(post, why);
  return post;
}

async function find(board: Board, key: string): Promise<Post | undefined> {
  for await (const post of board.own()) if (post.text.startsWith(key)) return post;
  return undefined;
}
