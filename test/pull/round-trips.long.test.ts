import { comeHome } from "./round-trips.ts";

comeHome(200);
