/** A text of ours at a forge. */
export interface Post {
  /** In the API's paths. */
  readonly id: string;
  readonly text: string;
  /** For people. */
  readonly url: string;
}

/** A place where texts are put: the comments of one pull request, or the open issues of a repository. */
export interface Board {
  /** Only what this account wrote: text of others is never changed. */
  own(): AsyncIterable<Post>;
  create(text: string, title: string): Promise<Post>;
  update(post: Post, text: string): Promise<Post>;
}

export interface ClosableBoard extends Board {
  close(post: Post, why: string): Promise<void>;
}

export interface ProposalBoard extends ClosableBoard {
  readonly base: string;
}

/** GitHub or GitLab, as a job of their CI sees them. */
export interface Forge {
  readonly name: "GitHub" | "GitLab";
  /** The pull request or merge request that this run is about. */
  readonly change: number | undefined;
  /** The page of this run. */
  readonly run: string | undefined;
  /** The commit that people know, not one made for the test of a merge. */
  readonly commit: string | undefined;
  comments(change: number): Board;
  issues(): ClosableBoard;
  /** Open pull requests from one branch of the repository. */
  proposals(branch: string): ProposalBoard;
}

/** A failed request to a forge, with a message for people. */
export class ForgeError extends Error {
  override readonly name = "ForgeError";
  readonly status: number | undefined;
  /** Milliseconds until the forge takes requests again, where it limits their rate. */
  readonly wait: number | undefined;

  constructor(message: string, status?: number, wait?: number) {
    super(message);
    this.status = status;
    this.wait = wait;
  }
}
