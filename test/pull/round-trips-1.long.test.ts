import { comeHome } from "./round-trips.ts";

/** 200 accounts take minutes: they are four files, so that several workers share them. */
comeHome(50, 1);
