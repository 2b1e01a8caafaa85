/**
 * Loaded before the program: nothing is left to chance, and the clock moves in steps that every small number divides. A
 * plan reads a sample of objects by chance, or by its time, and so reads the same ones in each run.
 */
const STEP = 27_720;
const RealDate = Date;

Math.random = () => 0.5;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length > 0) super(...args);
    else super(Math.floor(RealDate.now() / STEP) * STEP);
  }
};
