/** What several of these pages ask the hub for. */
import type { Name } from "../api/types.ts";
import { spots } from "../core/place.ts";
import { live } from "../state/live.svelte.ts";
import { code, name, t } from "../state/prefs.svelte.ts";

export const EVERY_MS = 30_000;

/** Roles that somebody can be given, in the order of the policy. */
export const ROLES = ["guard", "shop", "centre", "monitor", "dispatcher", "desk", "leader", "manager", "agency", "liaison", "district", "auditor", "admin", "volunteer"] as const;

export type Options = readonly (readonly [value: string, words: string])[];

/** Every place of the market above its shops. */
export const placeOptions = (): Options => (live.market ? spots(live.market).map((spot) => [spot.path, name(spot.name)] as const) : []);

/** A grant in words. */
export const grantWords = (grant: { readonly role: string; readonly node: { readonly name: Name } }): string =>
  t("people.at", { role: code("role", grant.role), place: name(grant.node.name) });
