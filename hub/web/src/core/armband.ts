/** Numbers of armbands as they are typed: one, several, or a row of them from … to …. */

export const MOST = 500;
const ROW = /^(\d{1,12})[-–—~～到](\d{1,12})$/;

/** Every number once, in the order in which it was typed; `0301-0320` stands for all from one to the other. */
export function numbers(typed: string): string[] {
  const found = new Set<string>();
  for (const part of typed.split(/[\s,，、;；]+/)) {
    if (!part) continue;
    const row = ROW.exec(part);
    if (!row) found.add(part.toUpperCase());
    else for (let at = Number(row[1]); at <= Number(row[2]) && found.size <= MOST; at++) found.add(String(at).padStart(row[1]!.length, "0"));
  }
  return [...found];
}

/** What can be done with an armband that is in this state; the hub's service/armband.py has the same table. */
export const ACTS: Readonly<Record<string, readonly ("issue" | "return" | "lose" | "find" | "retire")[]>> = {
  stored: ["issue", "lose", "retire"],
  issued: ["return", "lose"],
  lost: ["find", "retire"],
  retired: [],
};
