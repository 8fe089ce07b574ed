/** What the registers let one choose from, in the hub's order. */
export const KINDS = ["extinguisher", "hydrant", "alarm_button", "smoke_detector", "sprinkler", "exit_light", "exit_sign", "shutter", "light", "electric_box", "first_aid_kit", "notice_board"] as const;
export const OWNERS = ["market", "shop", "property", "fire", "utility", "municipal"] as const;
export const CONDITIONS = ["good", "faulty", "missing"] as const;
export const OFFICES = ["leader", "deputy"] as const;
export const WAYS = ["secret", "open"] as const;

/** `rows` but for those that `told` tells anew: what is seen moves to another page, and stands once. */
export function without<T extends { readonly id: string }>(rows: readonly T[], told: readonly T[]): T[] {
  const known = new Set(told.map(({ id }) => id));
  return rows.filter(({ id }) => !known.has(id));
}
