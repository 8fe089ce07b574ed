/** A dead letter as it can be read. */

/** What kind of message it was by its topic: `lf/v1/{market}/{device}/{kind}`. */
export const kindOf = (topic: string): string => topic.split("/")[4] ?? topic;

/** JSON in lines, anything else as it came. */
export function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
