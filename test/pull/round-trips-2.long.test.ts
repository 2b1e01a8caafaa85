import { comeHome } from "./round-trips.ts";

comeHome(50, 2);
