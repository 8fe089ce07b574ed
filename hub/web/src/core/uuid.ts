/** Ids that are made where no hub is there to give one. */

/** A UUID of version 7, RFC 9562: milliseconds first, then 74 bits of `random`, of which ten bytes are taken. */
export function uuid7(ms: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  for (let i = 0, rest = ms; i < 6; i += 1, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256;
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
