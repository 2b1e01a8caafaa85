import { endures } from "./fault-matrix.ts";

endures(
  "update things",
  "update an assistant",
  "update of tags alone",
  "update a trial",
  "update under a trial",
  "move",
);
