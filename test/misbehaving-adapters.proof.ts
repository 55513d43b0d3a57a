import { misbehavingAdapters } from "./misbehaving-adapters.ts";

misbehavingAdapters();
