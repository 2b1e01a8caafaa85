/**
 * Loaded before the program: its clock moves in steps that every small number divides. A plan reads a sample of objects
 * by the time, and so reads the same ones in each run.
 */
const STEP = 27_720;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length > 0) super(...args);
    else super(Math.floor(RealDate.now() / STEP) * STEP);
  }
};
