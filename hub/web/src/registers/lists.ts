/** What the registers let one choose from, in the hub's order. */
export const KINDS = ["extinguisher", "hydrant", "alarm_button", "smoke_detector", "sprinkler", "exit_light", "exit_sign", "shutter", "light", "electric_box", "first_aid_kit", "notice_board"] as const;
export const OWNERS = ["market", "shop", "property", "fire", "utility", "municipal"] as const;
export const CONDITIONS = ["good", "faulty", "missing"] as const;
export const OFFICES = ["leader", "deputy"] as const;
export const WAYS = ["secret", "open"] as const;
