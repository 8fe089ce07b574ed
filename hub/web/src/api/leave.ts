/** Leave as it is asked for on a phone: of a shop, or of a guard, who may also wish. Days are the market's own dates. */
import type { Named, Word } from "./people.ts";

export interface ShopLeave {
  readonly id: string;
  readonly shop: Named;
  readonly first: string;
  readonly last: string;
  readonly reason: string;
  readonly state: Word;
  /** What was said to it when it was decided. */
  readonly answer: string;
  /** Days on which the shop has a turn all the same. */
  readonly turns: readonly string[];
  readonly may: readonly string[];
}
export interface OwnLeave {
  readonly id: string;
  readonly person: Named;
  readonly kind: Word;
  readonly first: string;
  readonly last: string;
  readonly shift: string | null;
  readonly state: Word;
  readonly may_withdraw: boolean;
}
